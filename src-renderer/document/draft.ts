/**
 * @file A mask that is being made or corrected with prompts and is not stored yet. It has its own steps back, and stays
 * when the person goes to another mask or image.
 */
import type { Rle } from '../../src-main/contract/mask.ts';
import type { Box, Point } from '../../src-main/contract/segmentation.ts';

/** What accepting the draft will change: a pending proposal, an instance, or nothing yet. */
export type DraftTarget =
  | { readonly kind: 'proposal'; readonly id: number }
  | { readonly kind: 'instance'; readonly id: number }
  | { readonly kind: 'new'; readonly queryId: number | null };

export type Candidate = { readonly rle: Rle; readonly score: number };

/** The prompts and what came of them. */
export type DraftStep = {
  /** The mask that the prompts correct; null for a new object. */
  readonly base: Rle | null;
  readonly points: readonly Point[];
  readonly box: Box | null;
  /** Masks that the prompts may mean, best first; empty until the first answer. */
  readonly candidates: readonly Candidate[];
  /** Which one is shown. */
  readonly index: number;
  /** Whether all granularities were asked for, or only the best mask. */
  readonly all: boolean;
};

export type Draft = DraftStep & {
  readonly imageId: number;
  readonly target: DraftTarget;
  /** Earlier states, oldest first: one for each prompt, grow or shrink. */
  readonly past: readonly DraftStep[];
  /** The segmenter works on the prompts; the mask shown is the one before. */
  readonly waiting: boolean;
  readonly clicks: number;
  readonly strokes: number;
};
