/**
 * @file The pixels of the mask under the brush: the truth while a stroke is drawn. Only a region of the image is kept, which
 * grows as the brush leaves it, so memory follows the mask and not the photo.
 */
import type { Rle } from '../../src-main/contract/mask.ts';
import { runsBox, runsOf } from '../../src-main/contract/rle.ts';
import { cropOfRuns } from '../worker/crop.ts';
import { type Capsule, capsuleBounds, capsuleSpans } from './capsule.ts';
import { contains, intersection, type Rect, rectOf, union } from './rect.ts';

export type ActivePixels = {
  /** Of the image. */
  readonly width: number;
  readonly height: number;
  /** The part of the image that `data` covers, row-major, 0 and 1; outside all is 0. */
  region: Rect;
  data: Uint8Array;
  /** Bounds of what may be 1; null: nothing. Erasing does not shrink it. */
  used: Rect | null;
};

/** Room that a new region gets at each side, image pixels. */
const room = 256;

export const emptyPixels = (width: number, height: number): ActivePixels => ({
  width,
  height,
  region: { x1: 0, y1: 0, x2: 0, y2: 0 },
  data: new Uint8Array(0),
  used: null,
});

/** @throws AppError bad-request when the RLE is damaged. */
export function pixelsOf(rle: Rle): ActivePixels {
  const [height, width] = rle.size;
  const runs = runsOf(rle);
  const [x, y, columns, rows] = runsBox(runs, height);
  if (columns === 0) return emptyPixels(width, height);
  const used = { x1: x, y1: y, x2: x + columns, y2: y + rows };
  const { data } = cropOfRuns(runs, height, [used.x1, used.y1, used.x2, used.y2]);
  return { width, height, region: used, data, used };
}

/** Draws one capsule. @returns the bounds of what it may have changed; null when it missed. */
export function stamp(pixels: ActivePixels, capsule: Capsule, value: 0 | 1): Rect | null {
  const { width, height } = pixels;
  const bounds = capsuleBounds(capsule, width, height);
  if (bounds === null) return null;
  if (value === 1) {
    cover(pixels, bounds);
    pixels.used = union(pixels.used, bounds);
  }
  const { region, data } = pixels;
  const stride = region.x2 - region.x1;
  capsuleSpans(capsule, width, height, (y, start, end) => {
    if (y < region.y1 || y >= region.y2) return;
    const row = (y - region.y1) * stride - region.x1;
    const from = Math.max(start, region.x1);
    const to = Math.min(end, region.x2);
    if (from < to) data.fill(value, row + from, row + to);
  });
  return intersection(bounds, region);
}

/** Grows the region so that it covers `bounds`, by at least half of its size, so that a long stroke grows it seldom. */
function cover(pixels: ActivePixels, bounds: Rect): void {
  const { region, width, height } = pixels;
  if (contains(region, bounds)) return;
  const both = union(region, bounds)!;
  const more = (size: number) => Math.max(room, size >> 1);
  const [dx, dy] = [more(both.x2 - both.x1), more(both.y2 - both.y1)];
  const grown = intersection(
    { x1: both.x1 - dx, y1: both.y1 - dy, x2: both.x2 + dx, y2: both.y2 + dy },
    rectOf(width, height),
  )!;
  const stride = grown.x2 - grown.x1;
  const data = new Uint8Array(stride * (grown.y2 - grown.y1));
  const before = region.x2 - region.x1;
  for (let y = region.y1; y < region.y2; y++) {
    const from = (y - region.y1) * before;
    data.set(pixels.data.subarray(from, from + before), (y - grown.y1) * stride + region.x1 - grown.x1);
  }
  pixels.region = grown;
  pixels.data = data;
}

/** A copy of the part that may hold ones, for the worker; null when there is none. */
export function usedCrop({ region, data, used }: ActivePixels): { box: Rect; data: Uint8Array<ArrayBuffer> } | null {
  if (used === null) return null;
  const stride = region.x2 - region.x1;
  const width = used.x2 - used.x1;
  const crop = new Uint8Array(width * (used.y2 - used.y1));
  for (let y = used.y1; y < used.y2; y++) {
    const from = (y - region.y1) * stride + used.x1 - region.x1;
    crop.set(data.subarray(from, from + width), (y - used.y1) * width);
  }
  return { box: used, data: crop };
}

/** A state to come back to when a stroke is dropped. */
export const snapshotOf = ({ region, data, used }: ActivePixels) => ({ region, data: data.slice(), used });
