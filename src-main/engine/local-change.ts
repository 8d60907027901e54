/** @file The part of a change that a click asked for: what was right elsewhere in the mask stays as it was. */
import type { Rle } from '../contract/mask.ts';
import { decodeRle, encodeRle } from '../contract/rle.ts';
import type { Point } from '../contract/segmentation.ts';
import { xor } from '../mask/boolean.ts';
import { components } from '../mask/components.ts';

/**
 * `old` with only that connected part of its difference to `next` in which the point lies; `next` itself where the
 * point lies in none, since then the model has understood something else. Both masks are of one image.
 */
export function changedAt(old: Rle, next: Rle, [x, y]: Point): Rle {
  const difference = decodeRle(xor(old, next));
  const { width, height, data } = difference;
  const at = Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x));
  if (data[at] === 0) return next;
  for (const { box, toMask } of components(difference)) {
    const [left, top, across, down] = box;
    if (x < left || y < top || x > left + across || y > top + down) continue;
    const part = toMask();
    if (part.data[at] === 1) return xor(old, encodeRle(part));
  }
  return next;
}
