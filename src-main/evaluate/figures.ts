/**
 * @file The figures of a set of scored queries, as a function of how often each query counts: once for the table, other
 * weights for resampled sets. All figures are shares, 0 to 1; null where there is nothing to measure.
 */
import { averagePrecision, countInstances, evaluateRanking, type Ranking, rank } from '../metrics/coco-ap.ts';
import type { GroupMatches } from '../metrics/coco-match.ts';
import { ciou, giou, type IouProfile } from '../metrics/giou-ciou.ts';
import type { MaskScore, QueryScore } from './score.ts';

export const maskFigures = ['gIoU', 'cIoU', 'bIoU', 'bIoU2%', 'bF1'] as const;
export const instanceFigures = ['AP', 'AP50', 'precision', 'recall', 'F1'] as const;
export const noTargetFigures = ['recognised', 'falseAlarms'] as const;

/** Figures by name, "refined.gIoU" for one. */
export type Figures = Readonly<Record<string, number | null>>;

export type Tally = (weights?: Float64Array) => Figures;

/** Prepares a set of scores; the function it answers is called once for each resampled set. */
export function tallyOf(scores: readonly QueryScore[], profile: IouProfile): Tally {
  const semantic = maskTally(given(scores, 'semantic'), profile);
  const refined = maskTally(given(scores, 'refined'), profile);
  const instances = instanceTally(given(scores, 'matches'));
  return (weights) => ({
    ...named('semantic', semantic(weights)),
    ...named('refined', refined(weights)),
    ...named('instances', instances(weights)),
    ...named('noTarget', noTargetTally(scores, weights)),
  });
}

/** A missing answer counts as a bad one, but not for what the model never gives. */
export function given<K extends 'semantic' | 'refined' | 'matches'>(scores: readonly QueryScore[], key: K) {
  const answered = scores.filter((score) => score.answered);
  const never = answered.length > 0 && answered.every((score) => score[key] === null);
  return scores.map((score): QueryScore[K] | null => (never ? null : score[key]));
}

const named = (prefix: string, figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value]));

const none = (names: readonly string[]): Figures => Object.fromEntries(names.map((name) => [name, null]));

/** Queries without such a mask do not count. */
function maskTally(scores: readonly (MaskScore | null)[], profile: IouProfile): Tally {
  const given = scores.flatMap((score, k) => (score ? [{ k, score }] : []));
  return (weights) => {
    const sums = { masks: 0, values: 0, intersection: 0, union: 0, band: 0, ratio: 0, f: 0 };
    for (const { k, score } of given) {
      const weight = weights ? weights[k]! : 1;
      sums.masks += weight;
      sums.values += weight * score.value;
      sums.intersection += weight * score.intersection;
      sums.union += weight * score.union;
      sums.band += weight * score.boundaryIou;
      sums.ratio += weight * score.boundaryIouRatio;
      sums.f += weight * score.boundaryF;
    }
    if (sums.masks === 0) return none(maskFigures);
    return {
      gIoU: giou(sums, profile),
      cIoU: ciou(sums, profile),
      bIoU: sums.band / sums.masks,
      'bIoU2%': sums.ratio / sums.masks,
      bF1: sums.f / sums.masks,
    };
  };
}

/** One class for all, and each query as an image of its own. */
function instanceTally(matches: readonly (GroupMatches | null)[]): Tally {
  const groups = matches.flatMap((match, k) => (match ? [{ k, match, counts: countInstances(match) }] : []));
  if (groups.length === 0) return () => none(instanceFigures);
  let ranking: Ranking | null = null;
  return (weights) => {
    ranking ??= rank(groups.map(({ match }) => match));
    const own = weights && Float64Array.from(groups, ({ k }) => weights[k]!);
    const result = evaluateRanking(ranking, own);
    const sums = { found: 0, given: 0, wanted: 0 };
    for (const [g, { counts }] of groups.entries()) {
      const weight = own ? own[g]! : 1;
      sums.found += weight * counts.found;
      sums.given += weight * counts.given;
      sums.wanted += weight * counts.wanted;
    }
    const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
    return {
      AP: result && averagePrecision([result]),
      AP50: result && averagePrecision([result], 0),
      precision: share(sums.found, sums.given),
      recall: share(sums.found, sums.wanted),
      F1: share(2 * sums.found, sums.given + sums.wanted),
    };
  };
}

/** Of the queries without a target, those answered with "nothing"; of the others, those answered so by mistake. */
function noTargetTally(scores: readonly QueryScore[], weights?: Float64Array): Figures {
  const sums = { without: 0, recognised: 0, with: 0, falseAlarms: 0 };
  for (const [k, { noTarget, saidNothing }] of scores.entries()) {
    const weight = weights ? weights[k]! : 1;
    if (noTarget) {
      sums.without += weight;
      if (saidNothing) sums.recognised += weight;
    } else {
      sums.with += weight;
      if (saidNothing) sums.falseAlarms += weight;
    }
  }
  return {
    recognised: sums.without === 0 ? null : sums.recognised / sums.without,
    falseAlarms: sums.with === 0 ? null : sums.falseAlarms / sums.with,
  };
}
