/**
 * @file The runs of a mask along its rows, and which of them touch: the form that components and contours work on.
 * Its size follows the outlines, not the pixels.
 */
import type { Mask } from './mask.ts';

/** 4: pixels join at their sides; 8: at their corners too. */
export type Connectivity = 4 | 8;

/** Run k covers [starts[k], ends[k]) of its row; row y owns the runs from rows[y] up to rows[y + 1]. */
export type RowRuns = { readonly starts: Uint32Array; readonly ends: Uint32Array; readonly rows: Uint32Array };

/** Runs of pixels equal to `value` (1: the mask, 0: the background), in raster order. */
export function rowRuns({ width, height, data }: Mask, value: 0 | 1): RowRuns {
  let edges = new Uint32Array(4 * height + 64); // starts and ends in turn
  const rows = new Uint32Array(height + 1);
  let length = 0;
  for (let y = 0; y < height; y++) {
    if (length + width + 2 > edges.length) {
      const larger = new Uint32Array(2 * edges.length + width + 2);
      larger.set(edges);
      edges = larger;
    }
    const row = y * width;
    let before = value ^ 1;
    for (let x = 0; x < width; x++) {
      const pixel = data[row + x]!;
      if (pixel === before) continue;
      edges[length++] = x;
      before = pixel;
    }
    if (before === value) edges[length++] = width;
    rows[y + 1] = length >> 1;
  }
  const starts = new Uint32Array(length >> 1);
  const ends = new Uint32Array(length >> 1);
  for (let k = 0; k < starts.length; k++) {
    starts[k] = edges[2 * k]!;
    ends[k] = edges[2 * k + 1]!;
  }
  return { starts, ends, rows };
}

/**
 * The component of every run, 0 to count - 1, numbered by their first pixel in raster order (union-find over the
 * runs of neighbouring rows).
 */
export function labelRuns(runs: RowRuns, connectivity: Connectivity): { labels: Uint32Array; count: number } {
  const { starts, ends, rows } = runs;
  const parent = new Uint32Array(starts.length);
  for (let k = 0; k < parent.length; k++) parent[k] = k;
  const reach = connectivity === 8 ? 1 : 0;
  for (let y = 1; y + 1 < rows.length; y++) {
    let above = rows[y - 1]!;
    const aboveEnd = rows[y]!;
    for (let k = aboveEnd; k < rows[y + 1]!; k++) {
      while (above < aboveEnd && ends[above]! + reach <= starts[k]!) above++;
      // The last run that touches this one may touch the next one too, so `above` stays on it.
      for (let touching = above; touching < aboveEnd && starts[touching]! < ends[k]! + reach; touching++) {
        join(parent, touching, k);
      }
    }
  }
  const labels = parent;
  let count = 0;
  // Roots come before their members, so one sweep numbers the roots and passes the number on.
  for (let k = 0; k < labels.length; k++) labels[k] = parent[k] === k ? count++ : labels[parent[k]!]!;
  return { labels, count };
}

/** Unites two sets under the root that comes first in raster order. */
function join(parent: Uint32Array, a: number, b: number): void {
  const rootA = find(parent, a);
  const rootB = find(parent, b);
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

function find(parent: Uint32Array, k: number): number {
  let at = k;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!; // halves the path for the next search
    at = parent[at]!;
  }
  return at;
}
