/**
 * @file Matching detections to truths in one group, as COCO does it (cocoapi, PythonAPI/pycocotools/cocoeval.py
 * `computeIoU`, `evaluateImg`). A group is an image and a category, or, for reasoning segmentation, an image and a
 * query. What remains of a group are a few bits a detection, so that a data set of any size is evaluated group by group.
 */
import { AppError } from '../contract/errors.ts';
import { intersection, type Region } from './region.ts';

/** numpy's linspace(first, last, count), bit by bit: thresholds decide at equality. */
const linspace = (first: number, last: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => (k === count - 1 ? last : k * ((last - first) / (count - 1)) + first));

/** IoU .5 to .95 in steps of .05. */
export const iouThresholds = linspace(0.5, 0.95, 10);
/** Recall 0 to 1 in steps of .01. */
export const recallThresholds = linspace(0, 1, 101);

/** Areas in pixels, both ends included; tested on the truth's given area and on the detection's pixels. */
export const areaRanges = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const;
export type AreaName = keyof typeof areaRanges;
export const areaNames = Object.keys(areaRanges) as AreaName[];

/** Detections of one group that count, best first. */
export const maxDetections = 100;

export type Truth = {
  readonly region: Region;
  /** Decides small, medium, large; COCO takes the annotation's `area`, which need not be that of the mask. */
  readonly area: number;
  /** Stands for many things: any number of detections may lie in it, and none of them counts. */
  readonly crowd?: boolean;
  /** May be found and need not be: a detection of it counts neither way. */
  readonly ignore?: boolean;
};

export type Detection = { readonly region: Region; readonly score: number };

/** What is kept of a group. Entry [a * scores.length + d] is of area range a and detection d; bit t of threshold t. */
export type GroupMatches = {
  /** Falling; at most `maxDetections`. */
  readonly scores: Float64Array;
  /** Detections that found a truth. */
  readonly found: Uint16Array;
  /** Detections that count neither way. */
  readonly ignored: Uint16Array;
  /** Truths that count, by area range. */
  readonly truths: readonly number[];
};

/** Intersection over union, and over the detection's own area for a crowd; 0 where they share nothing. */
export function cocoIou(detection: Region, truth: Region, crowd = false): number {
  const both = intersection(detection, truth);
  if (both === 0) return 0;
  return both / (crowd ? detection.area : detection.area + truth.area - both);
}

/**
 * Each detection, best score first, takes the truth with the highest IoU that is still free (the later of two equal
 * ones); truths that count go before those that do not. Detections of equal score keep their order.
 * @throws AppError bad-request for a score that is no number, or masks of different sizes.
 */
export function matchGroup(truths: readonly Truth[], detections: readonly Detection[]): GroupMatches {
  for (const { score } of detections) {
    if (!Number.isFinite(score)) throw new AppError('bad-request', `A detection has the score ${score}.`);
  }
  const sorted = detections.toSorted((a, b) => b.score - a.score).slice(0, maxDetections);
  const near = sorted.map(({ region }) => candidates(region, truths));
  const count = sorted.length;
  const found = new Uint16Array(areaNames.length * count);
  const ignored = new Uint16Array(areaNames.length * count);
  const counted: number[] = [];
  for (const [a, name] of areaNames.entries()) {
    const [low, high] = areaRanges[name];
    const optional = truths.map(({ area, crowd, ignore }) => crowd || ignore || area < low || area > high);
    counted.push(optional.filter((each) => !each).length);
    const taken = new Uint16Array(truths.length);
    for (let d = 0; d < count; d++) {
      const outside = sorted[d]!.region.area < low || sorted[d]!.region.area > high;
      if (near[d]!.length === 0) {
        if (outside) ignored[a * count + d] = 0xffff;
        continue;
      }
      for (let t = 0; t < iouThresholds.length; t++) {
        const bit = 1 << t;
        const k = best(near[d]!, iouThresholds[t]!, (k) => (taken[k]! & bit) !== 0 && !truths[k]!.crowd, optional);
        if (k < 0) {
          if (outside) ignored[a * count + d]! |= bit;
          continue;
        }
        taken[k]! |= bit;
        found[a * count + d]! |= bit;
        if (optional[k]) ignored[a * count + d]! |= bit;
      }
    }
  }
  return { scores: Float64Array.from(sorted, ({ score }) => score), found, ignored, truths: counted };
}

type Candidate = { readonly truth: number; readonly iou: number };

/** Truths that the lowest threshold admits, in their order. */
function candidates(region: Region, truths: readonly Truth[]): Candidate[] {
  const list: Candidate[] = [];
  for (const [truth, { region: other, crowd }] of truths.entries()) {
    const iou = cocoIou(region, other, crowd);
    if (iou >= iouThresholds[0]!) list.push({ truth, iou });
  }
  return list;
}

/** The truth that a detection takes, -1 for none. */
function best(
  near: readonly Candidate[],
  threshold: number,
  isTaken: (truth: number) => boolean,
  optional: readonly (boolean | undefined)[],
): number {
  let found = -1;
  let value = Math.min(threshold, 1 - 1e-10);
  for (const wanted of [true, false]) {
    if (found >= 0) break;
    for (const { truth, iou } of near) {
      if (!optional[truth] !== wanted || iou < value || isTaken(truth)) continue;
      value = iou;
      found = truth;
    }
  }
  return found;
}
