/**
 * @file A mask as metrics need it: checked once, with its area and box, so that two masks that do not meet cost
 * nothing and two that do are compared only where they can meet.
 */
import { AppError } from '../contract/errors.ts';
import type { Mask, Rle } from '../contract/mask.ts';
import { checkSize, runsOf } from '../contract/rle.ts';
import { combineRuns, type MaskOperation } from '../mask/boolean.ts';

/** [x, y, width, height] in pixels; all 0 for an empty mask. */
export type PixelBox = readonly [x: number, y: number, width: number, height: number];

export type Region = {
  readonly height: number;
  readonly width: number;
  /** Run k of ones covers the column-major positions [edges[2k], edges[2k + 1]). */
  readonly edges: Int32Array;
  /** Pixels inside. */
  readonly area: number;
  readonly box: PixelBox;
};

/** @throws AppError bad-request as `runsOf`: an RLE that is damaged or does not fill its size. */
export const regionOf = (rle: Rle): Region => regionOfRuns(runsOf(rle), rle.size[0], rle.size[1]);

/** A region without a pixel. */
export function emptyRegion(height: number, width: number): Region {
  checkSize(height, width);
  return { height, width, edges: new Int32Array(0), area: 0, box: [0, 0, 0, 0] };
}

/** @param runs canonical column-major runs that fill height x width, as `runsOf` gives them; they are not kept. */
export function regionOfRuns(runs: Uint32Array, height: number, width: number): Region {
  const edges = new Int32Array(runs.length & ~1);
  let area = 0;
  let at = 0;
  let top = height;
  let bottom = 0;
  let columnEnd = height; // of the column that the run begins in
  for (let i = 0; i < edges.length; i += 2) {
    const start = at + runs[i]!;
    const end = start + runs[i + 1]!;
    edges[i] = start;
    edges[i + 1] = end;
    area += end - start;
    if (start >= columnEnd) {
      columnEnd = start < columnEnd + height ? columnEnd + height : (Math.floor(start / height) + 1) * height;
    }
    if (end > columnEnd) {
      // It goes on in the next column, so it touches both edges.
      top = 0;
      bottom = height;
    } else {
      top = Math.min(top, start - columnEnd + height);
      bottom = Math.max(bottom, end - columnEnd + height);
    }
    at = end;
  }
  if (area === 0) return { height, width, edges, area, box: [0, 0, 0, 0] };
  const left = Math.floor(edges[0]! / height);
  const right = Math.floor((at - 1) / height) + 1;
  return { height, width, edges, area, box: [left, top, right - left, bottom - top] };
}

/** The runs that `regionOfRuns` was made from. */
export function runsOfRegion({ edges, height, width }: Region): Uint32Array {
  const total = height * width;
  const full = edges.length > 0 && edges[edges.length - 1] === total;
  const runs = new Uint32Array(edges.length + (full ? 0 : 1));
  let before = 0;
  for (let i = 0; i < edges.length; i++) {
    runs[i] = edges[i]! - before;
    before = edges[i]!;
  }
  if (!full) runs[edges.length] = total - before;
  return runs;
}

/** @throws AppError bad-request for masks of different sizes, which nothing can be said about. */
export function sameSize(a: Region, b: Region): void {
  if (a.height === b.height && a.width === b.width) return;
  throw new AppError(
    'bad-request',
    `Masks of different sizes cannot be compared: ${a.width} x ${a.height} and ${b.width} x ${b.height}.`,
    { hint: 'A mask has the size of its upright original image.' },
  );
}

export function combineRegions(a: Region, b: Region, operation: MaskOperation): Region {
  sameSize(a, b);
  return regionOfRuns(combineRuns(runsOfRegion(a), runsOfRegion(b), operation), a.height, a.width);
}

/** The union of regions of one size; an empty one of the given size for none. */
export const uniteRegions = (regions: readonly Region[], height: number, width: number): Region =>
  regions.reduce((all, region) => combineRegions(all, region, 'union'), emptyRegion(height, width));

/** Pixels in both. */
export function intersection(a: Region, b: Region): number {
  sameSize(a, b);
  if (!boxesMeet(a.box, b.box)) return 0;
  const [edgesA, edgesB] = [a.edges, b.edges];
  let i = firstEndingAfter(edgesA, edgesB[0]!);
  let j = firstEndingAfter(edgesB, edgesA[0]!);
  let both = 0;
  while (i < edgesA.length && j < edgesB.length) {
    const startA = edgesA[i]!;
    const startB = edgesB[j]!;
    const endA = edgesA[i + 1]!;
    const endB = edgesB[j + 1]!;
    const start = startA > startB ? startA : startB;
    const end = endA < endB ? endA : endB;
    if (end > start) both += end - start;
    if (endA <= endB) i += 2;
    if (endB <= endA) j += 2;
  }
  return both;
}

function boxesMeet([ax, ay, aw, ah]: PixelBox, [bx, by, bw, bh]: PixelBox): boolean {
  return ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah;
}

/** Index in `edges` of the first run that ends after a position. */
function firstEndingAfter(edges: Int32Array, position: number): number {
  let low = 0;
  let high = edges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[2 * middle + 1]! > position) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}

/** The box around both; that of the other one for an empty one. */
export function boxAround(a: Region, b: Region): PixelBox {
  if (a.area === 0) return b.box;
  if (b.area === 0) return a.box;
  const x = Math.min(a.box[0], b.box[0]);
  const y = Math.min(a.box[1], b.box[1]);
  const right = Math.max(a.box[0] + a.box[2], b.box[0] + b.box[2]);
  const bottom = Math.max(a.box[1] + a.box[3], b.box[1] + b.box[3]);
  return [x, y, right - x, bottom - y];
}

/** The pixels of a part of the image, row-major. */
export function pixelsIn({ edges, height }: Region, [left, top, width, rows]: PixelBox): Mask {
  const data = new Uint8Array(width * rows);
  const bottom = top + rows;
  for (let i = firstEndingAfter(edges, left * height); i < edges.length; i += 2) {
    const end = edges[i + 1]!;
    let at = edges[i]!;
    let x = Math.floor(at / height);
    if (x >= left + width) break;
    while (at < end) {
      const columnEnd = (x + 1) * height;
      if (x >= left + width) break;
      if (x >= left) {
        const from = Math.max(at - x * height, top);
        const to = Math.min(Math.min(end, columnEnd) - x * height, bottom);
        for (let y = from, k = (from - top) * width + x - left; y < to; y++, k += width) data[k] = 1;
      }
      at = columnEnd;
      x++;
    }
  }
  return { width, height: rows, data };
}
