/** @file What splits keep even: supercategory x kind of reasoning x number of instances of each query, together and each. */
import type { Balance, SplitShare } from '../contract/release.ts';
import type { SplitImage } from './splits.ts';
import type { ImageFacts, QueryFacts } from './statistics.ts';
import { unnamed } from './statistics.ts';

export const strataNames = ['supercategory', 'kind of reasoning', 'instances', 'all three'] as const;
export type StratumName = (typeof strataNames)[number];
export type Strata = Readonly<Record<StratumName, string>>;

/** Numbers of instances that count as alike. */
const buckets = [
  [0, 'nothing'],
  [1, '1'],
  [2, '2'],
  [5, '3 to 5'],
  [Number.POSITIVE_INFINITY, '6 or more'],
] as const;

/** @param supercategoryOf an instance; the one that most instances of the answer have stands for the query. */
export function strataOf(query: QueryFacts, supercategoryOf: (instanceId: number) => string): Strata {
  const counts = new Map<string, number>();
  for (const name of query.instanceIds.map(supercategoryOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const supercategory = sorted[0]?.[0] ?? '(nothing)';
  const reasoning = query.reasoningType ?? unnamed.reasoningType;
  const instances = buckets.find(([most]) => query.instanceIds.length <= most)![1];
  const all = `${supercategory}, ${reasoning}, ${instances}`;
  return { supercategory, 'kind of reasoning': reasoning, instances, 'all three': all };
}

export type StratifiedImage = { readonly facts: ImageFacts; readonly strata: readonly Strata[] };

/** The labels of an image for `assignSplits`: sizes count as much as all strata together. */
export function labelsOf({ strata }: Pick<StratifiedImage, 'strata'>): SplitImage['labels'] {
  const labels = new Map<string, number>([['images', 1]]);
  const add = (label: string) => labels.set(label, (labels.get(label) ?? 0) + 1);
  for (const each of strata) {
    add('queries');
    for (const name of strataNames) add(`${name}: ${each[name]}`);
  }
  return labels;
}

/** @param splits of each image, as `assignSplits` answers. @param groups of each image. */
export function balanceOf(
  images: readonly StratifiedImage[],
  splits: readonly number[],
  groups: readonly number[],
  shares: readonly SplitShare[],
): Balance {
  const whole = shares.reduce((sum, { share }) => sum + share, 0);
  const queries = images.reduce((sum, { strata }) => sum + strata.length, 0);
  const inSplit = (split: number) => images.filter((_, k) => splits[k] === split);
  return {
    splits: shares.map(({ name, share }, split) => {
      const here = inSplit(split);
      const asked = here.reduce((sum, { strata }) => sum + strata.length, 0);
      return {
        name,
        wanted: share / whole,
        got: queries === 0 ? 0 : asked / queries,
        groups: new Set(groups.filter((_, k) => splits[k] === split)).size,
        images: here.length,
        queries: asked,
        instances: here.reduce(
          (sum, { facts }) => sum + new Set(facts.queries.flatMap(({ instanceIds }) => instanceIds)).size,
          0,
        ),
      };
    }),
    deviations: strataNames.map((of) => ({ of, ...worstOf(images, splits, shares, of) })),
  };
}

/** The value whose part in a split is farthest from its part in the whole. */
function worstOf(
  images: readonly StratifiedImage[],
  splits: readonly number[],
  shares: readonly SplitShare[],
  of: StratumName,
): Pick<Balance['deviations'][number], 'worst' | 'deviation'> {
  const whole = new Map<string, number>();
  const parts = shares.map(() => new Map<string, number>());
  for (const [k, { strata }] of images.entries()) {
    for (const each of strata) {
      for (const counts of [whole, parts[splits[k]!]!]) counts.set(each[of], (counts.get(each[of]) ?? 0) + 1);
    }
  }
  const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
  let worst: Balance['deviations'][number]['worst'] = null;
  let deviation = 0;
  for (const [split, counts] of parts.entries()) {
    const asked = sum(counts);
    if (asked === 0) continue;
    for (const [value, n] of whole) {
      const [everywhere, here] = [n / sum(whole), (counts.get(value) ?? 0) / asked];
      if (worst !== null && Math.abs(here - everywhere) <= deviation) continue;
      deviation = Math.abs(here - everywhere);
      worst = { value, split: shares[split]!.name, whole: everywhere, here };
    }
  }
  return { worst, deviation };
}
