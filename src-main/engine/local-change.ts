/** @file The part of a change that clicks asked for: what was right elsewhere in the mask stays as it was. */
import type { Rle } from '../contract/mask.ts';
import type { CocoBox } from '../contract/records.ts';
import { rleBox, rleFromCounts, runsOf } from '../contract/rle.ts';
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
  const [height, width] = mask.size;
  const box = rleBox(mask);
  const [left, top, across, down] = box;
  const data = pixelsWithin(mask, box);
  const part = new Uint8Array(data.length);
  const stack: number[] = [];
  const visit = (at: number) => {
    if (data[at] !== 1 || part[at] === 1) return;
    part[at] = 1;
    stack.push(at);
  };
  for (const [px, py] of points) {
    const [x, y] = [Math.min(width - 1, Math.floor(px)) - left, Math.min(height - 1, Math.floor(py)) - top];
    if (x >= 0 && y >= 0 && x < across && y < down) visit(x * down + y);
  }
  if (stack.length === 0) return null;
  while (stack.length > 0) {
    const at = stack.pop()!;
    const row = at % down;
    // Beyond the first and the last column there is no data.
    for (let x = at - down; x <= at + down; x += down) {
      if (row > 0) visit(x - 1);
      visit(x);
      if (row < down - 1) visit(x + 1);
    }
  }
  return maskWith(part, box, mask.size);
}

/** Column-major pixels of the part [left, top, across, down] of a mask that holds all of it: photos are large. */
function pixelsWithin(mask: Rle, [left, top, across, down]: CocoBox): Uint8Array {
  const height = mask.size[0];
  const out = new Uint8Array(across * down);
  const runs = runsOf(mask);
  for (let i = 1, start = runs[0] ?? 0; i < runs.length; i += 2) {
    const end = start + runs[i]!;
    for (let at = start; at < end; ) {
      const column = Math.floor(at / height);
      const stop = Math.min(end, (column + 1) * height);
      const from = (column - left) * down + (at - column * height) - top;
      out.fill(1, from, from + stop - at);
      at = stop;
    }
    start = end + (runs[i + 1] ?? 0);
  }
  return out;
}

/** The reverse of `pixelsWithin`. */
function maskWith(data: Uint8Array, [left, top, , down]: CocoBox, [height, width]: Rle['size']): Rle {
  const counts: number[] = [0];
  let end = 0; // of the last run of ones
  for (let at = data.indexOf(1); at >= 0; ) {
    const column = Math.floor(at / down);
    const zero = data.indexOf(0, at);
    const stop = Math.min(zero < 0 ? data.length : zero, (column + 1) * down);
    const from = (left + column) * height + top + (at - column * down);
    // Whole columns follow each other without a gap.
    if (from === end && counts.length > 1) counts[counts.length - 1]! += stop - at;
    else if (counts.length === 1) counts.splice(0, 1, from, stop - at);
    else counts.push(from - end, stop - at);
    end = from + stop - at;
    at = data.indexOf(1, stop);
  }
  return rleFromCounts([...counts, height * width - end], height, width);
}
