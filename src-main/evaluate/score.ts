/** @file The scores of one query: the few numbers that are kept when its masks are gone. */
import { boundaryF, boundaryMatch } from '../metrics/boundary-f.ts';
import { band3Pixels, bandRatio, boundaryIou } from '../metrics/boundary-iou.ts';
import { type GroupMatches, matchGroup } from '../metrics/coco-match.ts';
import { type IouProfile, iouValue, overlapOf } from '../metrics/giou-ciou.ts';
import { combineRegions, type Region, uniteRegions } from '../metrics/region.ts';
import type { Answer, Asked } from './asked.ts';
import type { Prediction } from './result.ts';

export type MaskScore = {
  readonly intersection: number;
  readonly union: number;
  /** IoU under the profile. */
  readonly value: number;
  /** Boundary IoU with a band of 3 pixels, and of 0.02 of the diagonal. */
  readonly boundaryIou: number;
  readonly boundaryIouRatio: number;
  /** DAVIS's F at 3 pixels. */
  readonly boundaryF: number;
};

export type QueryScore = {
  readonly id: string;
  readonly imageKey: string;
  readonly fileName: string | null;
  readonly text: string;
  readonly noTarget: boolean;
  readonly strata: Readonly<Record<string, string>>;
  /** Whether there was a result that could be used. A query without one scores 0 everywhere. */
  readonly answered: boolean;
  /** The answer was "nothing matches": no pixel and no instance. */
  readonly saidNothing: boolean;
  /** null where the model gives no such mask. */
  readonly semantic: MaskScore | null;
  readonly refined: MaskScore | null;
  /** null where the data set, or the model, knows no instances. */
  readonly matches: GroupMatches | null;
  readonly decoderCalls: number | null;
  readonly totalMs: number | null;
};

/** @throws AppError bad-request when the ground truth is damaged. */
export function scoreQuery(asked: Asked, prediction: Prediction | null, profile: IouProfile): QueryScore {
  const answer = asked.answer();
  const { id, imageKey, fileName, text, noTarget, strata } = asked;
  const common = { id, imageKey, fileName, text, noTarget, strata };
  if (!prediction) {
    const lost = lostMask(answer, profile);
    const matches = answer.truths && matchGroup(answer.truths, []);
    const none = { answered: false, saidNothing: false, decoderCalls: null, totalMs: null };
    return { ...common, ...none, semantic: lost, refined: lost, matches };
  }
  const { semantic, detections, decoderCalls, totalMs } = prediction;
  const refined = answerMask(prediction, asked);
  return {
    ...common,
    answered: true,
    saidNothing: refined.area === 0 && (detections ?? []).every(({ region }) => region.area === 0),
    semantic: semantic && scoreMask(semantic, answer, profile),
    refined: scoreMask(refined, answer, profile),
    matches: answer.truths && detections && matchGroup(answer.truths, detections),
    decoderCalls,
    totalMs,
  };
}

/** All that a model found: its refined mask, or else its semantic one, or else all its instances. */
export const answerMask = ({ refined, semantic, detections }: Prediction, { height, width }: Asked): Region =>
  refined ??
  semantic ??
  uniteRegions(
    (detections ?? []).map(({ region }) => region),
    height,
    width,
  );

function scoreMask(mask: Region, { target, ignore }: Answer, profile: IouProfile): MaskScore {
  const overlap = overlapOf(mask, target, ignore, profile);
  // Boundaries see ignored pixels as DAVIS sees void ones, in both profiles: as nothing.
  const [a, b] = ignore
    ? [combineRegions(mask, ignore, 'subtract'), combineRegions(target, ignore, 'subtract')]
    : [mask, target];
  return {
    ...overlap,
    value: iouValue(overlap, profile),
    boundaryIou: boundaryIou(a, b, band3Pixels),
    boundaryIouRatio: boundaryIou(a, b, bandRatio),
    boundaryF: boundaryF(boundaryMatch(a, b)),
  };
}

/** A missing answer hits nothing, also where "nothing" would have been right. */
function lostMask({ target, ignore }: Answer, profile: IouProfile): MaskScore {
  const nothing = { ...target, edges: new Int32Array(0), area: 0, box: [0, 0, 0, 0] as const };
  const { union } = overlapOf(nothing, target, ignore, profile);
  return { intersection: 0, union, value: 0, boundaryIou: 0, boundaryIouRatio: 0, boundaryF: 0 };
}
