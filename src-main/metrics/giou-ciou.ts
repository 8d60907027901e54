/**
 * @file gIoU and cIoU of reasoning segmentation, in the two ways that published numbers are made. They differ where
 * it matters (pixels that annotators marked "ignore", queries without a target), so a report names its profile.
 *
 * `lisa`: dvlab-research/LISA, train_ds.py `validate` and utils/utils.py `intersectionAndUnionGPU`, `AverageMeter`:
 * ignore pixels count in neither mask; a mask's value is I / (U + 1e-5), plus 1 where the union is empty; gIoU is the
 * sum of the values / (n + 1e-5), cIoU is sum I / (sum U + 1e-10). LISA adds up in float32, this in float64.
 *
 * `seg-zero`: dvlab-research/Seg-Zero, evaluation_scripts: masks are read as booleans, so that ignore pixels are part
 * of the target; a value is I / U, and 0 where the union is empty; gIoU is their mean, cIoU is sum I / sum U.
 */
import { combineRegions, intersection, type Region, sameSize } from './region.ts';

export const iouProfiles = ['lisa', 'seg-zero'] as const;
export type IouProfile = (typeof iouProfiles)[number];

/** Pixels in both masks and in either of them. */
export type Overlap = { readonly intersection: number; readonly union: number };

/**
 * What a prediction and a target have in common under a profile. `ignore` may overlap neither, either or both; where it
 * overlaps the target, the target's pixels are ignored as well (`lisa`).
 */
export function overlapOf(
  prediction: Region,
  target: Region,
  ignore: Region | null = null,
  profile: IouProfile = 'lisa',
): Overlap {
  if (!ignore) return plainOverlap(prediction, target);
  if (profile === 'seg-zero') return plainOverlap(prediction, combineRegions(target, ignore, 'union'));
  return plainOverlap(combineRegions(prediction, ignore, 'subtract'), combineRegions(target, ignore, 'subtract'));
}

export function plainOverlap(a: Region, b: Region): Overlap {
  sameSize(a, b);
  const both = intersection(a, b);
  return { intersection: both, union: a.area + b.area - both };
}

/** The value of one mask, 0 to 1. */
export function iouValue({ intersection: both, union }: Overlap, profile: IouProfile = 'lisa'): number {
  if (profile === 'seg-zero') return union === 0 ? 0 : both / union;
  return both / (union + 1e-5) + (union === 0 ? 1 : 0);
}

/** Sums over masks, from which both measures follow; sums of parts may be added. */
export type IouSums = {
  readonly masks: number;
  readonly values: number;
  readonly intersection: number;
  readonly union: number;
};

/** Mean of the values of the masks, 0 to 1; 0 for no mask. */
export function giou({ masks, values }: IouSums, profile: IouProfile = 'lisa'): number {
  if (profile === 'lisa') return values / (masks + 1e-5);
  return masks === 0 ? 0 : values / masks;
}

/** Intersection of all masks together over their union, 0 to 1; 0 where all are empty. */
export function ciou({ intersection: both, union }: IouSums, profile: IouProfile = 'lisa'): number {
  if (profile === 'lisa') return both / (union + 1e-10);
  return union === 0 ? 0 : both / union;
}

export function sumIou(overlaps: readonly Overlap[], profile: IouProfile = 'lisa'): IouSums {
  const sums = { masks: 0, values: 0, intersection: 0, union: 0 };
  for (const overlap of overlaps) {
    sums.masks++;
    sums.values += iouValue(overlap, profile);
    sums.intersection += overlap.intersection;
    sums.union += overlap.union;
  }
  return sums;
}
