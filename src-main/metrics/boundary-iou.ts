/**
 * @file Boundary IoU (Cheng et al., CVPR 2021; bowenc0221/boundary-iou-api, boundary_iou/utils/boundary_utils.py
 * `mask_to_boundary`): the IoU of the bands that lie inside each mask along its outline. A band is what d erosions
 * by a 3 x 3 square take away, where everything outside the image is background: the pixels of the mask whose
 * Chebyshev distance to the background or to the outside is at most d.
 */
import type { Mask } from '../contract/mask.ts';
import { erode } from '../mask/morphology.ts';
import type { Overlap } from './giou-ciou.ts';
import { boxAround, pixelsIn, type Region, sameSize } from './region.ts';

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
  // Outside the box around both there is only background, which is what `erode` takes everything outside to be.
  const box = boxAround(a, b);
  if (box[2] === 0) return { intersection: 0, union: 0 };
  const d = bandPixels(width, a.height, a.width);
  const bandA = band(pixelsIn(a, box), d);
  const bandB = band(pixelsIn(b, box), d);
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < bandA.length; i++) {
    intersection += bandA[i]! & bandB[i]!;
    union += bandA[i]! | bandB[i]!;
  }
  return { intersection, union };
}

function band(mask: Mask, d: number): Uint8Array {
  const data = erode(mask, d, 'square').data;
  for (let i = 0; i < data.length; i++) data[i] = mask.data[i]! & (data[i]! ^ 1);
  return data;
}

/** 0 to 1. Two empty masks agree: 1 (the API leaves 0 / 0 open). */
export function boundaryIou(a: Region, b: Region, width: BandWidth): number {
  const { intersection, union } = boundaryOverlap(a, b, width);
  return union === 0 ? 1 : intersection / union;
}
