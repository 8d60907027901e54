/**
 * @file How sure a reasoner was, as a factor of its instances' scores. The segmenter's score says whether a mask is a
 * thing; it is as high for a good mask of the wrong thing. What the language model adds: how likely it found <SEG>, and
 * how alike <SEG> is to what S covers, which is little where the model does not know what it sees.
 */
import { type Frame, maskExtent } from '../contract/geometry.ts';
import type { Activation, Confidence } from '../contract/segmentation.ts';
import { activationInMaskFrame } from './visual-prompts.ts';

/** Of a pack (`llava.confidence`): the numbers are measured for each model. */
export type ConfidenceSettings = {
  /** Exponent of the probability of <SEG>; 0 leaves it out. */
  readonly segPower: number;
  /** Mean similarity over S that counts nothing, and the one that counts in full; null leaves it out. */
  readonly similarity: { readonly none: number; readonly full: number } | null;
};

/** What a reasoner says with a similarity map. */
export type Sureness = { readonly segProbability: number; readonly settings: ConfidenceSettings };

/**
 * factor = p^segPower x clamp((m - none) / (full - none), 0, 1), p the probability of <SEG>, m the mean similarity over S.
 * Where S is empty there is no m and nothing to score, and the second part is 1.
 */
export function confidenceOf({ segProbability, settings }: Sureness, similarity: number | null): Confidence {
  const { segPower, similarity: range } = settings;
  const alike = range && similarity !== null ? (similarity - range.none) / (range.full - range.none) : 1;
  return { segProbability, similarity, factor: segProbability ** segPower * Math.min(1, Math.max(0, alike)) };
}

/** Mean of the map, bilinear in the mask frame, over the image's pixels where S (maskSize x maskSize logits) is above 0. */
export function meanSimilarity(activation: Activation, frame: Frame, s: Float32Array): number | null {
  const map = activationInMaskFrame(activation, frame);
  const { rows, columns } = maskExtent(frame);
  let sum = 0;
  let count = 0;
  for (let y = 0; y < rows; y++) {
    for (let k = y * frame.maskSize, end = k + columns; k < end; k++) {
      if (s[k]! <= 0) continue;
      sum += map[k]!;
      count++;
    }
  }
  return count === 0 ? null : sum / count;
}
