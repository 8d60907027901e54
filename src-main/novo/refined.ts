/** @file What a refinement gives, in low-resolution logits of the mask frame (maskSize x maskSize, row-major). */

export type RefinedInstance = {
  readonly logits: Float32Array;
  /**
   * 0 to 1: predicted IoU x stability x overlap with the reference, and for the greedy search also x the
   * precision of its coverage and x min(1, its area / the reference's)^areaPower. For ranking; not a calibrated probability.
   */
  readonly score: number;
};

export type Refined = { readonly semantic: Float32Array; readonly instances: readonly RefinedInstance[] };
