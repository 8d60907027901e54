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

/** The changes of the polygon that is at work, as x * height + y: one buffer, which grows with the largest. */
let changes = new Uint32Array(1 << 12);
let changed = 0;

function polygonRuns(polygon: readonly number[], width: number, height: number): Uint32Array {
  changed = 0;
  // At most 5 * 2^26 and a half: 32 bits hold them.
  const fine = (value: number) => (scale * value + 0.5) | 0;
  const last = polygon.length - 2;
  let x0 = last < 0 ? 0 : fine(polygon[last]!);
  let y0 = last < 0 ? 0 : fine(polygon[last + 1]!);
  for (let i = 0; i <= last; i += 2) {
    const x1 = fine(polygon[i]!);
    const y1 = fine(polygon[i + 1]!);
    columnChanges(x0, y0, x1, y1, width, height);
    if (changed > maxChanges) {
      throw new AppError(
        'bad-request',
        `A polygon of ${polygon.length / 2} vertices crosses the image too often to be an outline.`,
      );
    }
    x0 = x1;
    y0 = y1;
  }
  return runsOfChanges(changes.subarray(0, changed).sort(), width * height);
}

/**
 * Adds the changes of one edge. COCO walks every step of the edge; only the two steps on either
 * side of a column's centre line matter, so just those are computed: time and memory follow the columns of the
 * frame and not the length of an edge, which a file may make as long as it likes.
 */
function columnChanges(fromX: number, fromY: number, toX: number, toY: number, width: number, height: number): void {
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
  while (changed + last - first + 1 > changes.length) {
    const larger = new Uint32Array(2 * changes.length);
    larger.set(changes);
    changes = larger;
  }
  for (let column = first; column <= last; column++) {
    const fineX = column * scale + half;
    let a: number;
    let b: number;
    if (flat) {
      a = (y0 + slope * (fineX - x0) + 0.5) | 0;
      b = (y0 + slope * (fineX + 1 - x0) + 0.5) | 0;
    } else {
      const step = stepAcross(x0, slope, dy, fineX);
      a = y0 + step - 1;
      b = y0 + step;
    }
    const y = Math.ceil(Math.min(height, Math.max(0, (Math.min(a, b) + 0.5) / scale - 0.5)));
    changes[changed++] = column * height + y;
  }
}

/** On a steep edge, the first step that lies on the other side of fineX + 0.5 than the start. */
function stepAcross(x0: number, slope: number, dy: number, fineX: number): number {
  const across = (step: number) => ((x0 + slope * step + 0.5) | 0) > fineX === slope > 0;
  // Rounding decides which step it is, so the estimate is corrected with the very expression that COCO computes.
  let step = Math.min(dy, Math.max(1, Math.round((fineX + 0.5 - x0) / slope)));
  while (step > 1 && across(step - 1)) step--;
  while (step < dy && !across(step)) step++;
  return step;
}

/** Runs of a mask that changes at the sorted positions; two changes at one position cancel out. */
function runsOfChanges(sorted: Uint32Array, total: number): Uint32Array {
  const runs = new Uint32Array(sorted.length + 1);
  let length = 0;
  let before = 0;
  // Never beyond the end: one such look makes every look slow.
  const last = sorted.length - 1;
  for (let i = 0; i <= last; i++) {
    const at = sorted[i]!;
    if (i < last && at === sorted[i + 1]) {
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
