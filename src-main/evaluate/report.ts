/** @file What an evaluation says: figures with intervals, parts of the data set, and every query. It is written as JSON. */
import { type CocoSummary, curveAt, rank, summariseCoco } from '../metrics/coco-ap.ts';
import type { IouProfile } from '../metrics/giou-ciou.ts';
import { clustersOf, drawWeights, type Interval, percentileInterval, seededRandom } from '../metrics/resample.ts';
import { type Figures, type Tally, tallyOf } from './figures.ts';
import type { ProblemReport } from './problems.ts';
import type { QueryScore } from './score.ts';
import { finish, type Steps } from './steps.ts';

export type Figure = { readonly value: number | null; readonly interval: Interval | null };

/** A part of the data set, such as all queries of one family. */
export type Part = { readonly queries: number; readonly figures: Figures };

export type Report = {
  readonly format: 'novo-evaluation';
  readonly version: 1;
  readonly profile: IouProfile;
  readonly groundTruth: string;
  readonly results: string;
  readonly resamples: number;
  readonly seed: number;
  readonly queries: number;
  readonly images: number;
  readonly answered: number;
  readonly noTarget: number;
  readonly leftOut: readonly string[];
  readonly problems: ProblemReport;
  readonly figures: Readonly<Record<string, Figure>>;
  /** COCO's twelve, each query as an image and one class for all; null where there are no instances. */
  readonly coco: CocoSummary | null;
  /** Precision at recall 0, .01, ... 1 for IoU .5 and .75. */
  readonly curves: { readonly iou50: readonly number[]; readonly iou75: readonly number[] } | null;
  readonly decoderCalls: { readonly median: number; readonly mean: number } | null;
  readonly totalMs: { readonly median: number; readonly mean: number } | null;
  /** By stratum, then by its value. */
  readonly parts: Readonly<Record<string, Readonly<Record<string, Part>>>>;
  readonly perQuery: readonly QueryLine[];
};

/** One query of the report. IoU values are those of the profile. */
export type QueryLine = {
  readonly id: string;
  readonly image: string | null;
  readonly text: string;
  readonly answered: boolean;
  readonly noTarget: boolean;
  readonly saidNothing: boolean;
  readonly semantic: number | null;
  readonly refined: number | null;
  readonly boundaryIou: number | null;
  readonly boundaryF: number | null;
};

export type ReportOptions = {
  readonly profile: IouProfile;
  readonly groundTruth: string;
  readonly results: string;
  readonly leftOut: readonly string[];
  readonly problems: ProblemReport;
  /** Resampled sets for the intervals; 0 for none. */
  readonly resamples: number;
  readonly seed: number;
};

export const makeReport = (scores: readonly QueryScore[], options: ReportOptions): Report =>
  finish(reportSteps(scores, options));

/** The report in steps, one for each resampled set. */
export function* reportSteps(scores: readonly QueryScore[], options: ReportOptions): Steps<Report> {
  const { profile, resamples, seed } = options;
  const tally = tallyOf(scores, profile);
  const groups = scores.flatMap(({ matches }) => matches ?? []);
  const figures = yield* withIntervals(scores, tally, resamples, seed);
  return {
    format: 'novo-evaluation',
    version: 1,
    ...options,
    queries: scores.length,
    images: new Set(scores.map(({ imageKey }) => imageKey)).size,
    answered: scores.filter(({ answered }) => answered).length,
    noTarget: scores.filter(({ noTarget }) => noTarget).length,
    figures,
    coco: groups.length === 0 ? null : summariseCoco([groups]),
    curves: curvesOf(scores),
    decoderCalls: middle(scores.map(({ decoderCalls }) => decoderCalls)),
    totalMs: middle(scores.map(({ totalMs }) => totalMs)),
    parts: partsOf(scores, profile),
    perQuery: scores.map(toLine),
  };
}

function* withIntervals(
  scores: readonly QueryScore[],
  tally: Tally,
  resamples: number,
  seed: number,
): Steps<Record<string, Figure>> {
  const clusters = clustersOf(scores.map(({ imageKey }) => imageKey));
  const random = seededRandom(seed);
  const drawn: Figures[] = [];
  for (let done = 0; done < resamples; done++) {
    drawn.push(tally(drawWeights(random, clusters)));
    yield { done, total: resamples };
  }
  return Object.fromEntries(
    Object.entries(tally()).map(([name, value]): [string, Figure] => [
      name,
      { value, interval: value === null ? null : percentileInterval(drawn.flatMap((each) => each[name] ?? [])) },
    ]),
  );
}

function curvesOf(scores: readonly QueryScore[]): Report['curves'] {
  const ranking = rank(scores.flatMap(({ matches }) => matches ?? []));
  const [iou50, iou75] = [curveAt(ranking, 0), curveAt(ranking, 5)];
  return iou50 && iou75 && { iou50: Array.from(iou50.precision), iou75: Array.from(iou75.precision) };
}

/** Median and mean of the numbers that are there; the upper of the two middle ones. */
function middle(values: readonly (number | null)[]) {
  const known = values.flatMap((value) => value ?? []).sort((a, b) => a - b);
  if (known.length === 0) return null;
  return { median: known[known.length >> 1]!, mean: known.reduce((sum, value) => sum + value, 0) / known.length };
}

/** Every stratum that divides the set at all; the larger parts first. */
function partsOf(scores: readonly QueryScore[], profile: IouProfile): Report['parts'] {
  const names = new Set(scores.flatMap(({ strata }) => Object.keys(strata)));
  const parts: Record<string, Record<string, Part>> = {};
  for (const name of names) {
    const groups = Map.groupBy(scores, ({ strata }) => strata[name] ?? 'none');
    if (groups.size < 2) continue;
    const sorted = [...groups].sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1));
    parts[name] = Object.fromEntries(
      sorted.map(([value, members]) => [value, { queries: members.length, figures: tallyOf(members, profile)() }]),
    );
  }
  return parts;
}

const toLine = (score: QueryScore): QueryLine => ({
  id: score.id,
  image: score.fileName,
  text: score.text,
  answered: score.answered,
  noTarget: score.noTarget,
  saidNothing: score.saidNothing,
  semantic: score.semantic?.value ?? null,
  refined: score.refined?.value ?? null,
  boundaryIou: score.refined?.boundaryIou ?? null,
  boundaryF: score.refined?.boundaryF ?? null,
});
