/**
 * @file The boundary F-measure of DAVIS (davisvideochallenge/davis2017-evaluation, davis2017/metrics.py `f_measure`,
 * `_seg2bmap`): how much of each outline lies within a tolerance of the other one. Outlines are thin lines of pixels
 * whose right, lower or lower right neighbour has the other value; the tolerance is a disk. There is no thinning and no
 * one-to-one matching.
 */
import { bitsIn, countBits, dilateDisk, outline } from './bits.ts';
import { boxAround, type PixelBox, type Region, sameSize } from './region.ts';

/** Outline pixels of the prediction and of the target, and how many of each are near the other outline. */
export type BoundaryMatch = {
  readonly predicted: number;
  readonly target: number;
  readonly predictedNear: number;
  readonly targetNear: number;
};

/** The tolerance of NOVO's tables in pixels; DAVIS's own is 0.008 of the diagonal. */
export const tolerance3Pixels = 3;

/** Radius in pixels: `bound` itself from 1 on, and the share of the diagonal below it, rounded up. */
export const toleranceRadius = (bound: number, height: number, width: number): number =>
  bound >= 1 ? bound : Math.ceil(bound * Math.sqrt(height ** 2 + width ** 2));

export function boundaryMatch(prediction: Region, target: Region, bound = tolerance3Pixels): BoundaryMatch {
  sameSize(prediction, target);
  const box = withMargin(boxAround(prediction, target), prediction);
  if (box[2] === 0) return { predicted: 0, target: 0, predictedNear: 0, targetNear: 0 };
  const radius = toleranceRadius(bound, prediction.height, prediction.width);
  const spare = Math.ceil(radius);
  const [first, second] = [bitsIn(prediction, box, spare), bitsIn(target, box, spare)];
  const [a, b] = [outline(first), outline(second)];
  const near = (lines: Int32Array, others: Int32Array) => {
    const within = dilateDisk(others, first.perColumn, radius);
    for (let i = 0; i < within.length; i++) within[i]! &= lines[i]!;
    return countBits(within);
  };
  return { predicted: countBits(a), target: countBits(b), predictedNear: near(a, b), targetNear: near(b, a) };
}

/**
 * One pixel more on every side, as far as the image goes: outlines begin one pixel before a mask, and the last row
 * and column have rules of their own only where they are the image's.
 */
function withMargin([x, y, width, height]: PixelBox, image: Region): PixelBox {
  if (width === 0) return [0, 0, 0, 0];
  const [left, top] = [Math.max(0, x - 1), Math.max(0, y - 1)];
  return [left, top, Math.min(image.width, x + width + 1) - left, Math.min(image.height, y + height + 1) - top];
}

/** F, 0 to 1; 1 where neither mask has an outline, 0 where one of them has none. */
export function boundaryF({ predicted, target, predictedNear, targetNear }: BoundaryMatch): number {
  if (predicted === 0 && target === 0) return 1;
  const precision = predicted === 0 ? 1 : target === 0 ? 0 : predictedNear / predicted;
  const recall = target === 0 ? 1 : predicted === 0 ? 0 : targetNear / target;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
