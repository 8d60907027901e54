/**
 * @file How strict boundary IoU is, shown on the truth itself: the truth a little to the side, and the truth as the
 * finest mask that the decoder's 256 x 256 logits can tell. A perfect decoder could not pass the second, and polygons
 * drawn by hand are often further off than the first.
 */
import type { Frame } from '../src-main/contract/geometry.ts';
import { encodeRle, rleOf } from '../src-main/contract/rle.ts';
import { type Region, regionOf, runsOfRegion } from '../src-main/metrics/region.ts';
import { coverageOf } from '../src-main/novo/mask-prompt.ts';
import { rleMaker } from '../src-main/novo/postprocess.ts';

/** Moved by so many pixels to the right and down; what leaves the photo is lost. */
export function movedBy({ edges, height, width }: Region, pixels: number): Region {
  const data = new Uint8Array(width * height);
  for (let k = 0; k < edges.length; k += 2) {
    for (let at = edges[k]!; at < edges[k + 1]!; at++) {
      const x = Math.floor(at / height) + pixels;
      const y = (at % height) + pixels;
      if (x < width && y < height) data[y * width + x] = 1;
    }
  }
  return regionOf(encodeRle({ width, height, data }));
}

/** Logits 12 x (2c - 1) of the share c of each cell of the mask frame that the mask covers, and back to a mask. */
export function throughLogits(mask: Region, frame: Frame): Region {
  const rle = rleOf(runsOfRegion(mask), mask.height, mask.width);
  const logits = coverageOf(rle, frame).map((share) => 12 * (2 * share - 1));
  return regionOf(rleMaker(frame)(logits));
}
