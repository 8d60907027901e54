/**
 * @file One mask token of one prompt, measured in the mask frame on the part that shows the image.
 */
import { type Frame, maskExtent } from '../contract/geometry.ts';
import { stabilityOffset } from './settings.ts';

export type Measure = {
  /** Pixels of the mask frame. */
  readonly area: number;
  /** |m > +offset| / |m > -offset| (segment_anything/utils/amg.py, calculate_stability_score, at low resolution). */
  readonly stability: number;
  /** |m and reference| / |m|: the paper's overlap (Eq. 8). */
  readonly overlap: number;
  /** |m and taken| / |m|. */
  readonly inside: number;
};

/** `reference` and `taken` are maskSize x maskSize, non-zero inside. Null for an empty mask. */
export function measure(
  logits: Float32Array,
  frame: Frame,
  reference: ArrayLike<number>,
  taken?: ArrayLike<number>,
): Measure | null {
  const { rows, columns } = maskExtent(frame);
  let area = 0;
  let tight = 0;
  let loose = 0;
  let overlap = 0;
  let inside = 0;
  for (let y = 0; y < rows; y++) {
    for (let k = y * frame.maskSize, end = k + columns; k < end; k++) {
      const logit = logits[k]!;
      if (logit <= -stabilityOffset) continue;
      loose++;
      if (logit <= 0) continue;
      area++;
      if (logit > stabilityOffset) tight++;
      if (reference[k]) overlap++;
      if (taken?.[k]) inside++;
    }
  }
  if (area === 0) return null;
  return { area, stability: tight / loose, overlap: overlap / area, inside: inside / area };
}

/** A predicted IoU as a factor of a score: SAM predicts it without a bound, now and then a little above 1 or below 0. */
export function trustOf(iou: number): number {
  return Math.min(1, Math.max(0, iou));
}

/** The highest of all, pixel by pixel: its positive part is the union of their positive parts. */
export function unionLogits(all: readonly Float32Array[], size: number): Float32Array {
  const out = new Float32Array(size).fill(-Infinity);
  for (const logits of all) for (let k = 0; k < size; k++) if (logits[k]! > out[k]!) out[k] = logits[k]!;
  return out;
}

/** IoU on the part of the mask frame that shows the image; 0 for two empty masks. */
export function iouOf(a: Float32Array, b: Float32Array, frame: Frame): number {
  const { rows, columns } = maskExtent(frame);
  let both = 0;
  let either = 0;
  for (let y = 0; y < rows; y++) {
    for (let k = y * frame.maskSize, end = k + columns; k < end; k++) {
      if (a[k]! > 0 || b[k]! > 0) either++;
      if (a[k]! > 0 && b[k]! > 0) both++;
    }
  }
  return either > 0 ? both / either : 0;
}
