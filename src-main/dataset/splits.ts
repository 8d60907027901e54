/**
 * @file Dividing a dataset into splits. What is divided are groups of images that belong together (near-duplicates), so
 * that nothing of one split is seen in another; what is kept even are the strata of their queries. Greedy and then
 * improved by single moves until none helps, as iterative stratification does for one label after another (K. Sechidis et
 * al., "On the Stratification of Multi-label Data", ECML PKDD 2011), but for all of them at once. The same images, shares
 * and seed give the same splits, whatever order they come in.
 */
import type { SplitShare } from '../contract/release.ts';
import { seededKey } from './seeded.ts';

/** An image with its labels: `queries` and all strata of its queries, each with how often. */
export type SplitImage = {
  /** What names it for ever: the seed orders by it. */
  readonly key: string;
  /** Images with the same number stay together. */
  readonly group: number;
  readonly labels: ReadonlyMap<string, number>;
};

type Group = { readonly key: string; readonly members: number[]; readonly labels: Map<string, number> };

/** Rounds of moves; a few are enough, and each only ever makes the division better. */
const mostRounds = 30;

/** Answers the split of each image, an index into `shares`. Shares are taken in proportion. */
export function assignSplits(images: readonly SplitImage[], shares: readonly SplitShare[], seed: number): number[] {
  const groups = groupsOf(images);
  const totals = new Map<string, number>();
  for (const { labels } of groups) for (const [label, n] of labels) totals.set(label, (totals.get(label) ?? 0) + n);
  const whole = shares.reduce((sum, { share }) => sum + share, 0);
  const held = shares.map(() => new Map<string, number>());
  const chosen = new Int32Array(groups.length).fill(-1);

  /** What it costs that `sign` times the group is added to a split: chi-squared of what is there against what should be. */
  function costOf({ labels }: Group, split: number, sign: 1 | -1): number {
    const part = shares[split]!.share / whole;
    let cost = 0;
    for (const [label, n] of labels) {
      const wanted = totals.get(label)! * part;
      const before = (held[split]!.get(label) ?? 0) - wanted;
      const after = before + sign * n;
      cost += (after * after - before * before) / wanted;
    }
    return cost;
  }
  function put(group: Group, split: number, sign: 1 | -1): void {
    for (const [label, n] of group.labels) held[split]!.set(label, (held[split]!.get(label) ?? 0) + sign * n);
  }
  function best(group: Group): number {
    const costs = shares.map((_, split) => costOf(group, split, 1));
    return costs.indexOf(Math.min(...costs));
  }

  const order = inOrder(groups, totals, seed);
  for (const at of order) {
    chosen[at] = best(groups[at]!);
    put(groups[at]!, chosen[at]!, 1);
  }
  for (let round = 0, moved = true; moved && round < mostRounds; round++) {
    moved = false;
    for (const at of order) {
      const [group, from] = [groups[at]!, chosen[at]!];
      put(group, from, -1);
      const here = costOf(group, from, 1);
      const to = best(group);
      const better = costOf(group, to, 1) < here - 1e-9;
      if (better) [chosen[at], moved] = [to, true];
      put(group, chosen[at]!, 1);
    }
  }
  const splits = new Array<number>(images.length);
  for (const [at, { members }] of groups.entries()) for (const image of members) splits[image] = chosen[at]!;
  return splits;
}

function groupsOf(images: readonly SplitImage[]): Group[] {
  const groups: Group[] = [];
  for (const found of Map.groupBy(images.keys(), (k) => images[k]!.group).values()) {
    // By key, so that not even a rounding depends on the order in which the images came.
    const members = found.sort((a, b) => (images[a]!.key < images[b]!.key ? -1 : 1));
    const labels = new Map<string, number>();
    for (const k of members)
      for (const [label, n] of images[k]!.labels) labels.set(label, (labels.get(label) ?? 0) + n);
    groups.push({ key: images[members[0]!]!.key, members, labels });
  }
  return groups;
}

/** Large groups first, then those with the rarest label, since they have the fewest places; else as the seed says. */
function inOrder(groups: readonly Group[], totals: ReadonlyMap<string, number>, seed: number): number[] {
  const facts = groups.map(({ key, labels, members }, at) => ({
    at,
    key,
    size: members.length,
    rarest: Math.min(...[...labels.keys()].map((label) => totals.get(label)!)),
    drawn: seededKey(seed, key),
  }));
  const sorted = facts.sort(
    (a, b) => b.size - a.size || a.rarest - b.rarest || a.drawn - b.drawn || (a.key < b.key ? -1 : 1),
  );
  return sorted.map(({ at }) => at);
}
