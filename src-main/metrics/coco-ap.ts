/**
 * @file COCO's average precision and recall from matched groups (cocoapi, PythonAPI/pycocotools/cocoeval.py
 * `accumulate`, `summarize`): detections of all groups of a category in the order of their scores, precision made
 * monotone from the right, read at 101 recalls, averaged over ten IoU thresholds and over the categories.
 */
import {
  type AreaName,
  areaNames,
  type GroupMatches,
  iouThresholds,
  maxDetections,
  recallThresholds,
} from './coco-match.ts';

/** Detections of all groups, best first; equal scores in the order of the groups. */
export type Ranking = {
  /** Group that each detection is of. */
  readonly group: Int32Array;
  /** Bits by IoU threshold, as in GroupMatches. */
  readonly found: Uint16Array;
  readonly ignored: Uint16Array;
  /** Truths that count in each group. */
  readonly truths: Float64Array;
};

/** @param most detections of a group that count, best first. */
export function rank(groups: readonly GroupMatches[], area: AreaName = 'all', most: number = maxDetections): Ranking {
  const a = areaNames.indexOf(area);
  let total = 0;
  for (const { scores } of groups) total += Math.min(most, scores.length);
  const [group, entry, scores] = [new Int32Array(total), new Int32Array(total), new Float64Array(total)];
  let at = 0;
  for (const [g, matches] of groups.entries()) {
    for (let d = 0; d < Math.min(most, matches.scores.length); d++, at++) {
      group[at] = g;
      entry[at] = a * matches.scores.length + d;
      scores[at] = matches.scores[d]!;
    }
  }
  const order = Uint32Array.from({ length: total }, (_, k) => k).sort((p, q) => scores[q]! - scores[p]! || p - q);
  const pick = (bits: 'found' | 'ignored') => Uint16Array.from(order, (k) => groups[group[k]!]![bits][entry[k]!]!);
  return {
    group: Int32Array.from(order, (k) => group[k]!),
    found: pick('found'),
    ignored: pick('ignored'),
    truths: Float64Array.from(groups, ({ truths }) => truths[a]!),
  };
}

/** Precision at each of the 101 recalls, and the highest recall, at one IoU threshold; null where no truth counts. */
export type Curve = { readonly precision: Float64Array; readonly recall: number };

/** @param weights how often each group counts: 1 for all by default, other counts for a resampled data set. */
export function curveAt(ranking: Ranking, threshold: number, weights?: Float64Array): Curve | null {
  const { group, found, ignored, truths } = ranking;
  let wanted = 0;
  for (let g = 0; g < truths.length; g++) wanted += truths[g]! * (weights ? weights[g]! : 1);
  if (wanted === 0) return null;
  const bit = 1 << threshold;
  const precision = new Float64Array(group.length);
  const recall = new Float64Array(group.length);
  let hits = 0;
  let misses = 0;
  for (let d = 0; d < group.length; d++) {
    const weight = weights ? weights[group[d]!]! : 1;
    if ((ignored[d]! & bit) === 0) {
      if ((found[d]! & bit) !== 0) hits += weight;
      else misses += weight;
    }
    recall[d] = hits / wanted;
    precision[d] = hits / (misses + hits + Number.EPSILON);
  }
  for (let d = group.length - 2; d >= 0; d--) precision[d] = Math.max(precision[d]!, precision[d + 1]!);
  const read = new Float64Array(recallThresholds.length);
  for (let r = 0, d = 0; r < read.length; r++) {
    while (d < group.length && recall[d]! < recallThresholds[r]!) d++;
    if (d === group.length) break;
    read[r] = precision[d]!;
  }
  return { precision: read, recall: group.length === 0 ? 0 : recall[group.length - 1]! };
}

/** Average precision and recall of one category, by IoU threshold; null where no truth counts. */
export type CategoryResult = { readonly precision: readonly Float64Array[]; readonly recall: readonly number[] } | null;

export function evaluateRanking(ranking: Ranking, weights?: Float64Array): CategoryResult {
  const curves = Array.from(iouThresholds, (_, t) => curveAt(ranking, t, weights));
  if (curves.some((curve) => curve === null)) return null;
  return { precision: curves.map((curve) => curve!.precision), recall: curves.map((curve) => curve!.recall) };
}

/** COCO's twelve figures, 0 to 1; null (COCO prints -1) where no truth counts. */
export type CocoSummary = Readonly<Record<(typeof summaryNames)[number], number | null>>;
export const summaryNames = [
  'AP',
  'AP50',
  'AP75',
  'APsmall',
  'APmedium',
  'APlarge',
  'AR1',
  'AR10',
  'AR100',
  'ARsmall',
  'ARmedium',
  'ARlarge',
] as const;

const at50 = 0;
const at75 = 5;

/** @param categories the groups of each category; one list for class-agnostic evaluation. */
export function summariseCoco(categories: readonly (readonly GroupMatches[])[]): CocoSummary {
  const results = (area: AreaName, most: number = maxDetections) =>
    categories.flatMap((groups) => evaluateRanking(rank(groups, area, most)) ?? []);
  const [all, small, medium, large] = areaNames.map((area) => results(area));
  return {
    AP: averagePrecision(all!),
    AP50: averagePrecision(all!, at50),
    AP75: averagePrecision(all!, at75),
    APsmall: averagePrecision(small!),
    APmedium: averagePrecision(medium!),
    APlarge: averagePrecision(large!),
    AR1: averageRecall(results('all', 1)),
    AR10: averageRecall(results('all', 10)),
    AR100: averageRecall(all!),
    ARsmall: averageRecall(small!),
    ARmedium: averageRecall(medium!),
    ARlarge: averageRecall(large!),
  };
}

type Valid = NonNullable<CategoryResult>;

/** Mean over categories, IoU thresholds (or one of them) and recalls. */
export function averagePrecision(results: readonly Valid[], threshold?: number): number | null {
  const curves = results.flatMap(({ precision }) => (threshold === undefined ? precision : [precision[threshold]!]));
  return mean(curves.map((curve) => mean(curve)!));
}

const averageRecall = (results: readonly Valid[]) => mean(results.map(({ recall }) => mean(recall)!));

function mean(values: ArrayLike<number>): number | null {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? null : sum / values.length;
}

/** Found, given and wanted instances at one IoU threshold, without those that count neither way. */
export type InstanceCounts = { readonly found: number; readonly given: number; readonly wanted: number };

export function countInstances({ scores, found, ignored, truths }: GroupMatches, threshold = at50): InstanceCounts {
  const bit = 1 << threshold;
  const counts = { found: 0, given: 0, wanted: truths[0]! };
  for (let d = 0; d < scores.length; d++) {
    if ((ignored[d]! & bit) !== 0) continue;
    counts.given++;
    if ((found[d]! & bit) !== 0) counts.found++;
  }
  return counts;
}
