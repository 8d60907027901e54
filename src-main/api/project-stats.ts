/** @file project.stats: how far the work is, and what a mask has cost so far. */
import type { Output } from '../contract/api.ts';
import { countRecords, maskCosts } from '../store/counts.ts';
import type { Db } from '../store/statements.ts';

export function projectStats(db: Db): Output<'project.stats'> {
  const { images, ...counts } = countRecords(db);
  const { total, open, done } = images;
  const costs = maskCosts(db);
  const ms = median(costs.map((cost) => cost.ms));
  const clicks = median(costs.map((cost) => cost.clicks));
  return {
    images: { total, new: images.new, open, done },
    ...counts,
    median: { seconds: ms === null ? null : ms / 1000, clicks },
  };
}

/** The middle value, the mean of the two middle ones of an even number; null of nothing. */
function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
