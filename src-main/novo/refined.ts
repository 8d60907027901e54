/** @file What a refinement gives, in low-resolution logits of the mask frame (maskSize x maskSize, row-major). */

export type RefinedInstance = {
  readonly logits: Float32Array;
  /**
   * 0 to 1. `paper`: predicted IoU x stability x overlap with the reference, and so for what the greedy search accepts, there
   * also x the precision of its coverage and x min(1, its area / the reference's)^areaPower. Instances of `default`: what the
   * selector thinks of them. For ranking; not a calibrated probability.
   */
  readonly score: number;
};

export type Refined = { readonly semantic: Float32Array; readonly instances: readonly RefinedInstance[] };
