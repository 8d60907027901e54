/**
 * @file A mask that exists already and the points that correct it: the mask becomes a coarse mask prompt and one more
 * point. Figures are in docs/method.md.
 */
import { AppError } from '../contract/errors.ts';
import { type Frame, modelToOriginal, originalToModel } from '../contract/geometry.ts';
import type { Rle } from '../contract/mask.ts';
import { runsOf } from '../contract/rle.ts';
import type { Point, Region } from '../contract/segmentation.ts';

/**
 * Logits of the mask prompt well inside the mask; the opposite far outside. Measured: 8 to 30 are nearly the same, and
 * as good as the decoder's own logits of the mask.
 */
const maskGain = 12;
/** Least part of the mask that must be left for the parts with negative points on them not to count. */
const leastRest = 0.2;

/**
 * What is asked of the segmenter when `region` corrects `rle`: the region with a positive point inside the mask, which
 * says what the mask is about (the points alone may all be negative, or on a part that was missing), and the mask
 * prompt, maskSize x maskSize logits.
 * @throws AppError bad-request as `coverageOf`, and where the negative points leave nothing of the mask and there is
 * no positive one.
 */
export function correction(region: Region, rle: Rle, frame: Frame): { region: Region; mask: Float32Array } {
  const coverage = coverageOf(rle, frame);
  const points = region.points ?? [];
  const negatives = points.filter(([, , label]) => label === 0);
  const inner = innerPoint(coverage, frame, negatives);
  if (!inner && !region.box && negatives.length === points.length) {
    throw new AppError('bad-request', 'The negative points leave nothing of the mask.', {
      hint: 'Take the mask away instead, or add a point on the object.',
    });
  }
  const all: Point[] = inner ? [...points, inner] : [...points];
  return { region: { ...region, points: all }, mask: coverage.map((covered) => (2 * covered - 1) * maskGain) };
}

/**
 * How much of each cell of the mask frame the mask covers, 0 to 1: maskSize x maskSize, row-major. Exact by area, and
 * made from the runs, so that a photo's pixels are never laid out.
 * @throws AppError bad-request for a damaged RLE, or one that has not the size of the image.
 */
export function coverageOf(rle: Rle, frame: Frame): Float32Array {
  const [height, width] = rle.size;
  if (height !== frame.height || width !== frame.width) {
    throw new AppError(
      'bad-request',
      `The mask is ${width} x ${height} pixels, but the image is ${frame.width} x ${frame.height}.`,
      { hint: 'The mask belongs to another image, or width and height are swapped.' },
    );
  }
  const size = frame.maskSize;
  const toMask = size / frame.imageSize;
  const [scaleX, scaleY] = originalToModel(frame, toMask, toMask); // mask-frame cells for one pixel
  const out = new Float32Array(size * size);
  const column = new Float32Array(size); // coverage of the rows, for one column of pixels
  const runs = runsOf(rle);
  for (let i = 1, start = runs[0] ?? 0; i < runs.length; i += 2) {
    const end = start + runs[i]!;
    for (let at = start; at < end; ) {
      const x = Math.floor(at / height);
      const stop = Math.min(end, (x + 1) * height);
      addSpan(column, 1, (at - x * height) * scaleY, (stop - x * height) * scaleY);
      at = stop;
      // The column of pixels is complete when its last run is done: then it is spread over the cells that it touches.
      const next = at < end ? x + 1 : Math.floor((end + (runs[i + 1] ?? 0)) / height);
      if (next > x) spread(out, column, size, x * scaleX, (x + 1) * scaleX);
    }
    start = end + (runs[i + 1] ?? 0);
  }
  return out;
}

/** Adds `weight` times the part of each cell that [from, to) covers. */
function addSpan(cells: Float32Array, weight: number, from: number, to: number): void {
  for (let k = Math.floor(from); k < to && k < cells.length; k++) {
    cells[k]! += weight * (Math.min(to, k + 1) - Math.max(from, k));
  }
}

/** Adds a column that covers [from, to) across, and empties it. */
function spread(out: Float32Array, column: Float32Array, size: number, from: number, to: number): void {
  for (let x = Math.floor(from); x < to && x < size; x++) {
    const weight = Math.min(to, x + 1) - Math.max(from, x);
    for (let y = 0; y < size; y++) out[y * size + x]! += weight * column[y]!;
  }
  column.fill(0);
}

/**
 * A positive point well inside the mask and away from the negative ones, in pixels of the original: the middle of the
 * cell that is farthest from everything outside. Parts of the mask that a negative point lies on do not count where
 * enough of others is left (crumbs would lead astray); else only the cells around it do not. Null where no cell is left.
 */
function innerPoint(coverage: Float32Array, frame: Frame, negatives: readonly Point[]): Point | null {
  const size = frame.maskSize;
  const cell = frame.imageSize / size;
  // A thin mask covers no cell by half: then its fullest cell counts as inside.
  const fullest = coverage.reduce((most, covered) => Math.max(most, covered), 0);
  if (fullest === 0) return null;
  const inside = Uint8Array.from(coverage, (covered) => Number(covered >= Math.min(0.5, fullest)));
  const whole = areaOf(inside);
  const rest = Uint8Array.from(inside);
  for (const [x, y] of negatives) {
    const [column, row] = originalToModel(frame, x, y).map((value) => Math.floor(value / cell)) as [number, number];
    clearPart(rest, size, row * size + column);
    clearAround(inside, size, column, row);
  }
  const at = deepest(areaOf(rest) >= leastRest * whole ? rest : inside, size);
  if (at < 0) return null;
  const [x, y] = modelToOriginal(frame, ((at % size) + 0.5) * cell, (Math.floor(at / size) + 0.5) * cell);
  return [Math.min(x, frame.width), Math.min(y, frame.height), 1]; // the last cell may reach over the edge
}

const areaOf = (cells: Uint8Array): number => cells.reduce((sum, cell) => sum + cell, 0);

/** Takes the connected part out that a cell belongs to (cells join at their sides). */
function clearPart(inside: Uint8Array, size: number, start: number): void {
  const stack = [start];
  while (stack.length > 0) {
    const at = stack.pop()!;
    if (inside[at] !== 1) continue;
    inside[at] = 0;
    const column = at % size;
    if (column > 0) stack.push(at - 1);
    if (column < size - 1) stack.push(at + 1);
    stack.push(at - size, at + size); // beyond the first and last row there is nothing
  }
}

/** Takes a cell and its neighbours out. */
function clearAround(inside: Uint8Array, size: number, column: number, row: number): void {
  for (let y = Math.max(0, row - 1); y <= Math.min(size - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(size - 1, column + 1); x++) inside[y * size + x] = 0;
  }
}

/** Index of the cell that is farthest from the outside (city-block distance, two sweeps); -1 where there is none. */
function deepest(inside: Uint8Array, size: number): number {
  const wide = size + 2; // a frame of outside cells, since a mask may touch the image's edge
  const distance = new Uint16Array(wide * wide);
  for (let y = 0; y < size; y++) {
    for (let x = 0, k = (y + 1) * wide + 1; x < size; x++, k++) {
      if (inside[y * size + x] === 1) distance[k] = Math.min(distance[k - 1]!, distance[k - wide]!) + 1;
    }
  }
  let best = -1;
  let depth = 0;
  for (let y = size - 1; y >= 0; y--) {
    for (let x = size - 1, k = (y + 1) * wide + size; x >= 0; x--, k--) {
      if (distance[k] === 0) continue;
      distance[k] = Math.min(distance[k]!, distance[k + 1]! + 1, distance[k + wide]! + 1);
      if (distance[k]! > depth) {
        depth = distance[k]!;
        best = y * size + x;
      }
    }
  }
  return best;
}
