/** @file Two sets of results on the same queries: is the difference more than chance? */
import type { IouProfile } from '../metrics/giou-ciou.ts';
import {
  clustersOf,
  drawSides,
  drawWeights,
  type Interval,
  percentileInterval,
  permutationP,
  seededRandom,
} from '../metrics/resample.ts';
import { type Figures, tallyOf } from './figures.ts';
import type { QueryScore } from './score.ts';
import { finish, type Steps } from './steps.ts';

export type Difference = {
  readonly value: number;
  readonly other: number;
  /** value - other, with its interval over resampled images. */
  readonly difference: number;
  readonly interval: Interval | null;
  /** How likely a difference as large would be if it made no difference which of the two answered. */
  readonly p: number | null;
};

type CompareOptions = { readonly profile: IouProfile; readonly resamples: number; readonly seed: number };

/**
 * Paired: every resampled set draws the same images for both, and a permutation exchanges the answers of both for whole
 * images. @param scores and @param others are of the same queries in the same order.
 */
export const compareScores = (
  scores: readonly QueryScore[],
  others: readonly QueryScore[],
  options: CompareOptions,
): Record<string, Difference> => finish(compareSteps(scores, others, options));

/** The comparison in steps, one for each resampled and each exchanged set. */
export function* compareSteps(
  scores: readonly QueryScore[],
  others: readonly QueryScore[],
  { profile, resamples, seed }: CompareOptions,
): Steps<Record<string, Difference>> {
  const clusters = clustersOf(scores.map(({ imageKey }) => imageKey));
  const [tally, tallyOther] = [tallyOf(scores, profile), tallyOf(others, profile)];
  // Both in one set, so that a weight of 0 or 1 chooses whose answer counts.
  const tallyBoth = tallyOf([...scores, ...others], profile);
  const random = seededRandom(seed);
  const total = 2 * resamples;
  const drawn: (readonly [Figures, Figures])[] = [];
  for (let done = 0; done < resamples; done++) {
    const weights = drawWeights(random, clusters);
    drawn.push([tally(weights), tallyOther(weights)]);
    yield { done, total };
  }
  const swapped: (readonly [Figures, Figures])[] = [];
  for (let done = resamples; done < total; done++) {
    const sides = drawSides(random, clusters);
    const back = sides.map((side) => 1 - side);
    swapped.push([tallyBoth(joined(sides, back)), tallyBoth(joined(back, sides))]);
    yield { done, total };
  }
  const [values, otherValues] = [tally(), tallyOther()];
  const differences: Record<string, Difference> = {};
  for (const [name, value] of Object.entries(values)) {
    const other = otherValues[name] ?? null;
    if (value === null || other === null) continue;
    const minus = (pairs: typeof drawn) =>
      pairs.flatMap(([a, b]) => {
        const [x, y] = [a[name] ?? null, b[name] ?? null];
        return x === null || y === null ? [] : [x - y];
      });
    differences[name] = {
      value,
      other,
      difference: value - other,
      interval: percentileInterval(minus(drawn)),
      p: resamples === 0 ? null : permutationP(value - other, minus(swapped)),
    };
  }
  return differences;
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
