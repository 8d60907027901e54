/**
 * @file An image as the input of a pack's image encoder: resized, normalised, padded and laid out as the
 * manifest says. The default case is Segment Anything's: longest side to 1024, then (x - mean) / std, then
 * zeros at the right and bottom.
 */
import { AppError } from '../../contract/errors.ts';
import { frameOf } from '../../contract/geometry.ts';
import type { SegmenterSpec } from '../../contract/pack.ts';
import { type RgbImage, resizeBilinear } from './pillow-resize.ts';

export type ImageTensor = {
  data: Float32Array | Uint8Array;
  /** As the encoder takes them: [1, 3, h, w], [3, h, w], [1, h, w, 3] or [h, w, 3]. */
  dims: number[];
  /** Size in pixels of the resized image, which starts at the frame's top-left corner. */
  width: number;
  height: number;
};

type EncoderInput = Pick<SegmenterSpec['encoder'], 'layout' | 'dtype' | 'channels' | 'range' | 'normalise' | 'pad'>;

/** What the tensor depends on: a segmenter's manifest, or another model's image rule in the same words. */
export type TensorSpec = Pick<SegmenterSpec, 'imageSize' | 'maskSize' | 'resize'> & {
  /** Padding is `zero` after normalising where not said otherwise, or `black` before it. */
  readonly encoder: EncoderInput & { readonly padding?: 'zero' | 'black' };
};

/**
 * Value of each of the 256 levels, for the three channels in the model's order. Each step is rounded to
 * float32, because that is how the reference computes it (torch and NumPy on float32 arrays).
 */
function levelTables({ range, normalise }: EncoderInput): Float32Array[] {
  return [0, 1, 2].map((channel) => {
    const mean = Math.fround(normalise?.mean[channel] ?? 0);
    const std = Math.fround(normalise?.std[channel] ?? 1);
    return Float32Array.from({ length: 256 }, (_, level) => {
      const value = range === 1 ? Math.fround(level / 255) : level;
      return Math.fround(Math.fround(value - mean) / std);
    });
  });
}

/**
 * The encoder input for `image`. Padding is 0 in the tensor's own units, that is after normalising, so a
 * padded pixel is the mean colour to the model, unless the rule says `black`. `normalise.mean` and `.std` are in the order of `channels`.
 * SAM 2's own code antialiases in floats where `square` here rounds to 8 bits: at most one level apart.
 * Errors: `bad-pack` where the manifest asks for bytes and for normalised values at once.
 */
export function imageTensor(image: RgbImage, spec: TensorSpec): ImageTensor {
  const { layout, dtype, channels, range, normalise, pad, padding } = spec.encoder;
  if (dtype === 'uint8' && (normalise !== null || range !== 255)) {
    throw new AppError('bad-pack', 'An encoder with uint8 input cannot take normalised values.', {
      hint: 'In pack.json set encoder.range to 255 and encoder.normalise to null, or encoder.dtype to "float32".',
    });
  }
  const { modelWidth: width, modelHeight: height } = frameOf(image.width, image.height, spec);
  const pixels = resizeBilinear(image, width, height).data;
  const frameWidth = pad ? spec.imageSize : width;
  const frameHeight = pad ? spec.imageSize : height;
  const planar = layout === 'NCHW' || layout === 'CHW';
  const size = frameWidth * frameHeight * 3;
  const data = dtype === 'uint8' ? new Uint8Array(size) : new Float32Array(size);
  const tables = dtype === 'uint8' ? null : levelTables(spec.encoder);
  const identity = Float32Array.from({ length: 256 }, (_, level) => level);
  for (let channel = 0; channel < 3; channel++) {
    const target = planar
      ? { offset: channel * frameWidth * frameHeight, step: 1, row: frameWidth }
      : { offset: channel, step: 3, row: frameWidth * 3 };
    const table = tables?.[channel] ?? identity;
    if (padding === 'black') fillBlack(data, target, frameWidth * frameHeight, table[0]!);
    const source = channels === 'RGB' ? channel : 2 - channel;
    fillChannel(data, target, { data: pixels, width, height, channel: source }, table);
  }
  const dims = planar ? [3, frameHeight, frameWidth] : [frameHeight, frameWidth, 3];
  return { data, dims: layout.startsWith('N') ? [1, ...dims] : dims, width, height };
}

function fillBlack(
  data: Float32Array | Uint8Array,
  { offset, step }: { offset: number; step: number },
  count: number,
  black: number,
): void {
  for (let k = 0, to = offset; k < count; k++, to += step) data[to] = black;
}

function fillChannel(
  data: Float32Array | Uint8Array,
  target: { offset: number; step: number; row: number },
  source: RgbImage & { channel: number },
  table: Float32Array,
): void {
  const { width, height, data: pixels } = source;
  const { step } = target;
  let from = source.channel;
  for (let y = 0; y < height; y++) {
    let to = target.offset + y * target.row;
    for (let x = 0; x < width; x++) {
      data[to] = table[pixels[from]!]!;
      from += 3;
      to += step;
    }
  }
}
