/**
 * @file COCO run-length encoding with its size: the check of what comes from outside, pixels in and out, area and box.
 * Runs are column-major pixel counts that start with a run of zeros. The string lies in rle-text.ts, pixels <-> runs
 * in runs.ts.
 */
import { AppError } from './errors.ts';
import type { Mask, Rle } from './mask.ts';
import { parseRuns, runsToString } from './rle-text.ts';
import { maskToRuns, runsToMask } from './runs.ts';

export { runsToString };

/** Pixels of the largest mask that is read or made (16384 x 16384): a bound on memory, not a wish. */
export const maxMaskPixels = 2 ** 28;

const bad = (message: string, hint?: string) =>
  new AppError('bad-request', message, hint === undefined ? {} : { hint });

/** The runs of a compressed string, as written; for text from outside prefer `runsOf`. @throws as `parseRuns`. */
export function stringToRuns(counts: string): Uint32Array {
  return parseRuns(counts).runs;
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
 * @param kept a buffer for short results, as in `parseRuns`; the result may be a view of it.
 * @throws AppError bad-request when the size is out of range, the string is damaged, or the runs do not fill it.
 */
export function runsOf(rle: Rle, kept?: Uint32Array): Uint32Array {
  const [height, width] = rle.size;
  checkSize(height, width);
  const { runs, total, empty } = parseRuns(rle.counts, kept);
  return checkRuns(runs, total, empty, height, width);
}

function checkRuns(runs: Uint32Array, total: number, empty: number, height: number, width: number): Uint32Array {
  if (total !== height * width) {
    throw bad(
      `The mask's runs add up to ${total} pixels, but ${width} x ${height} are ${height * width}.`,
      'The RLE belongs to an image of another size, or it was cut short.',
    );
  }
  return empty > 0 ? withoutEmptyRuns(runs) : runs;
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

/**
 * COCO's uncompressed form (a list of counts, as in ground truth with `iscrowd` 1) to RLE.
 * @throws AppError bad-request when a count is not a whole number from 0, or the counts do not fill the size.
 */
export function rleFromCounts(counts: readonly number[], height: number, width: number): Rle {
  checkSize(height, width);
  if (counts.length > 2 * height * width + 1) {
    throw bad(`The mask has ${counts.length} runs, more than ${width} x ${height} pixels can have.`);
  }
  let total = 0;
  let empty = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (!Number.isInteger(count) || count < 0 || count > height * width) {
      throw bad(`The mask's run ${i} is ${count}; a run is a whole number of pixels from 0 to ${height * width}.`);
    }
    total += count;
    if (count === 0 && i > 0) empty++;
  }
  return rleOf(checkRuns(Uint32Array.from(counts), total, empty, height, width), height, width);
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
