/**
 * @file The greedy search of the `default` refinement. It asks SAM for the boxes of the pieces of S and of the map, then
 * at the highest places of the map that nothing accepted covers, judges all mask tokens of each answer and accepts
 * the best one that passes. What it accepts says what belongs to the target; every mask that it was shown is kept, so
 * that the things in it can be chosen in the end (selector.ts). What each part brings is in docs/method.md.
 */
import { type Frame, maskExtent, maskToModel } from '../contract/geometry.ts';
import type { Activation } from '../contract/segmentation.ts';
import { agreement, boxPrompts, distinctBoxes } from './boxes.ts';
import { measure, trustOf } from './candidate.ts';
import { type Explanation, explain } from './explanation.ts';
import { blurMap, farthest, highestFree } from './peaks.ts';
import type { RefinedInstance } from './refined.ts';
import type { PromptableSegmenter, SamMasks, SamPrompt } from './segmenter.ts';
import type { GreedyRefinement } from './settings.ts';

/** Taken for instances already, or not to be looked at again. */
const accepted = 1;
const tried = 2;

/** What the first pass leaves: its prompt, its logits S, and L, the mask prompt in logits. */
export type FirstPass = { readonly prompt: SamPrompt; readonly s: Float32Array; readonly l: Float32Array };

/** An answer to a box or a point, in the model frame. */
export type Answer = { readonly prompt: SamPrompt; readonly masks: SamMasks; readonly agreement: number };

export type Found = {
  /** S of the second, stricter look. */
  readonly s: Float32Array;
  /** Second S + referenceWeight x L > 0: maskSize x maskSize, 1 inside. */
  readonly reference: Uint8Array;
  readonly explanation: Explanation;
  /** In the order of the search. */
  readonly accepted: readonly RefinedInstance[];
  /** Every answer to a box or a point, in the order of the search. */
  readonly answers: readonly Answer[];
  /** Logits of every mask that any call brought, those of S too. */
  readonly seen: readonly Float32Array[];
};

type State = {
  readonly frame: Frame;
  readonly settings: GreedyRefinement;
  readonly explanation: Explanation;
  readonly reference: Uint8Array;
  readonly referenceArea: number;
  /** 0 free, or `accepted`, or `tried`. */
  readonly places: Uint8Array;
  /** Coverage of all accepted instances. */
  covered: Float32Array;
};

/** Uses at most `settings.maxCalls` + `moreCalls` - 1 decoder calls besides the one that made S. */
export async function search(
  first: FirstPass,
  activation: Activation,
  frame: Frame,
  segmenter: PromptableSegmenter,
  settings: GreedyRefinement,
): Promise<Found> {
  const { l } = first;
  const seen: Float32Array[] = [first.s];
  const decode = async (prompt: SamPrompt): Promise<SamMasks> => {
    const [answer] = await segmenter.decode([prompt]);
    seen.push(...answer!.logits);
    return answer!;
  };
  const s = await lookAgain(first, decode, segmenter.singleToken, settings);
  const state = startSearch(s, l, activation, frame, settings);
  const instances: RefinedInstance[] = [];
  const answers: Answer[] = [];
  const ask = async (prompt: SamPrompt, isBelieved: (answer: Answer) => boolean) => {
    const masks = await decode(prompt);
    const answer = { prompt, masks, agreement: agreement(masks, frame) };
    answers.push(answer);
    const found = isBelieved(answer) ? bestCandidate(masks, state) : null;
    if (!found) return;
    instances.push(found);
    accept(found, state);
  };
  const left = (more = 0) => settings.maxCalls + more - 2 - answers.length;

  const peaks = blurMap(l, frame, settings.blur);
  const highest = peaks.reduce((most, value) => Math.max(most, value), 0);
  const askPeaks = async (floor: number, more = 0) => {
    while (left(more) > 0) {
      const peak = highestFree(peaks, state.places, floor);
      if (!peak) break;
      await ask(pointAt(peak, frame), () => true);
      markTried(state.places, peak, frame, settings.peakRadius);
    }
  };

  for (const box of boxesOf(s, peaks, highest, frame, settings).slice(0, Math.max(0, left()))) {
    await ask(box, (answer) => answer.agreement >= settings.minAgreement);
  }
  const clear = Math.max(settings.minPeak, settings.clearPeak * highest);
  await askPeaks(clear, settings.moreCalls);
  // Then inside of what was accepted, where the map is clear: it may be a group.
  while (left() > 0) {
    const place = farthest(peaks, pointsOf(answers, frame), clear, settings.insideRadius);
    if (!place) break;
    await ask(pointAt(place, frame), () => false);
  }
  await askPeaks(settings.minPeak);
  const { explanation, reference } = state;
  return { s, reference, explanation, accepted: instances, answers, seen };
}

/** Boxes of the pieces of S, and of the map at some parts of its highest value: a gap in it parts neighbours. */
function boxesOf(
  s: Float32Array,
  peaks: Float32Array,
  highest: number,
  frame: Frame,
  settings: GreedyRefinement,
): SamPrompt[] {
  const levels = settings.mapBoxes.map((part) => part * highest);
  const ofMap = levels.flatMap((level) => boxPrompts(peaks, frame, settings.boxes, level));
  return distinctBoxes([...boxPrompts(s, frame, settings.boxes), ...ofMap]);
}

/** A point in the middle of a pixel of the mask frame: of the part that shows the image, at its far edges. */
function pointAt({ x, y }: { x: number; y: number }, frame: Frame): SamPrompt {
  const [u, v] = maskToModel(frame, x + 0.5, y + 0.5);
  return { coords: [Math.min(u, frame.modelWidth - 0.5), Math.min(v, frame.modelHeight - 0.5)], labels: [1] };
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
): State {
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
  const places = new Uint8Array(s.length);
  return { frame, settings, explanation, reference, referenceArea, places, covered: explanation.coverage(places) };
}

/** The best mask token that passes all thresholds; null where none does. */
function bestCandidate(answer: SamMasks, state: State): RefinedInstance | null {
  const { frame, settings, explanation, reference, referenceArea, places, covered } = state;
  const taken = places.map((value) => (value === accepted ? 1 : 0));
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

function accept(instance: RefinedInstance, state: State): void {
  for (let k = 0; k < state.places.length; k++) if (instance.logits[k]! > 0) state.places[k] = accepted;
  state.covered = state.explanation.coverage(state.places.map((value) => (value === accepted ? 1 : 0)));
}

/** The points that were asked, in the mask frame. */
function pointsOf(answers: readonly Answer[], frame: Frame): [number, number][] {
  const scale = frame.maskSize / frame.imageSize;
  return answers
    .filter(({ prompt }) => prompt.labels.length === 1)
    .map(({ prompt: { coords } }) => [Math.floor(coords[0]! * scale), Math.floor(coords[1]! * scale)]);
}

/** A disc around a prompt that was tried, so that the next peak is another place. */
function markTried(places: Uint8Array, peak: { x: number; y: number }, frame: Frame, radius: number): void {
  const size = frame.maskSize;
  for (let y = Math.max(0, peak.y - radius); y <= Math.min(size - 1, peak.y + radius); y++) {
    for (let x = Math.max(0, peak.x - radius); x <= Math.min(size - 1, peak.x + radius); x++) {
      const near = (x - peak.x) ** 2 + (y - peak.y) ** 2 <= radius * radius;
      if (near && places[y * size + x] === 0) places[y * size + x] = tried;
    }
  }
}
