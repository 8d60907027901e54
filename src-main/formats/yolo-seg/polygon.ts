/**
 * @file A mask as the one polygon that a line of YOLO's labels has room for: on pixel edges, as shares of the image, parts
 * joined and holes cut open by lines that are walked there and back.
 */
import { type Ring, ringsOf, traceContours } from '../../contract/contours.ts';
import { runsBox } from '../../contract/rle.ts';
import { joinRings } from '../../mask/join-rings.ts';
import { simplify } from '../../mask/simplify.ts';
import { cropped } from '../coco/segmentation.ts';
import { byCoco, iouOfRuns, parseYoloLine } from './read-label.ts';

/**
 * Ultralytics brings every polygon to 1,000 corners (`resample_segments`): with fewer it adds some on the sides, with more
 * it would drop some anywhere. So outlines of more are simplified here, where the loss can be measured.
 */
export const mostCorners = 1000;

/** Of the simplified outline with the mask. */
export const leastIou = 0.98;

/** Floors that are tried in turn: `simplify` counts by pixel centres, readers of labels by COCO's rule. */
const floors = [leastIou, 0.99, 0.995];

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
  const toShares = (rings: readonly Ring[]) =>
    joinRings(rings).map((value, i) => share(value + box[i % 2]!, i % 2 === 0 ? width : height));
  return {
    shares: (corners > mostCorners ? simpler() : null) ?? toShares(exact),
    parts: parts.length,
    holes: exact.length - parts.length,
  };

  /** null where no simpler outline is near enough. */
  function simpler(): string[] | null {
    for (const minIou of floors) {
      const shares = toShares(simplify(parts, { minIou }).rings);
      const line = parseYoloLine(`0 ${shares.join(' ')}`, width, height);
      if (line && iouOfRuns(byCoco(line, width, height), runs) >= leastIou) return shares;
    }
    return null;
  }
}

const share = (value: number, size: number): string => String(Number((value / size).toFixed(digits)));
