/**
 * @file The `default` refinement: a greedy search for instances. It prompts SAM where the blurred activation is
 * highest and nothing is accepted yet, judges all mask tokens of the answer, accepts the best one that passes, and
 * goes on until the peaks or the budget of decoder calls are used up. Before that it asks for the boxes of the pieces
 * of S. At the end each instance takes its border from all answers that show it. What each part brings is in
 * docs/method.md.
 */
import { type Frame, maskExtent, maskToModel } from '../contract/geometry.ts';
import type { Activation } from '../contract/segmentation.ts';
import { agreement, boxPrompts } from './boxes.ts';
import { measure, trustOf, unionLogits } from './candidate.ts';
import { consensus } from './consensus.ts';
import { type Explanation, explain } from './explanation.ts';
import { blurMap, highestFree } from './peaks.ts';
import type { Refined, RefinedInstance } from './refined.ts';
import { withRemains } from './remains.ts';
import type { PromptableSegmenter, SamMasks, SamPrompt } from './segmenter.ts';
import type { GreedyRefinement } from './settings.ts';
import { withoutSpecks } from './specks.ts';

/** Taken for instances already, or not to be looked at again. */
const accepted = 1;
const tried = 2;

type Search = {
  readonly frame: Frame;
  readonly settings: GreedyRefinement;
  readonly explanation: Explanation;
  /** Second S + weight x L > 0. */
  readonly reference: Uint8Array;
  readonly referenceArea: number;
  /** 0 free, or `accepted`, or `tried`. */
  readonly state: Uint8Array;
  /** Coverage of all accepted instances. */
  covered: Float32Array;
};

/** What the first pass leaves: its prompt, its logits S, and L, the mask prompt in logits. */
export type FirstPass = { readonly prompt: SamPrompt; readonly s: Float32Array; readonly l: Float32Array };

/** Uses at most `settings.maxCalls` - 1 decoder calls besides the one that made S. */
export async function refineGreedily(
  first: FirstPass,
  activation: Activation,
  frame: Frame,
  segmenter: PromptableSegmenter,
  settings: GreedyRefinement,
): Promise<Refined> {
  const { l } = first;
  const seen: Float32Array[] = [first.s];
  const decode = async (prompt: SamPrompt): Promise<SamMasks> => {
    const [answer] = await segmenter.decode([prompt]);
    seen.push(...answer!.logits);
    return answer!;
  };
  const s = await lookAgain(first, decode, segmenter.singleToken, settings);
  const search = startSearch(s, l, activation, frame, settings);
  const peaks = blurMap(l, frame, settings.blur);
  const instances: RefinedInstance[] = [];
  const take = (found: RefinedInstance | null) => {
    if (!found) return;
    instances.push(found);
    accept(found, search);
  };
  let calls = 2;
  for (const prompt of boxPrompts(s, frame, Math.max(0, Math.min(settings.boxes, settings.maxCalls - calls)))) {
    const answer = await decode(prompt);
    calls++;
    if (agreement(answer, frame) >= settings.minAgreement) take(bestCandidate(answer, search));
  }
  for (; calls < settings.maxCalls; calls++) {
    const peak = highestFree(peaks, search.state, settings.minPeak);
    if (!peak) break;
    take(bestCandidate(await decode({ coords: middleOf(peak, frame), labels: [1] }), search));
    markTried(search.state, peak, frame, settings.peakRadius);
  }
  const best = Math.max(0, ...instances.map(({ score }) => score));
  const kept = instances.filter(({ score }) => score >= settings.minRelativeScore * best);
  if (kept.length === 0) return { semantic: s, instances: [] };
  const sure = s.map((logit, k) => (logit > settings.keep && l[k]! > settings.keepActivation ? logit : -Infinity));
  const agreed = kept.map(({ logits, score }) => ({
    logits: consensus(logits, seen, frame, settings.consensus),
    score,
  }));
  const clean = withRemains(agreed, sure, frame).map((instance) => ({
    ...instance,
    logits: withoutSpecks(instance.logits, frame.maskSize),
  }));
  const masks = clean.map(({ logits }) => logits);
  const all = withoutSpecks(unionLogits([sure, ...masks], s.length), frame.maskSize);
  // Once more with the instances: a small one is no speck.
  return { semantic: unionLogits([all, ...masks], s.length), instances: clean };
}

/** The middle of a pixel of the mask frame, in the model frame: of the part that shows the image, at its far edges. */
function middleOf({ x, y }: { x: number; y: number }, frame: Frame): [x: number, y: number] {
  const [u, v] = maskToModel(frame, x + 0.5, y + 0.5);
  return [Math.min(u, frame.modelWidth - 0.5), Math.min(v, frame.modelHeight - 0.5)];
}

/**
 * S once more with a stricter mask prompt; the first one where the ablation has no mask prompt to make stricter, or
 * where the budget is used up.
 */
async function lookAgain(
  { prompt, s }: FirstPass,
  decode: (prompt: SamPrompt) => Promise<SamMasks>,
  singleToken: number | null,
  settings: GreedyRefinement,
) {
  if (!prompt.mask || settings.maxCalls < 2) return s;
  const mask = prompt.mask.map((logit) => logit - settings.secondLook);
  const second = await decode({ ...prompt, mask });
  return second.logits[singleToken ?? 0]!;
}

function startSearch(
  s: Float32Array,
  l: Float32Array,
  activation: Activation,
  frame: Frame,
  settings: GreedyRefinement,
): Search {
  const reference = new Uint8Array(s.length);
  const { rows, columns } = maskExtent(frame);
  let referenceArea = 0;
  for (let y = 0; y < rows; y++) {
    for (let k = y * frame.maskSize, end = k + columns; k < end; k++) {
      if (s[k]! + settings.referenceWeight * l[k]! <= 0) continue;
      reference[k] = 1;
      referenceArea++;
    }
  }
  const explanation = explain(activation, frame);
  const state = new Uint8Array(s.length);
  return { frame, settings, explanation, reference, referenceArea, state, covered: explanation.coverage(state) };
}

/** The best mask token that passes all thresholds; null where none does. */
function bestCandidate(answer: SamMasks, search: Search): RefinedInstance | null {
  const { frame, settings, explanation, reference, referenceArea, state, covered } = search;
  const taken = state.map((value) => (value === accepted ? 1 : 0));
  let best: RefinedInstance | null = null;
  answer.logits.forEach((logits, token) => {
    const iou = answer.iou[token]!;
    if (iou < settings.minPredictedIou) return;
    const found = measure(logits, frame, reference, taken);
    if (!found || found.overlap < settings.minOverlap || found.inside > settings.maxInside) return;
    const own = explanation.coverage(logits);
    const cells = own.reduce((sum, share) => sum + share, 0);
    const together = explanation.coverage(taken.map((value, k) => (value || logits[k]! > 0 ? 1 : 0)));
    if (explanation.gain(covered, together) < settings.minGain * cells) return;
    const share = Math.min(1, found.area / referenceArea) ** settings.areaPower;
    const score = trustOf(iou) * found.stability * found.overlap * explanation.precision(own) * share;
    if (!best || score > best.score) best = { logits, score };
  });
  return best;
}

function accept(instance: RefinedInstance, search: Search): void {
  for (let k = 0; k < search.state.length; k++) if (instance.logits[k]! > 0) search.state[k] = accepted;
  search.covered = search.explanation.coverage(search.state.map((value) => (value === accepted ? 1 : 0)));
}

/** A disc around a prompt that was tried, so that the next peak is another place. */
function markTried(state: Uint8Array, peak: { x: number; y: number }, frame: Frame, radius: number): void {
  const size = frame.maskSize;
  for (let y = Math.max(0, peak.y - radius); y <= Math.min(size - 1, peak.y + radius); y++) {
    for (let x = Math.max(0, peak.x - radius); x <= Math.min(size - 1, peak.x + radius); x++) {
      const near = (x - peak.x) ** 2 + (y - peak.y) ** 2 <= radius * radius;
      if (near && state[y * size + x] === 0) state[y * size + x] = tried;
    }
  }
}
