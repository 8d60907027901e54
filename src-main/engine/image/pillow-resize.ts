/**
 * @file Antialiased bilinear resampling with the arithmetic of Pillow (libImaging/Resample.c), which is what
 * Segment Anything's preprocessing runs: separable triangle filter widened when shrinking, horizontal pass
 * first, weights in 22-bit fixed point, a rounding to 8 bits between the passes. A resampler that is only
 * "also bilinear" (without antialiasing, or in floats) moves mask edges of small objects.
 */

/** Pixels of one image: RGB interleaved, row-major from the top-left corner, upright, 8 bit, sRGB. */
export type RgbImage = { width: number; height: number; data: Uint8Array };

const precisionBits = 22;
const half = 1 << (precisionBits - 1);

/** The taps of output sample i are inputs start[i] .. start[i] + count[i] - 1; weights begin at i * stride. */
type Taps = { stride: number; start: Int32Array; count: Int32Array; weights: Int32Array };

function computeTaps(inputSize: number, outputSize: number): Taps {
  const scale = inputSize / outputSize;
  const support = Math.max(scale, 1);
  const stride = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(outputSize);
  const count = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < outputSize; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const taps = Math.min(inputSize, Math.trunc(centre + support + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      // Multiplied by the reciprocal, as Pillow does: a division rounds differently in the last bit.
      const distance = Math.abs((k + first - centre + 0.5) * (1 / support));
      exact[k] = distance < 1 ? 1 - distance : 0;
      sum += exact[k]!;
    }
    for (let k = 0; k < taps; k++) {
      weights[i * stride + k] = Math.trunc(0.5 + (exact[k]! / sum) * (1 << precisionBits));
    }
    start[i] = first;
    count[i] = taps;
    // The last tap often lies just outside the triangle. Without it an enlargement has two taps at most.
    while (weights[i * stride + count[i]! - 1] === 0) count[i]!--;
  }
  return { stride, start, count, weights };
}

// No clamping in either pass: weights are positive and sum to 2^22 within a few units, so a sum stays below
// 256 * 2^22 and inside 31 bits.
function resizeRows(source: Uint8Array, rows: number, inputWidth: number, outputWidth: number): Uint8Array {
  const { stride, start, count, weights } = computeTaps(inputWidth, outputWidth);
  const output = new Uint8Array(rows * outputWidth * 3);
  let to = 0;
  for (let y = 0; y < rows; y++) {
    const row = y * inputWidth * 3;
    for (let x = 0; x < outputWidth; x++) {
      const weightEnd = x * stride + count[x]!;
      let from = row + start[x]! * 3;
      let red = half;
      let green = half;
      let blue = half;
      for (let k = x * stride; k < weightEnd; k++) {
        const weight = weights[k]!;
        red = (red + weight * source[from]!) | 0;
        green = (green + weight * source[from + 1]!) | 0;
        blue = (blue + weight * source[from + 2]!) | 0;
        from += 3;
      }
      output[to] = red >> precisionBits;
      output[to + 1] = green >> precisionBits;
      output[to + 2] = blue >> precisionBits;
      to += 3;
    }
  }
  return output;
}

function resizeColumns(source: Uint8Array, width: number, inputHeight: number, outputHeight: number): Uint8Array {
  const { stride, start, count, weights } = computeTaps(inputHeight, outputHeight);
  const rowLength = width * 3;
  const output = new Uint8Array(outputHeight * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < outputHeight; y++) {
    const taps = count[y]!;
    const first = start[y]! * rowLength;
    const to = y * rowLength;
    if (taps <= 2) {
      // Every enlargement comes here; twice as fast as going through `sums`.
      const second = taps === 2 ? first + rowLength : first;
      const firstWeight = weights[y * stride]!;
      const secondWeight = taps === 2 ? weights[y * stride + 1]! : 0;
      for (let i = 0; i < rowLength; i++) {
        output[to + i] =
          (half + firstWeight * source[first + i]! + secondWeight * source[second + i]!) >> precisionBits;
      }
      continue;
    }
    sums.fill(half);
    for (let k = 0; k < taps; k++) {
      const weight = weights[y * stride + k]!;
      const row = first + k * rowLength;
      for (let i = 0; i < rowLength; i++) sums[i] = sums[i]! + weight * source[row + i]!;
    }
    for (let i = 0; i < rowLength; i++) output[to + i] = sums[i]! >> precisionBits;
  }
  return output;
}

/**
 * The image at `width` x `height` pixels, equal bit for bit to Pillow's `Image.resize((width, height), BILINEAR)`
 * for 8-bit RGB. A pass whose size does not change is skipped, as Pillow does; with both unchanged the pixels
 * are shared with the input. Source: Pillow, src/libImaging/Resample.c.
 */
export function resizeBilinear(image: RgbImage, width: number, height: number): RgbImage {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RangeError(`cannot resize to ${width} x ${height}`);
  }
  let { data } = image;
  if (width !== image.width) data = resizeRows(data, image.height, image.width, width);
  if (height !== image.height) data = resizeColumns(data, width, image.height, height);
  return { width, height, data };
}
