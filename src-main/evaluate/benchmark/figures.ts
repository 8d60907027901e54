/**
 * @file The figures of one row of the benchmark: those of the paper's Tables 2 to 4, for one model that may have been
 * trained several times. Every resampled set draws the same images for all rows of a data set, so rows can be
 * subtracted from each other draw by draw.
 */
import { averagePrecision, countInstances, evaluateRanking, rank } from '../../metrics/coco-ap.ts';
import type { AreaName, GroupMatches } from '../../metrics/coco-match.ts';
import type { IouProfile } from '../../metrics/giou-ciou.ts';
import {
  type Clusters,
  clustersOf,
  drawWeights,
  type Interval,
  percentileInterval,
  seededRandom,
} from '../../metrics/resample.ts';
import { type Figures, given, type Tally, tallyOf } from '../figures.ts';
import type { QueryScore } from '../score.ts';

export const maskNames = ['gIoU', 'cIoU', 'bIoU', 'bF1'] as const;
export const instanceNames = ['AP50', 'AP75', 'AP', 'APsmall', 'APmedium', 'APlarge', 'F1'] as const;
export const figureNames = [...maskNames, ...instanceNames, 'recognised', 'falseAlarms'] as const;
export type FigureName = (typeof figureNames)[number];

/** Shares, 0 to 1; null where there is nothing to measure. */
export type RowFigure = {
  /** Mean over the packs. */
  readonly value: number | null;
  /** 95 %, over resampled images. */
  readonly interval: Interval | null;
  /** Sample standard deviation over the packs; null for fewer than two. */
  readonly sd: number | null;
  readonly packs: readonly (number | null)[];
};

/** Figures of a row, with the value of each resampled set (NaN where it has none). */
export type RowFigures = {
  readonly figures: Readonly<Record<FigureName, RowFigure>>;
  readonly draws: Readonly<Record<FigureName, Float64Array>>;
};

/** Which mask of an answer a row is about. Instances and "nothing matches" belong to the refined one. */
export type RowMask = 'semantic' | 'refined';

export type Resampling = { readonly profile: IouProfile; readonly resamples: number; readonly seed: number };

/**
 * @param packs scores of each pack, all of the same queries in the same order; at least one.
 * @throws Error where the packs answered different queries.
 */
export function rowFigures(
  packs: readonly (readonly QueryScore[])[],
  mask: RowMask,
  { profile, resamples, seed }: Resampling,
): RowFigures {
  const clusters = sharedClusters(packs);
  const tallies = packs.map((scores) => rowTally(scores, mask, profile));
  const each = tallies.map((tally) => tally());
  const draws = byName(() => new Float64Array(resamples));
  const random = seededRandom(seed);
  for (let r = 0; r < resamples; r++) {
    const weights = drawWeights(random, clusters);
    const drawn = tallies.map((tally) => tally(weights));
    for (const name of figureNames) draws[name][r] = mean(drawn.map((figures) => figures[name] ?? null)) ?? Number.NaN;
  }
  const figures = byName((name): RowFigure => {
    const values = each.map((own) => own[name] ?? null);
    const value = mean(values);
    return { value, interval: value === null ? null : intervalOf(draws[name]), sd: deviation(values), packs: values };
  });
  return { figures, draws };
}

/** The interval of a figure over resampled sets; sets that have no such figure do not count. */
export const intervalOf = (draws: Float64Array): Interval | null =>
  percentileInterval(Array.from(draws).filter((value) => !Number.isNaN(value)));

function sharedClusters(packs: readonly (readonly QueryScore[])[]): Clusters {
  const [first = [], ...others] = packs;
  for (const scores of others) {
    if (scores.length !== first.length || scores.some(({ id }, k) => id !== first[k]!.id))
      throw new Error('The packs of a row were asked different queries.');
  }
  return clustersOf(first.map(({ imageKey }) => imageKey));
}

function rowTally(scores: readonly QueryScore[], mask: RowMask, profile: IouProfile): Tally {
  // Instances are counted below, with AP75 and by size: not twice.
  const masks = tallyOf(
    scores.map((score) => ({ ...score, matches: null })),
    profile,
  );
  const instances = mask === 'refined' ? instanceTally(given(scores, 'matches')) : () => ({});
  return (weights) => {
    const all = masks(weights);
    const own = Object.fromEntries(maskNames.map((name) => [name, all[`${mask}.${name}`] ?? null]));
    if (mask === 'semantic') return own;
    const { 'noTarget.recognised': recognised = null, 'noTarget.falseAlarms': falseAlarms = null } = all;
    return { ...own, ...instances(weights), recognised, falseAlarms };
  };
}

const sizes = ['small', 'medium', 'large'] as const satisfies readonly AreaName[];
const at50 = 0;
const at75 = 5;

/** COCO's average precision, each query as an image and one class for all. */
function instanceTally(matches: readonly (GroupMatches | null)[]): Tally {
  const groups = matches.flatMap((match, k) => (match ? [{ k, match, counts: countInstances(match) }] : []));
  if (groups.length === 0) return () => ({});
  const ranked = (area: AreaName) =>
    rank(
      groups.map(({ match }) => match),
      area,
    );
  const all = ranked('all');
  const bySize = sizes.map((size) => [`AP${size}`, ranked(size)] as const);
  return (weights) => {
    const own = weights && Float64Array.from(groups, ({ k }) => weights[k]!);
    const result = evaluateRanking(all, own);
    const parts = bySize.map(([name, ranking]) => {
      const part = evaluateRanking(ranking, own);
      return [name, part && averagePrecision([part])] as const;
    });
    const sums = { found: 0, counted: 0 };
    for (const [g, { counts }] of groups.entries()) {
      const weight = own ? own[g]! : 1;
      sums.found += weight * counts.found;
      sums.counted += weight * (counts.given + counts.wanted);
    }
    return {
      AP: result && averagePrecision([result]),
      AP50: result && averagePrecision([result], at50),
      AP75: result && averagePrecision([result], at75),
      ...Object.fromEntries(parts),
      F1: sums.counted === 0 ? null : (2 * sums.found) / sums.counted,
    } satisfies Figures;
  };
}

function byName<T>(make: (name: FigureName) => T): Record<FigureName, T> {
  return Object.fromEntries(figureNames.map((name) => [name, make(name)])) as Record<FigureName, T>;
}

/** Null where one of the packs has no such figure. */
function mean(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum / values.length;
}

function deviation(values: readonly (number | null)[]): number | null {
  const middle = mean(values);
  if (middle === null || values.length < 2) return null;
  return Math.sqrt(values.reduce<number>((sum, value) => sum + (value! - middle) ** 2, 0) / (values.length - 1));
}
