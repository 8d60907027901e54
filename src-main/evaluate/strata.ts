/** @file What tables are broken down by: what is asked for, how many of it, and how large a thing is on average. */
import { areaRanges } from '../metrics/coco-match.ts';

/** A thing that is asked for. */
export type Target = {
  /** null where it has none. */
  readonly category: string | null;
  readonly supercategory: string | null;
  /** Pixels; null where it is not known. */
  readonly area: number | null;
};

const several = 'several';
const counts = ['none', '1', '2', '3', '4'];

/** Sizes are COCO's ranges, of the mean area. */
export function strataOf(targets: readonly Target[]): Record<string, string> {
  const number = counts[targets.length] ?? '5 or more';
  if (targets.length === 0) return { targets: number };
  const names = new Set(targets.map(({ category }) => category ?? 'none'));
  const groups = new Set(targets.map(({ supercategory }) => supercategory));
  const [group] = groups;
  const mean = targets.reduce((sum, { area }) => sum + (area ?? Number.NaN), 0) / targets.length;
  return {
    targets: number,
    category: names.size === 1 ? [...names][0]! : several,
    ...(groups.size > 1 ? { supercategory: several } : group ? { supercategory: group } : {}),
    ...(Number.isNaN(mean) ? {} : { size: sizeName(mean) }),
  };
}

const sizeName = (area: number): string =>
  area < areaRanges.medium[0] ? 'small' : area < areaRanges.large[0] ? 'medium' : 'large';
