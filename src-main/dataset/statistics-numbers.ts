/** @file Many numbers to a distribution, many names to counts. */
import type { Counts, Distribution } from '../contract/figures.ts';

/** Counts values, in the order of first sight unless `order` names them. */
export type Tally = { add(label: string, count?: number): void; counts(order?: readonly string[]): Counts };

export function tally(): Tally {
  const found = new Map<string, number>();
  return {
    add: (label, count = 1) => void found.set(label, (found.get(label) ?? 0) + count),
    counts(order = []) {
      const labels = new Set([...order, ...found.keys()]);
      return [...labels].map((label) => ({ label, count: found.get(label) ?? 0 }));
    },
  };
}

/** Most first; equal ones by name. */
export const byCount = (counts: Counts): Counts =>
  counts.toSorted((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));

/** Lower ends of bins for whole numbers: each has its own up to `most`, which stands for all above as well. */
export const wholeBins = (first: number, most: number): number[] =>
  Array.from({ length: most - first + 1 }, (_, k) => first + k);

/**
 * @param bins lower ends, rising; the last bin has no upper end. Empty bins at the end are left out. Numbers below the
 * first are put into it.
 */
export function distributionOf(values: readonly number[], bins: readonly number[]): Distribution {
  const counts = bins.map(() => 0);
  for (const value of values) {
    let at = 0;
    while (at + 1 < bins.length && value >= bins[at + 1]!) at++;
    counts[at]!++;
  }
  const used = counts.findLastIndex((count) => count > 0) + 1;
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return {
    count: sorted.length,
    mean: sorted.length === 0 ? null : sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median:
      sorted.length % 2 === 1 ? sorted[half]! : sorted.length === 0 ? null : (sorted[half - 1]! + sorted[half]!) / 2,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    bins: bins.slice(0, used).map((from, k) => ({ from, to: bins[k + 1] ?? null, count: counts[k]! })),
  };
}
