/**
 * @file Every constant of the method, named, with its source. "Measured" is explained, with the tables, in
 * docs/method.md.
 */
import type { ProfileName } from '../contract/segmentation.ts';
import type { ConsensusSettings } from './consensus.ts';
import type { VisualPromptSettings } from './visual-prompts.ts';

/**
 * Visual prompts for a stock SAM decoder and cosine-like maps. The paper gives no number for any of them.
 * gain: a stock decoder expects logits; 20 made S far better than 1 (measured). bias: 0, as the paper adds none.
 * positive, negative: 5 and 5 were better than 1, 3 and 10 (measured: gIoU 62.7 against 59.8 and 60.1).
 */
export const stockVisualPrompts: VisualPromptSettings = { gain: 20, bias: 0, positive: 5, negative: 5 };

/** Paper §4.5, literally. */
export type PaperRefinement = {
  readonly kind: 'paper';
  /** Grid interval in pixels of the model frame. The paper says "fixed-interval"; 32 is SAM's grid of 32 a side. */
  readonly interval: number;
  /** delta: a candidate is kept where |M and B| / |M| is above it (paper: 0.7). */
  readonly overlap: number;
};

/** Greedy search for instances that together explain the activation; `L` is the mask prompt in logits. */
export type GreedyRefinement = {
  readonly kind: 'greedy';
  /** Decoder calls for one query, the one that makes S included. */
  readonly maxCalls: number;
  /** So many more while clear peaks are left that nothing covers: a crowd needs more than one thing does (measured). */
  readonly moreCalls: number;
  /** The second look at S uses the mask prompt L - secondLook: a stricter outline than the paper's (measured). */
  readonly secondLook: number;
  /** Reference: secondS + referenceWeight x L > 0, the decoder and the activation together. */
  readonly referenceWeight: number;
  /** Blur of L, in pixels of the mask frame, before its peaks are taken: below one cell of a 24-grid. */
  readonly blur: number;
  /** Peaks of the blurred L below this are not looked at. */
  readonly minPeak: number;
  /** Boxes of so many of the largest pieces of the second S, and of the map at each level, are asked before the peaks. */
  readonly boxes: number;
  /** Levels at which the blurred L falls into pieces, as parts of its highest value: a gap parts neighbours (measured). */
  readonly mapBoxes: readonly number[];
  /** Least mean IoU of a box's mask tokens: a box around a group has tokens that disagree (measured). */
  readonly minAgreement: number;
  /** Radius in the mask frame around a tried peak where no second one is taken. */
  readonly peakRadius: number;
  /** Peaks above this part of the highest come first, then places inside of what was accepted, then lower peaks (measured). */
  readonly clearPeak: number;
  /** Least distance in the mask frame of a place inside of what was accepted from all points asked before. */
  readonly insideRadius: number;
  readonly minPredictedIou: number;
  /** Least |M and reference| / |M|. */
  readonly minOverlap: number;
  /** Largest part of a candidate that may lie inside instances already accepted, or inside better ones. */
  readonly maxInside: number;
  /** Least gain in explaining the activation, per covered cell. */
  readonly minGain: number;
  /** Exponent of the share of the reference that a candidate covers: prefers the whole to its parts. */
  readonly areaPower: number;
  /** What the selector must at least think of an instance, 0 to 1 (measured). */
  readonly minScore: number;
  /** What was accepted with a score below this part of the best one's is dropped: it was mostly false (measured). */
  readonly minRelativeScore: number;
  /** The same for instances and what the selector thinks of them (measured). */
  readonly minRelativeThing: number;
  /** Which masks of the search give an instance its border (measured). */
  readonly consensus: ConsensusSettings;
  /** Pixels of the second S above `keep`, where L is above `keepActivation`, are semantic though no instance has them. */
  readonly keep: number;
  readonly keepActivation: number;
  /** A piece of the first S of which less than this part was accepted is semantic too; 0: none (measured). */
  readonly missed: number;
};

export type Refinement = PaperRefinement | GreedyRefinement;

export const refinements: Readonly<Record<ProfileName, Refinement>> = {
  paper: { kind: 'paper', interval: 32, overlap: 0.7 },
  default: {
    kind: 'greedy',
    maxCalls: 12,
    moreCalls: 6,
    secondLook: 2,
    referenceWeight: 4,
    blur: 2,
    boxes: 3,
    mapBoxes: [0.5, 0],
    minAgreement: 0.8,
    minPeak: 1,
    peakRadius: 8,
    clearPeak: 0.65,
    insideRadius: 8,
    minPredictedIou: 0.8,
    minOverlap: 0.8,
    maxInside: 0.5,
    minGain: 0.3,
    minScore: 0.25,
    areaPower: 0.25,
    minRelativeScore: 0.5,
    minRelativeThing: 0.4,
    consensus: { minIou: 0.85, clip: 2 },
    keep: 1,
    keepActivation: 2,
    missed: 0,
  },
};

/** Stability compares the mask at logits +offset and -offset (segment_anything, automatic_mask_generator.py). */
export const stabilityOffset = 1;
