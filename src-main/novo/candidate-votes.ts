/**
 * @file What the other answers of a search say of a mask: a thing comes back from every point on it, a group or a leak does
 * not, and has things within it.
 */
import type { Frame } from '../contract/geometry.ts';
import { common, hasBit } from './bitmask.ts';
import type { Candidate } from './candidate-features.ts';

/** A mask this much like another one confirms it. */
const confirming = 0.75;
/** One lies in another with this part of it. */
const within = 0.85;
/** A part has this much of the whole, at least and at most. */
const [leastPart, mostPart] = [0.1, 0.6];

export const voteFeatures = ['votes', 'votes that confirm', 'log of parts', 'log of wholes'] as const;

/** `voteFeatures` of each candidate. Without another answer about its place, votes are 0.5. */
export function votesOn(candidates: readonly Candidate[], frame: Frame): number[][] {
  const both = candidates.map((a, i) => candidates.map((b, j) => (j < i ? common(a.bits, b.bits) : 0)));
  const shared = (i: number, j: number) => (i === j ? candidates[i]!.area : i > j ? both[i]![j]! : both[j]![i]!);
  const answers = Map.groupBy(candidates.keys(), (k) => candidates[k]!.answer);
  return candidates.map((candidate, i) => {
    const iou = (j: number) => shared(i, j) / (candidate.area + candidates[j]!.area - shared(i, j));
    const votes: number[] = [];
    for (const [answer, masks] of answers) {
      if (answer === candidate.answer) continue;
      const { coords, labels } = answer.prompt;
      if (labels.length === 1 ? !hasBit(candidate.bits, placeOf(coords, frame)) : !isAbout(masks)) continue;
      votes.push(Math.max(...masks.map(iou)));
    }
    function isAbout(masks: readonly number[]): boolean {
      const smallest = Math.min(...masks.map((j) => candidates[j]!.area));
      return Math.max(...masks.map((j) => shared(i, j))) >= 0.5 * smallest;
    }
    const parts = candidates.filter(({ area }, j) => {
      const part = area / candidate.area;
      return shared(i, j) > within * area && part < mostPart && part > leastPart;
    });
    const wholes = candidates.filter(
      ({ area }, j) => shared(i, j) > within * candidate.area && area * mostPart > candidate.area,
    );
    const mean = (values: readonly number[]) =>
      values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0.5;
    return [
      mean(votes),
      mean(votes.map((vote) => (vote > confirming ? 1 : 0))),
      Math.log1p(parts.length),
      Math.log1p(wholes.length),
    ];
  });
}

/** Index in the mask frame of a point of the model frame. */
function placeOf([x, y]: readonly number[], frame: Frame): number {
  const scale = frame.maskSize / frame.imageSize;
  return Math.floor(y! * scale) * frame.maskSize + Math.floor(x! * scale);
}
