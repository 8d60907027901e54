/**
 * @file Polygons to RLE exactly as COCO's tools do it (cocoapi, maskApi.c `rleFrPoly`, as compiled for x86-64), so
 * that areas and masks agree with pycocotools. The rule: vertices are rounded to a grid five times as fine, edges
 * are walked in steps of that grid, and each crossing of the centre line of a pixel column is a change in that column.
 */
import { AppError } from '../contract/errors.ts';
import type { Rle } from '../contract/mask.ts';
import { checkSize, rleOf } from '../contract/rle.ts';
import { uniteRuns } from './boolean.ts';

/** Steps of the fine grid in a pixel. */
const scale = 5;
/** Pixels from the origin; farther out the fine grid would leave 32 bits, where COCO's own result is undefined. */
const farthest = 2 ** 26;
/** Column changes of one polygon: a bound on memory, far beyond any outline of a real object. */
const maxChanges = 2 ** 24;

/**
 * A COCO segmentation, polygons [x0, y0, x1, y1, ...] in image pixels, as RLE: the union of its polygons, so there
 * are no holes. Vertices may lie outside the frame. Polygons of fewer than three vertices cover nothing.
 * @throws AppError bad-request when the size is out of range, or a coordinate is missing, no number or beyond 2^26.
 */
export const rasteriseCoco = (polygons: readonly (readonly number[])[], width: number, height: number): Rle =>
  rleOf(rasteriseCocoRuns(polygons, width, height), height, width);

/** The same as canonical column-major runs. */
export function rasteriseCocoRuns(
  polygons: readonly (readonly number[])[],
  width: number,
  height: number,
): Uint32Array {
  checkSize(height, width);
  const lists = polygons.map((polygon, index) => {
    if (polygon.length % 2 === 1 || !polygon.every((value) => Math.abs(value) <= farthest)) {
      throw new AppError('bad-request', `Polygon ${index + 1} is not a list of pairs of coordinates in pixels.`);
    }
    return polygonRuns(polygon.length < 6 ? [] : polygon, width, height);
  });
  return lists.length === 0 ? Uint32Array.of(width * height) : uniteRuns(lists);
}

function polygonRuns(polygon: readonly number[], width: number, height: number): Uint32Array {
  const fine = polygon.map((value) => Math.trunc(scale * value + 0.5));
  const changes: number[] = [];
  for (let i = 0; i < fine.length; i += 2) {
    const j = (i + 2) % fine.length;
    columnChanges(fine[i]!, fine[i + 1]!, fine[j]!, fine[j + 1]!, width, height, changes);
    if (changes.length > maxChanges) {
      throw new AppError(
        'bad-request',
        `A polygon of ${fine.length / 2} vertices crosses the image too often to be an outline.`,
      );
    }
  }
  return runsOfChanges(new Uint32Array(changes).sort(), width * height);
}

/**
 * Adds the changes of one edge, as x * height + y. COCO walks every step of the edge; only the two steps on either
 * side of a column's centre line matter, so just those are computed: time and memory follow the columns of the
 * frame and not the length of an edge, which a file may make as long as it likes.
 */
function columnChanges(
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  width: number,
  height: number,
  changes: number[],
): void {
  const dx = Math.abs(toX - fromX);
  const dy = Math.abs(toY - fromY);
  if (dx === 0) return;
  const flat = dx >= dy;
  // The walk goes rightwards on flat edges and downwards on steep ones; the direction decides how steps round.
  const flip = flat ? fromX > toX : fromY > toY;
  const [x0, y0, x1, y1] = flip ? [toX, toY, fromX, fromY] : [fromX, fromY, toX, toY];
  const slope = flat ? (y1 - y0) / dx : (x1 - x0) / dy;
  // Column X changes between the fine columns 5X + 2 and 5X + 3.
  const half = (scale - 1) / 2;
  const first = Math.max(0, Math.ceil((Math.min(x0, x1) - half) / scale));
  const last = Math.min(width - 1, Math.floor((Math.max(x0, x1) - half - 1) / scale));
  for (let column = first; column <= last; column++) {
    const fineX = column * scale + half;
    let a: number;
    let b: number;
    if (flat) {
      a = Math.trunc(y0 + slope * (fineX - x0) + 0.5);
      b = Math.trunc(y0 + slope * (fineX + 1 - x0) + 0.5);
    } else {
      const step = stepAcross(x0, slope, dy, fineX);
      a = y0 + step - 1;
      b = y0 + step;
    }
    const y = Math.ceil(Math.min(height, Math.max(0, (Math.min(a, b) + 0.5) / scale - 0.5)));
    changes.push(column * height + y);
  }
}

/** On a steep edge, the first step that lies on the other side of fineX + 0.5 than the start. */
function stepAcross(x0: number, slope: number, dy: number, fineX: number): number {
  const across = (step: number) => Math.trunc(x0 + slope * step + 0.5) > fineX === slope > 0;
  // Rounding decides which step it is, so the estimate is corrected with the very expression that COCO computes.
  let step = Math.min(dy, Math.max(1, Math.round((fineX + 0.5 - x0) / slope)));
  while (step > 1 && across(step - 1)) step--;
  while (step < dy && !across(step)) step++;
  return step;
}

/** Runs of a mask that changes at the sorted positions; two changes at one position cancel out. */
function runsOfChanges(changes: Uint32Array, total: number): Uint32Array {
  const runs = new Uint32Array(changes.length + 1);
  let length = 0;
  let before = 0;
  for (let i = 0; i < changes.length; i++) {
    const at = changes[i]!;
    if (at === changes[i + 1]) {
      i++;
      continue;
    }
    if (at >= total) break;
    runs[length++] = at - before;
    before = at;
  }
  runs[length++] = total - before;
  return length === runs.length ? runs : runs.slice(0, length);
}
