/**
 * @file Connected components of a mask, and the clean-ups made of them. Nothing here changes its input.
 */
import type { Mask } from '../contract/mask.ts';
import { type Connectivity, labelRuns, type RowRuns, rowRuns } from '../contract/row-runs.ts';

type Found = {
  readonly runs: RowRuns;
  readonly labels: Uint32Array;
  readonly areas: number[];
  readonly edge: boolean[];
};

/** A component: area in pixels, box [x, y, width, height], and its pixels on the frame of the whole mask. */
export type Component = {
  readonly area: number;
  readonly box: readonly [number, number, number, number];
  /** Made on request: a noisy mask has more components than memory has room for as many frames. */
  readonly toMask: () => Mask;
};

/** The components of a mask, in raster order of their first pixels. */
export function components(mask: Mask, connectivity: Connectivity = 8): Component[] {
  const found = find(mask, 1, connectivity);
  const { runs, labels, areas } = found;
  const left = areas.map(() => mask.width);
  const top = areas.map(() => mask.height);
  const right = areas.map(() => 0);
  const bottom = areas.map(() => 0);
  forEachRun(runs, (k, y) => {
    const label = labels[k]!;
    left[label] = Math.min(left[label]!, runs.starts[k]!);
    top[label] = Math.min(top[label]!, y);
    right[label] = Math.max(right[label]!, runs.ends[k]!);
    bottom[label] = y + 1;
  });
  return areas.map((area, label) => ({
    area,
    box: [left[label]!, top[label]!, right[label]! - left[label]!, bottom[label]! - top[label]!],
    toMask: () => repaint(mask, found, (other) => other !== label, 0),
  }));
}

/** Areas of the components in pixels, in raster order of their first pixels. */
export function areasOf(mask: Mask, connectivity: Connectivity = 8): number[] {
  return find(mask, 1, connectivity).areas;
}

/** The component with the most pixels, the first of them when several have as many; an empty mask stays empty. */
export function keepLargest(mask: Mask, connectivity: Connectivity = 8): Mask {
  const found = find(mask, 1, connectivity);
  const largest = indexOfLargest(found.areas);
  return repaint(mask, found, (label) => label !== largest, 0);
}

/**
 * Without the components of fewer than `minArea` pixels. When all are smaller, the largest stays: a clean-up must
 * not delete an annotation (Meta, segment_anything/utils/amg.py `remove_small_regions`).
 */
export function removeIslands(mask: Mask, minArea: number, connectivity: Connectivity = 8): Mask {
  const found = find(mask, 1, connectivity);
  const largest = indexOfLargest(found.areas);
  return repaint(mask, found, (label) => found.areas[label]! < minArea && label !== largest, 0);
}

export type HoleOptions = {
  /** Of the background; Meta's rule takes 8. */
  readonly connectivity?: Connectivity;
  /** Leave background that reaches the edge of the image, which a person would not call a hole. */
  readonly enclosedOnly?: boolean;
};

/**
 * Fills the regions of background of fewer than `minArea` pixels. Meta's rule, the default, counts a region that
 * reaches the edge of the image too; `minArea` Infinity with `enclosedOnly` fills every true hole.
 */
export function fillHoles(mask: Mask, minArea: number, options: HoleOptions = {}): Mask {
  const found = find(mask, 0, options.connectivity ?? 8);
  const enclosedOnly = options.enclosedOnly ?? false;
  return repaint(mask, found, (label) => found.areas[label]! < minArea && !(enclosedOnly && found.edge[label]!), 1);
}

/** Fills holes, then removes islands, of fewer than `minArea` pixels: Meta's small-region removal (amg.py). */
export function removeSmallRegions(mask: Mask, minArea: number): Mask {
  return removeIslands(fillHoles(mask, minArea), minArea);
}

function find(mask: Mask, value: 0 | 1, connectivity: Connectivity): Found {
  const runs = rowRuns(mask, value);
  const { labels, count } = labelRuns(runs, connectivity);
  const areas = new Array<number>(count).fill(0);
  const edge = new Array<boolean>(count).fill(false);
  forEachRun(runs, (k, y) => {
    const label = labels[k]!;
    areas[label]! += runs.ends[k]! - runs.starts[k]!;
    if (y === 0 || y === mask.height - 1 || runs.starts[k] === 0 || runs.ends[k] === mask.width) edge[label] = true;
  });
  return { runs, labels, areas, edge };
}

/** A copy of the mask where the chosen components have another value. */
function repaint(mask: Mask, { runs, labels, areas }: Found, chosen: (label: number) => boolean, value: 0 | 1): Mask {
  const data = mask.data.slice();
  const choice = areas.map((_, label) => chosen(label));
  forEachRun(runs, (k, y) => {
    if (choice[labels[k]!]) data.fill(value, y * mask.width + runs.starts[k]!, y * mask.width + runs.ends[k]!);
  });
  return { width: mask.width, height: mask.height, data };
}

function forEachRun({ rows }: RowRuns, visit: (k: number, y: number) => void): void {
  for (let y = 0; y + 1 < rows.length; y++) {
    for (let k = rows[y]!; k < rows[y + 1]!; k++) visit(k, y);
  }
}

const indexOfLargest = (areas: readonly number[]) =>
  areas.reduce((best, area, i) => (area > areas[best]! ? i : best), 0);
