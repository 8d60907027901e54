/** @file The formulas written out, pixel by pixel, for comparison. */
import type { Frame } from '../../src-main/contract/geometry.ts';

type Size = readonly [rows: number, columns: number];

/** torch.nn.functional.interpolate(mode='bilinear', align_corners=False). */
export function naiveBilinear(map: ArrayLike<number>, [rows, columns]: Size, [outRows, outColumns]: Size) {
  const out = new Float64Array(outRows * outColumns);
  for (let y = 0; y < outRows; y++) {
    for (let x = 0; x < outColumns; x++) {
      const v = Math.max(0, ((y + 0.5) * rows) / outRows - 0.5);
      const u = Math.max(0, ((x + 0.5) * columns) / outColumns - 0.5);
      const [y0, x0] = [Math.floor(v), Math.floor(u)];
      const [y1, x1] = [Math.min(rows - 1, y0 + 1), Math.min(columns - 1, x0 + 1)];
      const upper = map[y0 * columns + x0]! * (1 - u + x0) + map[y0 * columns + x1]! * (u - x0);
      const lower = map[y1 * columns + x0]! * (1 - u + x0) + map[y1 * columns + x1]! * (u - x0);
      out[y * outColumns + x] = upper * (1 - v + y0) + lower * (v - y0);
    }
  }
  return out;
}

/** postprocess_masks of segment_anything/modeling/sam.py: to the model frame, crop, to the original. */
export function naivePostprocess(logits: ArrayLike<number>, frame: Frame): Float64Array {
  const { imageSize, maskSize, modelWidth, modelHeight, width, height } = frame;
  if (frame.resize === 'square') return naiveBilinear(logits, [maskSize, maskSize], [height, width]);
  const whole = naiveBilinear(logits, [maskSize, maskSize], [imageSize, imageSize]);
  const crop = new Float64Array(modelWidth * modelHeight);
  for (let y = 0; y < modelHeight; y++) {
    crop.set(whole.subarray(y * imageSize, y * imageSize + modelWidth), y * modelWidth);
  }
  return naiveBilinear(crop, [modelHeight, modelWidth], [height, width]);
}
