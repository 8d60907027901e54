/** @file Three discs, and the greedy search started on them as the method starts it. */
import { type Frame, frameOf } from '../../src-main/contract/geometry.ts';
import type { Activation } from '../../src-main/contract/segmentation.ts';
import { refineGreedily } from '../../src-main/novo/refine-greedy.ts';
import { search } from '../../src-main/novo/search.ts';
import type { PromptableSegmenter } from '../../src-main/novo/segmenter.ts';
import { type GreedyRefinement, refinements, stockVisualPrompts } from '../../src-main/novo/settings.ts';
import { visualPrompt } from '../../src-main/novo/visual-prompts.ts';
import { type Disc, discLogits, empty, pixelsOf, type Recorded, sam1, segmenterFrom, sure } from './scene.ts';

export const greedy = refinements.default as GreedyRefinement;
export const frame = frameOf(1000, 1000, sam1);
export const three: Disc[] = [
  { x: 50, y: 60, radius: 28 },
  { x: 170, y: 80, radius: 35 },
  { x: 110, y: 190, radius: 22 },
];

type Options = { s?: Float32Array; of?: Frame; settings?: GreedyRefinement; mode?: 'both' | 'points' };

function started(activation: Activation, { s = empty(), of = frame, mode = 'both' }: Options) {
  const prompt = visualPrompt(activation, of, stockVisualPrompts, mode);
  const l = visualPrompt(activation, of, stockVisualPrompts, 'mask').mask!;
  return { prompt, s, l };
}

/** The refinement as the method starts it: `s` is what the first call answered. */
export const refine = (activation: Activation, segmenter: PromptableSegmenter, options: Options = {}) =>
  refineGreedily(started(activation, options), activation, options.of ?? frame, segmenter, options.settings ?? greedy);

/** What the search alone accepts. */
export async function accepted(activation: Activation, segmenter: PromptableSegmenter, options: Options = {}) {
  const { of = frame, settings = greedy } = options;
  return (await search(started(activation, options), activation, of, segmenter, settings)).accepted;
}

export const shape = (all: readonly { logits: Float32Array }[]) =>
  all.map(({ logits }) => pixelsOf(logits).join()).sort();

/** All discs with a mask prompt; with a point what `answer` says. */
export const answering = (answer: Float32Array, iou = 0.95): Recorded =>
  segmenterFrom((prompt) => (prompt.mask ? sure(discLogits(three)) : sure(answer, iou)));
