/**
 * @file What the method asks of a promptable segmenter. The engine gives it as a function, so that everything in
 * this folder is data in, data out.
 */

/** One prompt of the mask decoder, in the model frame (1024). */
export type SamPrompt = {
  /** x, y pairs. */
  readonly coords: readonly number[];
  /** One a pair: 1 positive, 0 negative, 2 and 3 the top-left and bottom-right corner of a box. */
  readonly labels: readonly number[];
  /** Logits of maskSize x maskSize, row-major: the mask prompt. */
  readonly mask?: Float32Array;
};

/** What the decoder answers to one prompt. */
export type SamMasks = {
  /** Low-resolution logits of each mask token, maskSize x maskSize, row-major. */
  readonly logits: readonly Float32Array[];
  /** Predicted IoU of each mask token. */
  readonly iou: readonly number[];
};

/** Answers in the order of the prompts. Rejects when the call is cancelled. */
export type Decode = (prompts: readonly SamPrompt[]) => Promise<SamMasks[]>;

/** A decoder bound to one image, with what the method must know of the model. */
export type PromptableSegmenter = {
  readonly decode: Decode;
  /** Index of the token trained for unambiguous prompts; null where the model has none. */
  readonly singleToken: number | null;
  /** In place of the default refinement's own, where they were measured for this decoder. */
  readonly thresholds?: DecoderThresholds;
};

/** As in GreedyRefinement (settings.ts). */
export type DecoderThresholds = {
  readonly minPredictedIou?: number | undefined;
  readonly minOverlap?: number | undefined;
  readonly missed?: number | undefined;
};
