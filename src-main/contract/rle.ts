/**
 * @file COCO run-length encoding: the compressed string <-> runs, the check of what comes from outside, and the
 * forms that carry a size. Runs are column-major pixel counts that start with a run of zeros
 * (cocoapi, maskApi.c `rleToString`, `rleFrString`). Pixels <-> runs lie in runs.ts.
 */
import { AppError } from './errors.ts';
import type { Mask, Rle } from './mask.ts';
import { maskToRuns, runsToMask } from './runs.ts';

/** Pixels of the largest mask that is read or made (16384 x 16384): a bound on memory, not a wish. */
export const maxMaskPixels = 2 ** 28;

/** Six characters of 5 bits hold every difference of two runs of the largest mask, sign included. */
const charactersPerRun = 6;
/** Masks of everyday complexity pass through these, so that a call allocates only its result. */
const scratchRuns = new Uint32Array(1 << 14);
const scratchText = new Uint8Array(charactersPerRun * scratchRuns.length);
const toText = new TextDecoder();
const toBytes = new TextEncoder();

const bad = (message: string, hint?: string) =>
  new AppError('bad-request', message, hint === undefined ? {} : { hint });

/**
 * Runs as COCO's compressed string. From the fourth run on the difference to the run before last is written, in
 * groups of 5 bits, lowest first, as characters 48 to 111; bit 32 says that a group follows.
 */
export function runsToString(runs: Uint32Array): string {
  const needed = runs.length * charactersPerRun;
  const text = needed <= scratchText.length ? scratchText : new Uint8Array(needed);
  let length = 0;
  let before = 0; // the last run, and the one before it
  let beforeLast = 0;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i]! | 0;
    let value = i > 2 ? (run - beforeLast) | 0 : run;
    beforeLast = before;
    before = run;
    // One group is enough for -16 to 15.
    while ((value + 16) >>> 0 > 31) {
      text[length++] = (value & 31) + 80;
      value >>= 5;
    }
    text[length++] = (value & 31) + 48;
  }
  return toText.decode(text.subarray(0, length));
}

/**
 * The reverse of `runsToString`. Memory is bounded by the length of the string.
 * @throws AppError bad-request when a character is not one of the 64, a number is cut off, too large or negative.
 */
export function stringToRuns(counts: string): Uint32Array {
  const end = counts.length;
  const small = end <= scratchRuns.length;
  const runs = small ? scratchRuns : new Uint32Array(end);
  const text = small ? scratchText : new Uint8Array(end);
  // Characters that are not ASCII become bytes that no run has, and are refused below.
  toBytes.encodeInto(counts, text);
  let length = 0;
  let before = 0; // the last run, and the one before it
  let beforeLast = 0;
  for (let i = 0; i < end; ) {
    let group = text[i++]! - 48;
    let value = (group << 27) >> 27;
    if (group >>> 0 > 31) {
      value = group & 31;
      let shift = 5;
      while (group > 31 && group < 64 && shift < 5 * charactersPerRun && i < end) {
        group = text[i++]! - 48;
        value |= (group & 31) << shift;
        shift += 5;
      }
      if (group < 0 || group > 31) throw malformed(counts, i - 1, group, i === end);
      if (group & 16) value |= -1 << shift;
    }
    if (length > 2) value += beforeLast;
    if (value < 0) throw bad(`The mask's run-length string is damaged: run ${length} is negative (${value}).`);
    runs[length++] = value;
    beforeLast = before;
    before = value;
  }
  return small ? runs.slice(0, length) : runs.subarray(0, length);
}

function malformed(counts: string, at: number, group: number, atEnd: boolean): AppError {
  if (group < 0 || group > 63) {
    const character = JSON.stringify(counts[at]);
    return bad(`The mask's run-length string is damaged: character ${at}, ${character}, cannot occur in it.`);
  }
  return bad(
    atEnd
      ? "The mask's run-length string is cut off in the middle of a number."
      : `The mask's run-length string is damaged: the number that ends at character ${at} is too large.`,
  );
}

/**
 * Refuses a mask size before memory is taken for it.
 * @throws AppError bad-request unless both sides are whole, at least 1, and their product at most `maxMaskPixels`.
 */
export function checkSize(height: number, width: number): void {
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < 1 || width < 1) {
    throw bad(`A mask's size is [height, width] in whole pixels, got [${height}, ${width}].`);
  }
  if (height * width > maxMaskPixels) {
    throw bad(`A mask of ${width} x ${height} pixels is too large; the limit is ${maxMaskPixels} pixels.`);
  }
}

/**
 * The runs of an RLE, checked and canonical: no run but the first is zero. The one way in for untrusted RLE.
 * @throws AppError bad-request when the size is out of range, the string is damaged, or the runs do not fill it.
 */
export function runsOf(rle: Rle): Uint32Array {
  const [height, width] = rle.size;
  checkSize(height, width);
  return checkRuns(stringToRuns(rle.counts), height, width);
}

function checkRuns(runs: Uint32Array, height: number, width: number): Uint32Array {
  let total = 0;
  let zeros = 0;
  for (let i = 0; i < runs.length; i++) {
    total += runs[i]!;
    if (runs[i] === 0) zeros++;
  }
  if (total !== height * width) {
    throw bad(
      `The mask's runs add up to ${total} pixels, but ${width} x ${height} are ${height * width}.`,
      'The RLE belongs to an image of another size, or it was cut short.',
    );
  }
  return zeros > (runs[0] === 0 ? 1 : 0) ? withoutEmptyRuns(runs) : runs;
}

/** Joins the neighbours of runs of no pixels, which other writers leave in the middle. */
function withoutEmptyRuns(runs: Uint32Array): Uint32Array {
  const joined = new Uint32Array(runs.length + 1);
  let length = 0; // joined[length] is the run that grows; its value is the parity of `length`
  for (let i = 0; i < runs.length; i++) {
    if (runs[i] === 0) continue;
    if ((i & 1) !== (length & 1)) length++;
    joined[length]! += runs[i]!;
  }
  return joined.slice(0, length + 1);
}

/** Runs with a size as RLE. The runs must add up to height * width. */
export function rleOf(runs: Uint32Array, height: number, width: number): Rle {
  return { size: [height, width], counts: runsToString(runs) };
}

/** Pixels to RLE. @throws AppError bad-request when the size is out of range or does not fit the data. */
export function encodeRle(mask: Mask): Rle {
  const { width, height, data } = mask;
  checkSize(height, width);
  if (data.length !== width * height) {
    throw bad(`A mask of ${width} x ${height} needs ${width * height} pixels, got ${data.length}.`);
  }
  return rleOf(maskToRuns(mask), height, width);
}

/** RLE to pixels. @throws AppError bad-request as `runsOf`; no pixel is allocated for an RLE that is refused. */
export function decodeRle(rle: Rle): Mask {
  return runsToMask(runsOf(rle), rle.size[0], rle.size[1]);
}

/** Throws the AppError of `runsOf` for an RLE that cannot be used; returns it otherwise. */
export function checkRle(rle: Rle): Rle {
  runsOf(rle);
  return rle;
}

/**
 * COCO's uncompressed form (a list of counts, as in ground truth with `iscrowd` 1) to RLE.
 * @throws AppError bad-request when a count is not a whole number from 0, or the counts do not fill the size.
 */
export function rleFromCounts(counts: readonly number[], height: number, width: number): Rle {
  checkSize(height, width);
  if (counts.length > 2 * height * width + 1) {
    throw bad(`The mask has ${counts.length} runs, more than ${width} x ${height} pixels can have.`);
  }
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (!Number.isInteger(count) || count < 0 || count > height * width) {
      throw bad(`The mask's run ${i} is ${count}; a run is a whole number of pixels from 0 to ${height * width}.`);
    }
  }
  return rleOf(checkRuns(Uint32Array.from(counts), height, width), height, width);
}

/** Pixels inside. @throws AppError bad-request as `runsOf`. */
export function rleArea(rle: Rle): number {
  return runsArea(runsOf(rle));
}

/** Pixels inside. */
export function runsArea(runs: Uint32Array): number {
  let area = 0;
  for (let i = 1; i < runs.length; i += 2) area += runs[i]!;
  return area;
}

/** COCO bbox [x, y, width, height] in pixels; [0, 0, 0, 0] when empty. @throws AppError bad-request as `runsOf`. */
export function rleBox(rle: Rle): [number, number, number, number] {
  return runsBox(runsOf(rle), rle.size[0]);
}

/** COCO bbox [x, y, width, height] of runs in columns of `height` pixels; [0, 0, 0, 0] when empty. */
export function runsBox(runs: Uint32Array, height: number): [number, number, number, number] {
  let first = -1;
  let last = -1;
  let top = height;
  let bottom = -1;
  let start = 0;
  for (let i = 1; i < runs.length; i += 2) {
    start += runs[i - 1]!;
    const end = start + runs[i]!;
    if (end === start) continue;
    if (first < 0) first = Math.floor(start / height);
    last = Math.floor((end - 1) / height);
    const y = start % height;
    const spans = y + end - start > height; // goes on in the next column, so it touches both edges
    top = Math.min(top, spans ? 0 : y);
    bottom = Math.max(bottom, spans ? height - 1 : y + end - start - 1);
    start = end;
  }
  return first < 0 ? [0, 0, 0, 0] : [first, top, last - first + 1, bottom - top + 1];
}
