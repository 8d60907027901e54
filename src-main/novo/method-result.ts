/** @file What the method gives for one query, in pixels of the upright original. */
import type { Rle } from '../contract/mask.ts';
import type { Confidence, Instance } from '../contract/segmentation.ts';

export type MethodResult = {
  readonly semantic: Rle;
  readonly refined: Rle;
  readonly instances: Instance[];
  /** One a similarity map whose reasoner said how sure it was. */
  readonly confidence?: Confidence[];
  /** Milliseconds from the start to S, and from S to the masks of the original image. */
  readonly segmentMs: number;
  readonly refineMs: number;
};
