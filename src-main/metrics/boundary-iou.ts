/**
 * @file Boundary IoU (Cheng et al., CVPR 2021; bowenc0221/boundary-iou-api, boundary_iou/utils/boundary_utils.py
 * `mask_to_boundary`): the IoU of the bands that lie inside each mask along its outline. A band is what d erosions
 * by a 3 x 3 square take away, where everything outside the image is background: the pixels of the mask whose
 * Chebyshev distance to the background or to the outside is at most d.
 */
import { bitsIn, countBits, innerBand } from './bits.ts';
import type { Overlap } from './giou-ciou.ts';
import { boxAround, type Region, sameSize } from './region.ts';

/** Width of the band: a share of the image's diagonal (the API's form, 0.02), or pixels (3 in NOVO's tables). */
export type BandWidth = { readonly ratio: number } | { readonly pixels: number };

export const bandRatio: BandWidth = { ratio: 0.02 };
export const band3Pixels: BandWidth = { pixels: 3 };

/** The width in pixels, at least 1. Python rounds a half to the even neighbour, and so does this. */
export function bandPixels(width: BandWidth, imageHeight: number, imageWidth: number): number {
  if ('pixels' in width) return Math.max(1, Math.floor(width.pixels));
  const exact = width.ratio * Math.sqrt(imageHeight ** 2 + imageWidth ** 2);
  const low = Math.floor(exact);
  const up = exact - low > 0.5 || (exact - low === 0.5 && low % 2 === 1);
  return Math.max(1, low + (up ? 1 : 0));
}

/** Pixels in both bands and in either. */
export function boundaryOverlap(a: Region, b: Region, width: BandWidth): Overlap {
  sameSize(a, b);
  // Outside the box around both there is only background, as there is outside the image.
  const box = boxAround(a, b);
  if (box[2] === 0) return { intersection: 0, union: 0 };
  const d = bandPixels(width, a.height, a.width);
  const bandA = innerBand(bitsIn(a, box, 1), d);
  const bandB = innerBand(bitsIn(b, box, 1), d);
  const [inA, inB] = [countBits(bandA), countBits(bandB)];
  for (let i = 0; i < bandA.length; i++) bandA[i]! &= bandB[i]!;
  const intersection = countBits(bandA);
  return { intersection, union: inA + inB - intersection };
}

/** 0 to 1. Two empty masks agree: 1 (the API leaves 0 / 0 open). */
export function boundaryIou(a: Region, b: Region, width: BandWidth): number {
  const { intersection, union } = boundaryOverlap(a, b, width);
  return union === 0 ? 1 : intersection / union;
}
