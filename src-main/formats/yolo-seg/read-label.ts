/** @file A line of YOLO's labels as a mask, by the two rules that its readers fill polygons by. */
import { maskToRuns } from '../../contract/runs.ts';
import { overlapOfRuns } from '../../mask/boolean.ts';
import { rasteriseCocoRuns } from '../../mask/rasterise-coco.ts';
import { rasteriseOpencv } from '../../mask/rasterise-opencv.ts';

/** The corners are pixels of the image, [x0, y0, x1, y1, ...]. */
export type YoloLine = { readonly category: number; readonly ring: readonly number[] };

/** null for a line that is none of a polygon. */
export function parseYoloLine(line: string, width: number, height: number): YoloLine | null {
  const [category = Number.NaN, ...shares] = line.trim().split(/\s+/).map(Number);
  const fits = shares.length >= 6 && shares.length % 2 === 0 && shares.every((value) => value >= 0 && value <= 1);
  if (!Number.isInteger(category) || category < 0 || !fits) return null;
  return { category, ring: shares.map((value, i) => value * (i % 2 === 0 ? width : height)) };
}

/** By COCO's rule, which is what our import and converters to COCO take. Canonical runs. */
export const byCoco = ({ ring }: YoloLine, width: number, height: number): Uint32Array =>
  rasteriseCocoRuns([ring], width, height);

/** As Ultralytics does at this size: corners cut to whole pixels and filled by OpenCV, which paints the far sides too. */
export const byUltralytics = ({ ring }: YoloLine, width: number, height: number): Uint32Array =>
  maskToRuns(rasteriseOpencv([ring.map(Math.trunc)], width, height));

/** Intersection over union of two masks of one size, of which one has a pixel. */
export function iouOfRuns(a: Uint32Array, b: Uint32Array): number {
  const { both, areaA, areaB } = overlapOfRuns(a, b);
  return both / (areaA + areaB - both);
}
