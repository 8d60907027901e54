/**
 * @file A mask as the pixels of its box only. A dataset's masks are small beside their photos: 500 masks on 12 megapixels
 * are 6 gigabytes as whole masks and a few megabytes as crops.
 */
import type { Mask } from '../../src-main/contract/mask.ts';
import { maskToRuns } from '../../src-main/contract/runs.ts';
import type { Bounds } from './messages.ts';

/** Pixels inside `box` (not empty) of a mask given by column-major runs in columns of `height` pixels. */
export function cropOfRuns(runs: Uint32Array, height: number, [x1, y1, x2, y2]: Bounds): Mask {
  const width = x2 - x1;
  const data = new Uint8Array(width * (y2 - y1));
  for (let i = 1, at = 0; i < runs.length; i += 2) {
    at += runs[i - 1]!;
    const end = at + runs[i]!;
    while (at < end) {
      const x = Math.floor(at / height);
      const top = x * height;
      const stop = Math.min(end, top + height);
      if (x >= x1 && x < x2) {
        const from = Math.max(at - top, y1);
        const to = Math.min(stop - top, y2);
        for (let k = (from - y1) * width + x - x1, last = (to - y1) * width; k < last; k += width) data[k] = 1;
      }
      at = stop;
    }
  }
  return { width, height: y2 - y1, data };
}

/**
 * Canonical column-major runs of the whole image (`width` x `height`) of a mask whose pixels outside `box` are 0.
 * @param crop row-major pixels of `box`, 0 and 1
 */
export function runsOfCrop(crop: Uint8Array, [x1, y1, x2, y2]: Bounds, width: number, height: number): Uint32Array {
  const rows = y2 - y1;
  const inside = maskToRuns({ width: x2 - x1, height: rows, data: crop });
  // A run that goes on in the next column of the crop is cut there, unless the crop has the whole height.
  const runs: number[] = [];
  let covered = 0; // pixels of the whole image that `runs` tells of; it ends in ones, or is empty
  const add = (start: number, end: number) => {
    if (start === covered && runs.length > 0) runs[runs.length - 1]! += end - start;
    else runs.push(start - covered, end - start);
    covered = end;
  };
  for (let i = 1, at = 0; i < inside.length; i += 2) {
    at += inside[i - 1]!;
    const end = at + inside[i]!;
    while (at < end) {
      const column = Math.floor(at / rows);
      const stop = Math.min(end, (column + 1) * rows);
      const offset = (x1 + column) * height + y1 - column * rows;
      add(at + offset, stop + offset);
      at = stop;
    }
  }
  if (covered < width * height) runs.push(width * height - covered);
  return Uint32Array.from(runs);
}
