/**
 * @file A mask as the one polygon that a line of YOLO's labels has room for: on pixel edges, as shares of the image, parts
 * joined and holes cut open by lines that are walked there and back.
 */
import { ringsOf, traceContours } from '../../contract/contours.ts';
import { runsBox } from '../../contract/rle.ts';
import { joinRings } from '../../mask/join-rings.ts';
import { simplify } from '../../mask/simplify.ts';
import { cropped } from '../coco/segmentation.ts';

/**
 * Ultralytics brings every polygon to 1,000 corners (`resample_segments`): with fewer it adds some on the sides, with more
 * it would drop some anywhere. So outlines of more are simplified here, where the loss can be measured.
 */
export const mostCorners = 1000;

/** Of the simplified outline with the mask. */
const leastIou = 0.98;

/** Digits that place a corner within a hundredth of a pixel on 10,000. */
const digits = 6;

export type YoloPolygon = {
  /** x and y in turn, 0 to 1, as they are written. */
  readonly shares: readonly string[];
  readonly parts: number;
  readonly holes: number;
};

/** @param runs canonical, of a mask of `height` x `width` pixels with at least one pixel inside. */
export function toYoloPolygon(runs: Uint32Array, width: number, height: number): YoloPolygon {
  const box = runsBox(runs, height);
  const parts = traceContours(cropped(runs, height, box), 4);
  const exact = ringsOf(parts);
  const corners = exact.reduce((sum, ring) => sum + ring.length / 2, 0);
  const rings = corners > mostCorners ? simplify(parts, { minIou: leastIou }).rings : exact;
  const polygon = joinRings(rings);
  return {
    shares: polygon.map((value, i) => share(value + box[i % 2]!, i % 2 === 0 ? width : height)),
    parts: parts.length,
    holes: exact.length - parts.length,
  };
}

const share = (value: number, size: number): string => String(Number((value / size).toFixed(digits)));
