/**
 * @file How sure a figure is: bootstrap intervals and a paired permutation test (Efron and Tibshirani, An Introduction
 * to the Bootstrap, chapters 13, 15 and 16). What is drawn are clusters (images): queries of one image are not
 * independent, and drawing them one by one would make the intervals too narrow. Everything follows from a seed.
 */

/** Numbers in [0, 1), the same for a seed on every machine (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Cases by cluster: case k belongs to cluster `of[k]`, 0 to count - 1. */
export type Clusters = { readonly of: Int32Array; readonly count: number };

export function clustersOf(keys: readonly string[]): Clusters {
  const numbers = new Map<string, number>();
  const of = Int32Array.from(keys, (key) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  return { of, count: numbers.size };
}

/** How often each case is in a sample of as many clusters, drawn with replacement. */
export function drawWeights(random: () => number, { of, count }: Clusters): Float64Array {
  const times = new Float64Array(count);
  for (let n = 0; n < count; n++) times[Math.floor(random() * count)]!++;
  return Float64Array.from(of, (cluster) => times[cluster]!);
}

/** A coin for each cluster, 0 or 1, by case. */
export function drawSides(random: () => number, { of, count }: Clusters): Float64Array {
  const sides = Float64Array.from({ length: count }, () => (random() < 0.5 ? 0 : 1));
  return Float64Array.from(of, (cluster) => sides[cluster]!);
}

export type Interval = readonly [low: number, high: number];

/** The percentile interval, between order statistics by linear interpolation; null for no values. */
export function percentileInterval(values: readonly number[], level = 0.95): Interval | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

/** Share of the permuted differences that are as far from 0 as the observed one, itself included, so never 0. */
export function permutationP(observed: number, permuted: readonly number[]): number {
  const limit = Math.abs(observed) * (1 - 1e-12);
  const as = permuted.filter((difference) => Math.abs(difference) >= limit).length;
  return (1 + as) / (1 + permuted.length);
}
