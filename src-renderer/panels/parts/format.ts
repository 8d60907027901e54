/** @file Numbers as people read them. */

export function bytes(value: number): string {
  if (value < 1000) return `${value} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let amount = value / 1000;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]}`;
}

export function milliseconds(value: number): string {
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const count = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString()} ${value === 1 ? one : many}`;

/** Whole per cent, never 100 before the end. */
export const percent = (done: number, total: number): number =>
  total <= 0 ? 0 : Math.min(done >= total ? 100 : 99, Math.floor((100 * done) / total));

export const score = (value: number | null): string => (value === null ? '-' : value.toFixed(2));

/** Pixels of a mask: 950, 12.4k, 1.2M. */
export function area(pixels: number): string {
  if (pixels < 1000) return `${pixels} px`;
  if (pixels < 1e6) return `${(pixels / 1e3).toFixed(pixels < 1e4 ? 1 : 0)}k px`;
  return `${(pixels / 1e6).toFixed(1)}M px`;
}
