/**
 * @file The border of an instance from all masks that show the same thing. A search asks for an object in several ways,
 * and each answer has its border a little elsewhere; their mean lies nearer to the object's than any of them.
 */
import type { Frame } from '../contract/geometry.ts';
import { iouOf } from './candidate.ts';

export type ConsensusSettings = {
  /** Least IoU with the instance in the mask frame: less like it is a part, or a group. */
  readonly minIou: number;
  /** Logits count up to this much either way, so that one sure mask does not outvote several. */
  readonly clip: number;
};

/**
 * Mean of the clipped logits of `instance` and of those of `seen` that agree with it; all maskSize x maskSize. The
 * instance itself where there are none, or where the mean would be another thing.
 */
export function consensus(
  instance: Float32Array,
  seen: readonly Float32Array[],
  frame: Frame,
  { minIou, clip }: ConsensusSettings,
): Float32Array {
  const same = seen.filter((logits) => logits !== instance && iouOf(instance, logits, frame) >= minIou);
  if (same.length === 0) return instance;
  const sum = new Float32Array(instance.length);
  for (const logits of [instance, ...same]) {
    for (let k = 0; k < sum.length; k++) sum[k]! += Math.min(clip, Math.max(-clip, logits[k]!));
  }
  const mean = sum.map((value) => value / (same.length + 1));
  return iouOf(instance, mean, frame) >= minIou ? mean : instance;
}
