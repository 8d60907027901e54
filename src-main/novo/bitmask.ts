/**
 * @file Masks of the mask frame as bits: all pairs of fifty candidates are compared in milliseconds.
 */
import { type Frame, maskExtent } from '../contract/geometry.ts';

/** maskSize x maskSize bits, row-major, 32 a word; nothing outside the part that shows the image. */
export type Bits = Uint32Array;

/** The pixels of `map` (maskSize x maskSize) above `level`. */
export function bitsAbove(map: ArrayLike<number>, frame: Frame, level = 0): Bits {
  const { rows, columns } = maskExtent(frame);
  const bits = new Uint32Array(Math.ceil(frame.maskSize ** 2 / 32));
  for (let y = 0; y < rows; y++) {
    for (let k = y * frame.maskSize, end = k + columns; k < end; k++) {
      if (map[k]! > level) bits[k >> 5]! |= 1 << (k & 31);
    }
  }
  return bits;
}

export const hasBit = (bits: Bits, k: number): boolean => ((bits[k >> 5]! >>> (k & 31)) & 1) === 1;

/** Pixels in both; of a mask and itself, its area. */
export function common(a: Bits, b: Bits): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += ones(a[k]! & b[k]!);
  return sum;
}

export function addTo(union: Bits, bits: Bits): void {
  for (let k = 0; k < union.length; k++) union[k]! |= bits[k]!;
}

/** Bits that are set in a word of 32 (Warren, Hacker's Delight, figure 5-2). */
function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
