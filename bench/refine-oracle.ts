/**
 * @file The best that a choice among given masks can reach, chosen with the ground truth: what no selector can beat
 * where it takes masks as they are.
 */
import { band3Pixels, boundaryIou } from '../src-main/metrics/boundary-iou.ts';
import { cocoIou } from '../src-main/metrics/coco-match.ts';
import { combineRegions, emptyRegion, intersection, type Region } from '../src-main/metrics/region.ts';

/** A mask of which less lies on the target adds more errors than it mends, alone or in a union. */
const leastOnTarget = 0.4;

/** Of the truths, how many have a candidate at this IoU. */
export const recalled = (candidates: readonly Region[], truths: readonly Region[], threshold = 0.5): number =>
  truths.filter((truth) => candidates.some((candidate) => cocoIou(candidate, truth) >= threshold)).length;

/** How good a semantic mask is. */
export type Value = (mask: Region, target: Region) => number;
export const plainIou: Value = cocoIou;
export const boundary: Value = (mask, target) => boundaryIou(mask, target, band3Pixels);

/**
 * The highest value of a union of candidates that is found by adding, each time, the one that helps most, until none
 * does. Greedy: the true best may be a little higher.
 */
export function bestUnion(candidates: readonly Region[], target: Region, value: Value): number {
  let useful = candidates.filter(
    (candidate) => candidate.area > 0 && intersection(candidate, target) >= leastOnTarget * candidate.area,
  );
  let union = emptyRegion(target.height, target.width);
  let best = 0;
  for (;;) {
    let next: Region | null = null;
    for (const candidate of useful) {
      const together = union.area === 0 ? candidate : combineRegions(union, candidate, 'union');
      const reached = value(together, target);
      if (reached <= best) continue;
      best = reached;
      next = together;
    }
    if (!next) return best;
    const grown = next;
    union = grown;
    useful = useful.filter((candidate) => intersection(candidate, grown) < candidate.area);
  }
}
