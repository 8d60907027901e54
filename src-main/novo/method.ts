/**
 * @file The method from visual evidence to masks (paper §4.2 to §4.5): prompts -> S -> refinement -> masks of the
 * original image. What the evidence is made from (a language model, an endpoint, a file) is not known here.
 */
import { AppError } from '../contract/errors.ts';
import type { Frame } from '../contract/geometry.ts';
import { rleArea } from '../contract/rle.ts';
import type { Activation, ProfileName, PromptMode, Region } from '../contract/segmentation.ts';
import { unionLogits } from './candidate.ts';
import { confidenceOf, meanSimilarity, type Sureness } from './confidence.ts';
import type { MethodResult } from './method-result.ts';
import { rleMaker } from './postprocess.ts';
import { refineGreedily } from './refine-greedy.ts';
import { refineAsPaper } from './refine-paper.ts';
import type { Refined } from './refined.ts';
import { segmentRegions, withoutRepeats } from './regions.ts';
import type { PromptableSegmenter, SamPrompt } from './segmenter.ts';
import { type GreedyRefinement, refinements, stockVisualPrompts } from './settings.ts';
import { uniteResults } from './unite.ts';
import { activationInMaskFrame, levelled, type VisualPromptSettings, visualPrompt } from './visual-prompts.ts';

/** A similarity map, several of one query, or regions; no region means that the reasoner found no target. */
export type Evidence =
  | {
      readonly kind: 'activation';
      readonly activation: Activation;
      readonly settings?: Partial<VisualPromptSettings>;
      /** Of the reasoner that gave the map; without it scores are the segmenter's alone. */
      readonly sureness?: Sureness;
    }
  | {
      readonly kind: 'activations';
      /** At least one. `label` is the reasoner's own name for it, or "". */
      readonly maps: readonly {
        readonly activation: Activation;
        readonly label: string;
        readonly sureness?: Sureness;
      }[];
      readonly settings?: Partial<VisualPromptSettings>;
    }
  | { readonly kind: 'regions'; readonly regions: readonly Region[] };

export type MethodOptions = {
  readonly profile: ProfileName;
  readonly prompts: PromptMode;
  readonly refine: boolean;
};

export async function runMethod(
  evidence: Evidence,
  frame: Frame,
  segmenter: PromptableSegmenter,
  options: MethodOptions,
): Promise<MethodResult> {
  switch (evidence.kind) {
    case 'activation':
      return fromActivation(evidence, frame, segmenter, options);
    case 'activations':
      return fromActivations(evidence, frame, segmenter, options);
    case 'regions':
      return fromRegions(evidence.regions, frame, segmenter, options.prompts);
  }
}

async function fromActivations(
  { maps, settings = {} }: Extract<Evidence, { kind: 'activations' }>,
  frame: Frame,
  segmenter: PromptableSegmenter,
  options: MethodOptions,
): Promise<MethodResult> {
  const results: MethodResult[] = [];
  for (const { label: _, ...map } of maps) {
    results.push(await fromActivation({ kind: 'activation', ...map, settings }, frame, segmenter, options));
  }
  return uniteResults(
    results,
    maps.map(({ label }) => label),
  );
}

async function fromActivation(
  { activation, settings, sureness }: Extract<Evidence, { kind: 'activation' }>,
  frame: Frame,
  segmenter: PromptableSegmenter,
  { profile, prompts, refine }: MethodOptions,
): Promise<MethodResult> {
  if (activation.values.some((value) => !Number.isFinite(value))) {
    throw new AppError('bad-request', 'The activation holds a value that is not a finite number.', {
      hint: 'Check the model that made it: NaN often comes from a division by zero or an overflow in fp16.',
    });
  }
  const start = performance.now();
  const visual = levelled({ ...stockVisualPrompts, ...settings }, activation, frame);
  const prompt = visualPrompt(activation, frame, visual, prompts);
  const [answer] = await segmenter.decode([prompt]);
  const s = answer!.logits[segmenter.singleToken ?? 0]!;
  const toRle = rleMaker(frame);
  const semantic = toRle(s);
  const sure = sureness ? confidenceOf(sureness, meanSimilarity(activation, frame, s)) : null;
  const told = sure ? { confidence: [sure] } : {};
  const middle = performance.now();
  if (!refine) return { semantic, refined: semantic, instances: [], ...told, segmentMs: middle - start, refineMs: 0 };

  const refinement = refinements[profile];
  const refined =
    refinement.kind === 'paper'
      ? await refineAsPaper(s, frame, segmenter, refinement)
      : await refineGreedily(
          { prompt, s, l: maskPromptOf(prompt, activation, frame, visual) },
          activation,
          frame,
          segmenter,
          ownThresholds(refinement, segmenter),
        );
  const masks = masksOf(refined, toRle, sure?.factor ?? 1);
  return { semantic, ...masks, ...told, segmentMs: middle - start, refineMs: performance.now() - middle };
}

function ownThresholds(refinement: GreedyRefinement, { thresholds = {} }: PromptableSegmenter): GreedyRefinement {
  const { minPredictedIou = refinement.minPredictedIou, minOverlap = refinement.minOverlap } = thresholds;
  const { missed = refinement.missed } = thresholds;
  return { ...refinement, minPredictedIou, minOverlap, missed };
}

/** L, the mask prompt in logits, also where the ablation keeps it from the decoder. */
function maskPromptOf(prompt: SamPrompt, activation: Activation, frame: Frame, settings: VisualPromptSettings) {
  return prompt.mask ?? activationInMaskFrame(activation, frame).map((value) => settings.gain * value + settings.bias);
}

/** `factor` multiplies the scores. */
function masksOf({ semantic, instances }: Refined, toRle: ReturnType<typeof rleMaker>, factor: number) {
  return {
    refined: toRle(semantic),
    instances: instances
      .map(({ logits, score }) => ({ segmentation: toRle(logits), score: score * factor }))
      .filter(({ segmentation }) => rleArea(segmentation) > 0)
      .sort((a, b) => b.score - a.score),
  };
}

async function fromRegions(
  regions: readonly Region[],
  frame: Frame,
  segmenter: PromptableSegmenter,
  prompts: PromptMode,
): Promise<MethodResult> {
  const start = performance.now();
  const toRle = rleMaker(frame);
  const size = frame.maskSize * frame.maskSize;
  const found = await segmentRegions(regions, frame, segmenter, prompts);
  const all = found.flatMap((instance) => (instance ? [instance.logits] : []));
  const semantic = toRle(unionLogits(all, size));
  const middle = performance.now();
  const kept = withoutRepeats(found);
  const instances = kept
    .map((k) => {
      const label = regions[k]!.label;
      const { logits, score } = found[k]!;
      return { segmentation: toRle(logits), score, ...(label === undefined ? {} : { label }) };
    })
    .filter(({ segmentation }) => rleArea(segmentation) > 0);
  const distinct = kept.map((k) => found[k]!.logits);
  const refined = toRle(unionLogits(distinct, size));
  return { semantic, refined, instances, segmentMs: middle - start, refineMs: performance.now() - middle };
}
