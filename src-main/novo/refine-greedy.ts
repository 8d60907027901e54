/**
 * @file The `default` refinement: a greedy search says what belongs to the target (search.ts); of all masks that it was
 * shown, those that are whole things become the instances (selector.ts); each takes its border from all answers that
 * show it.
 */
import type { Frame } from '../contract/geometry.ts';
import type { Activation } from '../contract/segmentation.ts';
import { unionLogits } from './candidate.ts';
import { candidatesOf } from './candidate-features.ts';
import { consensus } from './consensus.ts';
import { missedPieces } from './missed.ts';
import type { Refined, RefinedInstance } from './refined.ts';
import { withRemains } from './remains.ts';
import { type FirstPass, type Found, search } from './search.ts';
import type { PromptableSegmenter } from './segmenter.ts';
import { choose, featuresOf, judge } from './selector.ts';
import { selector } from './selector-weights.ts';
import type { GreedyRefinement } from './settings.ts';
import { withoutSpecks } from './specks.ts';

/** Uses at most `settings.maxCalls` + `moreCalls` - 1 decoder calls besides the one that made S. */
export async function refineGreedily(
  first: FirstPass,
  activation: Activation,
  frame: Frame,
  segmenter: PromptableSegmenter,
  settings: GreedyRefinement,
): Promise<Refined> {
  const found = await search(first, activation, frame, segmenter, settings);
  const { s, accepted, seen } = found;
  const sure = s.map((logit, k) =>
    logit > settings.keep && first.l[k]! > settings.keepActivation ? logit : -Infinity,
  );
  // What was accepted is mostly chosen too: each border is drawn once.
  const borders = new Map<Float32Array, Float32Array>();
  const borderOf = (logits: Float32Array) => {
    const border = borders.get(logits) ?? consensus(logits, seen, frame, settings.consensus);
    borders.set(logits, border);
    return border;
  };
  const drawn = (instances: readonly RefinedInstance[]): RefinedInstance[] => {
    const agreed = instances.map(({ logits, score }) => ({ logits: borderOf(logits), score }));
    return withRemains(agreed, sure, frame).map((instance) => ({
      ...instance,
      logits: withoutSpecks(instance.logits, frame.maskSize),
    }));
  };
  const best = Math.max(0, ...accepted.map(({ score }) => score));
  const kept = accepted.filter(({ score }) => score >= settings.minRelativeScore * best);
  const instances = drawn(thingsOf(found, first, frame, settings));
  if (kept.length === 0) return { semantic: s, instances };
  const masks = drawn(kept).map(({ logits }) => logits);
  const all = withoutSpecks(unionLogits([sure, ...masks], s.length), frame.maskSize);
  const missed = missedPieces(first.s, all, frame, settings.missed);
  // Once more with the instances: a small one is no speck.
  return { semantic: unionLogits([all, ...masks, missed], s.length), instances };
}

/** The masks among all answers that are whole things. */
function thingsOf(found: Found, first: FirstPass, frame: Frame, settings: GreedyRefinement): RefinedInstance[] {
  const candidates = candidatesOf(found, first.s, first.l, frame);
  const scores = featuresOf(candidates, frame).map((features) => judge(selector, features));
  const minScore = Math.max(settings.minScore, settings.minRelativeThing * Math.max(0, ...scores));
  const chosen = choose(candidates, scores, { minScore, maxInside: settings.maxInside });
  return chosen.map(({ candidate: { logits }, score }) => ({ logits, score }));
}
