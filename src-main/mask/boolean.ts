/**
 * @file Boolean operations and overlap of masks on their runs: no pixel is decoded, the cost grows with the length
 * of the outlines. Runs are column-major and canonical, as `runsOf` gives them; results are canonical too.
 * Masks of different sizes do not mix: every function throws AppError bad-request then.
 */
import { AppError } from '../contract/errors.ts';
import type { Rle } from '../contract/mask.ts';
import { rleOf, runsOf } from '../contract/rle.ts';

/** Truth tables: bit 2a + b is the result for a pixel that is `a` in the first mask and `b` in the second. */
const operations = { union: 0b1110, intersect: 0b1000, subtract: 0b0100, xor: 0b0110 } as const;
export type MaskOperation = keyof typeof operations;

/** Pixels in a or b. */
export const union = (a: Rle, b: Rle): Rle => combine(a, b, 'union');
/** Pixels in a and b. */
export const intersect = (a: Rle, b: Rle): Rle => combine(a, b, 'intersect');
/** Pixels in a that are not in b. */
export const subtract = (a: Rle, b: Rle): Rle => combine(a, b, 'subtract');
/** Pixels in exactly one of a and b. */
export const xor = (a: Rle, b: Rle): Rle => combine(a, b, 'xor');

/** Buffers for the runs of everyday masks, so that an operation on two of them allocates only its result. */
const keptA = new Uint32Array(1 << 16);
const keptB = new Uint32Array(keptA.length);
const keptResult = new Uint32Array(keptA.length + keptB.length);

function combine(a: Rle, b: Rle, operation: MaskOperation): Rle {
  sameSize(a, b);
  const [height, width] = a.size;
  const [runsA, runsB] = [runsOf(a, keptA), runsOf(b, keptB)];
  const needed = runsA.length + runsB.length;
  const out = needed <= keptResult.length ? keptResult : new Uint32Array(needed);
  const length = combineInto(out, runsA, runsB, operation, width * height);
  return rleOf(out.subarray(0, length), height, width);
}

/** Pixels in any of the masks, which must be at least one (an empty list has no size). */
export function unionAll(masks: readonly Rle[]): Rle {
  const first = masks[0];
  if (!first) throw new AppError('bad-request', 'There is no mask to unite.');
  for (const mask of masks) sameSize(first, mask);
  return rleOf(uniteRuns(masks.map((mask) => runsOf(mask))), first.size[0], first.size[1]);
}

/** Union of one or more run lists. Pairs, then pairs of pairs: each run is copied log2(lists) times. */
export function uniteRuns(lists: readonly Uint32Array[]): Uint32Array {
  let level = lists;
  while (level.length > 1) {
    const next: Uint32Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const second = level[i + 1];
      next.push(second ? combineRuns(level[i]!, second, 'union') : level[i]!);
    }
    level = next;
  }
  return level[0]!;
}

/** Pixels in both masks. */
export function intersectionArea(a: Rle, b: Rle): number {
  return overlap(a, b).both;
}

/**
 * Intersection over union, 0 to 1. Two empty masks agree: 1. (COCO's `rleIou` gives 0 there, and divides by the
 * area of the detection for a crowd: use `overlap` for that.)
 */
export function iou(a: Rle, b: Rle): number {
  return iouOf(overlap(a, b));
}

function iouOf({ both, areaA, areaB }: Overlap): number {
  const either = areaA + areaB - both;
  return either === 0 ? 1 : both / either;
}

/** The part of `inner` that lies in `outer`, 0 to 1: |inner and outer| / |inner|; 0 for an empty `inner`. */
export function containment(inner: Rle, outer: Rle): number {
  const { both, areaA } = overlap(inner, outer);
  return areaA === 0 ? 0 : both / areaA;
}

/** Pixels in both masks, in a and in b. */
export type Overlap = { readonly both: number; readonly areaA: number; readonly areaB: number };

/** The three areas that every measure of overlap is made of. */
export function overlap(a: Rle, b: Rle): Overlap {
  sameSize(a, b);
  return overlapOfRuns(runsOf(a, keptA), runsOf(b, keptB));
}

function sameSize(a: Rle, b: Rle): void {
  if (a.size[0] === b.size[0] && a.size[1] === b.size[1]) return;
  throw new AppError(
    'bad-request',
    `Masks of different sizes cannot be compared: ${a.size[1]} x ${a.size[0]} and ${b.size[1]} x ${b.size[0]}.`,
    { hint: 'Masks of one image all have its size; one of these belongs to another image or another scale.' },
  );
}

/** Runs of `a operation b`; both must cover the same number of pixels. */
export function combineRuns(a: Uint32Array, b: Uint32Array, operation: MaskOperation): Uint32Array {
  const out = new Uint32Array(a.length + b.length);
  return out.slice(0, combineInto(out, a, b, operation, pixels(a)));
}

/** Writes the runs of the result to `out`, which has room for a.length + b.length, and returns how many they are. */
function combineInto(out: Uint32Array, a: Uint32Array, b: Uint32Array, operation: MaskOperation, total: number) {
  // Long runs: take whole runs of ones, where what comes next is easy to guess. Noise: see `mergeInto`.
  if (operation === 'union' && 8 * (a.length + b.length) < total) return uniteInto(out, a, b, total);
  return mergeInto(out, a, b, operations[operation], total);
}

/** The union: takes in the runs of ones that reach the one that grows, then writes it and goes on with the next. */
function uniteInto(out: Uint32Array, a: Uint32Array, b: Uint32Array, total: number): number {
  const none = total + 1; // beyond every end, for a list with no runs of ones left
  const lastA = a.length - 1;
  const lastB = b.length - 1;
  let length = 0;
  let i = 1; // the next run of ones in a: [startA, endA)
  let j = 1;
  let startA = i <= lastA ? a[0]! | 0 : none;
  let endA = i <= lastA ? (startA + a[1]!) | 0 : none;
  let startB = j <= lastB ? b[0]! | 0 : none;
  let endB = j <= lastB ? (startB + b[1]!) | 0 : none;
  let written = 0; // where the runs in `out` end
  for (;;) {
    const start = startA < startB ? startA : startB;
    if (start === none) break;
    let end = start;
    for (;;) {
      if (startA <= end) {
        if (endA > end) end = endA;
        if (i + 2 <= lastA) {
          startA = (endA + a[i + 1]!) | 0;
          endA = (startA + a[i + 2]!) | 0;
          i += 2;
        } else startA = none;
      } else if (startB <= end) {
        if (endB > end) end = endB;
        if (j + 2 <= lastB) {
          startB = (endB + b[j + 1]!) | 0;
          endB = (startB + b[j + 2]!) | 0;
          j += 2;
        } else startB = none;
      } else break;
    }
    out[length++] = start - written;
    out[length++] = end - start;
    written = end;
  }
  if (written < total) out[length++] = total - written;
  return length;
}

/** Any operation by its truth table, one end of a run after the other. */
function mergeInto(out: Uint32Array, a: Uint32Array, b: Uint32Array, table: number, total: number): number {
  let length = 0;
  let last = 0; // where the last run of the result ended
  let value = 0;
  // Runs i of a and j of b overlap; runs with an odd index are inside. Without branches in the body, because
  // which of the two ends first cannot be guessed, and a wrong guess costs more than the whole step.
  let i = 0;
  let j = 0;
  let endA = a[0]! | 0;
  let endB = b[0]! | 0;
  for (;;) {
    const ahead = endA - endB;
    const end = endB + (ahead & (ahead >> 31)); // the smaller
    if (end >= total) break;
    const stepA = (ahead - 1) >>> 31;
    const stepB = ~ahead >>> 31;
    i += stepA;
    j += stepB;
    endA += a[i]! & -stepA;
    endB += b[j]! & -stepB;
    const now = (table >> (((i & 1) << 1) | (j & 1))) & 1;
    const changed = now ^ value;
    out[length] = end - last;
    length += changed;
    last += (end - last) & -changed;
    value = now;
  }
  out[length++] = total - last;
  return length;
}

/** Pixels in both, in a and in b, of run lists that cover the same number of pixels. */
export function overlapOfRuns(a: Uint32Array, b: Uint32Array): Overlap {
  const total = pixels(a);
  let both = 0;
  let areaA = 0;
  let areaB = 0;
  let start = 0;
  let i = 0;
  let j = 0;
  let endA = a[0]! | 0;
  let endB = b[0]! | 0;
  for (;;) {
    const ahead = endA - endB;
    const end = endB + (ahead & (ahead >> 31));
    const step = end - start;
    both += step & -(i & j & 1);
    areaA += step & -(i & 1);
    areaB += step & -(j & 1);
    if (end >= total) return { both, areaA, areaB };
    start = end;
    const stepA = (ahead - 1) >>> 31;
    const stepB = ~ahead >>> 31;
    i += stepA;
    j += stepB;
    endA += a[i]! & -stepA;
    endB += b[j]! & -stepB;
  }
}

function pixels(runs: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < runs.length; i++) total += runs[i]!;
  return total;
}
