/** @file Which mask lies under a point, by runs: no pixel of a mask is kept in the page. */

import type { MaskIndex } from '../worker/messages.ts';

/** Whether the pixel under an image point belongs to the mask. */
export function covers({ box, ends, height }: MaskIndex, x: number, y: number): boolean {
  const [x1, y1, x2, y2] = box;
  if (x < x1 || y < y1 || x >= x2 || y >= y2) return false;
  const at = Math.floor(x) * height + Math.floor(y);
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1 && low < ends.length;
}

/** The smallest mask under an image point, so that small things on large ones can be reached; the later one of equals. */
export function hitTest(masks: Iterable<MaskIndex>, x: number, y: number): MaskIndex | null {
  let best: MaskIndex | null = null;
  for (const mask of masks) {
    if ((best === null || mask.area <= best.area) && covers(mask, x, y)) best = mask;
  }
  return best;
}

/** The prompt point within `reach` of a place, the nearest one; -1 when there is none. */
export function nearestPoint(points: readonly (readonly number[])[], x: number, y: number, reach: number): number {
  let best = -1;
  let least = reach;
  for (const [index, [px, py]] of points.entries()) {
    const distance = Math.hypot(px! - x, py! - y);
    if (distance > least) continue;
    best = index;
    least = distance;
  }
  return best;
}
