/**
 * @file Rings to pixels by the rule of our own outlines: a pixel is inside when its centre is, even-odd. Traced rings
 * come back as the same mask.
 */

import type { Ring } from '../contract/contours.ts';
import type { Mask } from '../contract/mask.ts';
import { checkSize } from '../contract/rle.ts';

/**
 * Pixels whose centre (x + 0.5, y + 0.5) lies inside an odd number of the rings; holes are rings like any other and
 * the direction does not matter. Coordinates are image pixels, may be fractions, and may lie outside the frame.
 * A centre exactly on an edge belongs to the side on its right, so neighbours that share an edge share no pixel.
 * @param origin image coordinates of the upper left corner of the frame; [0, 0] unless a part is drawn.
 * @throws AppError bad-request when the size is out of range.
 */
export function rasteriseRings(
  rings: readonly Ring[],
  width: number,
  height: number,
  [left, top]: readonly [number, number] = [0, 0],
): Mask {
  checkSize(height, width);
  const data = new Uint8Array(width * height);
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      toggleEdge(data, width, height, ring[j]! - left, ring[j + 1]! - top, ring[i]! - left, ring[i + 1]! - top);
    }
  }
  // Each toggle inverts the rest of its row.
  for (let y = 0; y < height; y++) {
    let inside = 0;
    for (let i = y * width, end = i + width; i < end; i++) {
      inside ^= data[i]!;
      data[i] = inside;
    }
  }
  return { width, height, data };
}

/** Marks, in every row whose centre line an edge crosses, the first pixel whose centre is not left of the crossing. */
function toggleEdge(
  data: Uint8Array,
  width: number,
  height: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  if (fromY === toY) return;
  // Always downwards, so that an edge walked in the other direction rounds the same way.
  const [x0, y0, x1, y1] = fromY < toY ? [fromX, fromY, toX, toY] : [toX, toY, fromX, fromY];
  const slope = (x1 - x0) / (y1 - y0);
  const last = Math.min(height, Math.ceil(y1 - 0.5));
  for (let y = Math.max(0, Math.ceil(y0 - 0.5)); y < last; y++) {
    const crossing = x0 + (y + 0.5 - y0) * slope;
    const x = Math.max(0, Math.ceil(crossing - 0.5));
    if (x < width) data[y * width + x]! ^= 1;
  }
}
