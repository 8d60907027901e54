/** @file How figures are printed: percentiles, and how they stand to what is aimed at. */

export const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;

export const ms = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(1)} ms, p95 ${quantile(values, 0.95).toFixed(1)} ms (${values.length})`;

/** With the ratio of the 95th percentile to the aim in milliseconds: 1 or less is what is wanted. */
export const msOfAim = (values: readonly number[], aim: number): string =>
  `${ms(values)}: ${(quantile(values, 0.95) / aim).toFixed(2)} of the aim, ${aim} ms`;
