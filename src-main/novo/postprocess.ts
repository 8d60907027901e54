/**
 * @file Low-resolution logits to a mask of the original image, equal to Segment Anything's postprocess_masks
 * (bilinear to the model frame, crop of the padding, bilinear to the original, logit > 0), in one pass: both steps
 * are linear and separable, so their taps are composed first.
 */
import type { Frame } from '../contract/geometry.ts';
import type { Mask } from '../contract/mask.ts';
import { bilinearTaps, composeTaps, type Taps } from './resample.ts';

function tapsOf(frame: Frame): { horizontal: Taps; vertical: Taps } {
  const up = bilinearTaps(frame.maskSize, frame.imageSize);
  return {
    horizontal: composeTaps(up, bilinearTaps(frame.modelWidth, frame.width)),
    vertical: composeTaps(up, bilinearTaps(frame.modelHeight, frame.height)),
  };
}

/** Range of outputs whose taps read any input in [first, last]. */
function reach(taps: Taps, first: number, last: number): [from: number, to: number] {
  const outputs = taps.index.length / taps.width;
  const reads = (output: number) => {
    for (let t = output * taps.width; t < (output + 1) * taps.width; t++) {
      if (taps.weight[t] !== 0 && taps.index[t]! >= first && taps.index[t]! <= last) return true;
    }
    return false;
  };
  let from = 0;
  while (from < outputs && !reads(from)) from++;
  let to = outputs;
  while (to > from && !reads(to - 1)) to--;
  return [from, to];
}

/** The rectangle of positive logits, inclusive; null where there is none. */
function positiveBounds(logits: Float32Array, size: number) {
  let [left, top, right, bottom] = [size, size, -1, -1];
  for (let y = 0, k = 0; y < size; y++) {
    for (let x = 0; x < size; x++, k++) {
      if (logits[k]! > 0) {
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        bottom = y;
      }
    }
  }
  return right < 0 ? null : { left, top, right, bottom };
}

/**
 * Bound to one image, because the taps depend on its frame only. Takes maskSize x maskSize logits, gives a mask of
 * width x height. Interpolation makes nothing positive where all inputs are negative, so only the outputs that the
 * rectangle of positive logits reaches are computed.
 */
export function maskMaker(frame: Frame): (logits: Float32Array) => Mask {
  const { width, height, maskSize } = frame;
  const { horizontal, vertical } = tapsOf(frame);
  return (logits) => {
    const data = new Uint8Array(width * height);
    const bounds = positiveBounds(logits, maskSize);
    if (!bounds) return { width, height, data };
    const [x0, x1] = reach(horizontal, bounds.left, bounds.right);
    const [y0, y1] = reach(vertical, bounds.top, bounds.bottom);
    const columns = x1 - x0;
    // Rows of the mask frame, widened to the original's columns.
    const firstRow = Math.max(0, bounds.top - 4);
    const lastRow = Math.min(maskSize - 1, bounds.bottom + 4);
    const wide = new Float32Array((lastRow - firstRow + 1) * columns);
    for (let y = firstRow; y <= lastRow; y++) {
      const to = (y - firstRow) * columns;
      const from = y * maskSize;
      for (let x = 0, tap = x0 * horizontal.width; x < columns; x++) {
        let sum = 0;
        for (let t = 0; t < horizontal.width; t++, tap++) {
          sum += horizontal.weight[tap]! * logits[from + horizontal.index[tap]!]!;
        }
        wide[to + x] = sum;
      }
    }
    const row = new Float32Array(columns);
    for (let y = y0; y < y1; y++) {
      row.fill(0);
      for (let t = y * vertical.width; t < (y + 1) * vertical.width; t++) {
        const weight = vertical.weight[t]!;
        if (weight === 0) continue;
        const from = (vertical.index[t]! - firstRow) * columns;
        for (let x = 0; x < columns; x++) row[x]! += weight * wide[from + x]!;
      }
      const to = y * width + x0;
      for (let x = 0; x < columns; x++) if (row[x]! > 0) data[to + x] = 1;
    }
    return { width, height, data };
  };
}
