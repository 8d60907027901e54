/** @file The part of a change that clicks asked for: what was right elsewhere in the mask stays as it was. */
import type { Rle } from '../contract/mask.ts';
import { decodeRle, encodeRle } from '../contract/rle.ts';
import type { Point } from '../contract/segmentation.ts';
import { subtract, union } from '../mask/boolean.ts';

/**
 * `old` with only those connected parts of its difference to `next` that a point means: what was added at a positive
 * point, what was taken away at a negative one. `next` itself where there is none: then the model has understood
 * something else. Both masks are of one image.
 */
export function changedAt(old: Rle, next: Rle, points: readonly Point[]): Rle {
  const added = partsAt(subtract(next, old), points.filter(([, , label]) => label === 1)); // biome-ignore format: one line
  const removed = partsAt(subtract(old, next), points.filter(([, , label]) => label === 0)); // biome-ignore format: one line
  if (!added && !removed) return next;
  const larger = added ? union(old, added) : old;
  return removed ? subtract(larger, removed) : larger;
}

/** The connected parts of a mask (pixels join at their corners too) that points lie in; null where none does. */
function partsAt(mask: Rle, points: readonly Point[]): Rle | null {
  if (points.length === 0) return null;
  const { width, height, data } = decodeRle(mask);
  const part = new Uint8Array(data.length);
  const stack: number[] = [];
  const visit = (at: number) => {
    if (data[at] !== 1 || part[at] === 1) return;
    part[at] = 1;
    stack.push(at);
  };
  for (const [x, y] of points) visit(Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x)));
  if (stack.length === 0) return null;
  while (stack.length > 0) {
    const at = stack.pop()!;
    const column = at % width;
    // Beyond the first and the last row there is no data.
    for (let y = at - width; y <= at + width; y += width) {
      if (column > 0) visit(y - 1);
      visit(y);
      if (column < width - 1) visit(y + 1);
    }
  }
  return encodeRle({ width, height, data: part });
}
