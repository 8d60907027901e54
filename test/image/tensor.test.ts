import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SegmenterSpec } from '../../src-main/contract/pack.ts';
import { resizeBilinear } from '../../src-main/engine/image/pillow-resize.ts';
import { imageTensor } from '../../src-main/engine/image/tensor.ts';
import { expected } from './expected.ts';
import { noise } from './noise.ts';

type Change = Partial<SegmenterSpec['encoder']> & { imageSize?: number; resize?: SegmenterSpec['resize'] };

/** Segment Anything's preprocessing, with changes. */
function specWith({ imageSize = 1024, resize = 'longest-side', ...encoder }: Change = {}): SegmenterSpec {
  const normalise = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] };
  const names = { file: 'encoder.onnx', input: 'image', outputs: ['embedding'] };
  const form = { layout: 'NCHW', dtype: 'float32', channels: 'RGB', range: 255, normalise, pad: true } as const;
  return { imageSize, resize, encoder: { ...names, ...form, ...encoder } } as SegmenterSpec;
}

test.each(expected.resize)('resizing $from to $to equals Pillow bit for bit', ({ from, to, sha256 }) => {
  const resized = resizeBilinear(noise(...from), ...to);
  expect([resized.width, resized.height]).toEqual(to);
  expect(createHash('sha256').update(resized.data).digest('hex')).toBe(sha256);
});

test.each(expected.tensors)('the tensor of a $from image equals Segment Anything', ({ from, size, ...wanted }) => {
  const tensor = imageTensor(noise(...from), specWith());
  expect(tensor.dims).toEqual([1, 3, 1024, 1024]);
  expect([tensor.width, tensor.height]).toEqual(size);
  for (const [i, value] of wanted.values) expect(Math.abs(tensor.data[i]! - value)).toBeLessThan(1e-6);
  // Every value counts here, the padding included: 3 million of them, each within 1e-6 on average.
  let sum = 0;
  let squares = 0;
  for (const value of tensor.data) {
    sum += value;
    squares += value * value;
  }
  expect(Math.abs(sum - wanted.sum)).toBeLessThan(1);
  expect(Math.abs(squares - wanted.squares)).toBeLessThan(1);
});

// 2 x 1 pixels in a frame of 2: no resampling, and one row of padding.
const image = { width: 2, height: 1, data: new Uint8Array([255, 51, 0, 10, 20, 30]) };
const plain = { imageSize: 2, normalise: null } as const;

test('each layout and channel order puts each value where the manifest says', () => {
  const nchw = imageTensor(image, specWith(plain));
  expect(nchw.dims).toEqual([1, 3, 2, 2]);
  expect([...nchw.data]).toEqual([255, 10, 0, 0, 51, 20, 0, 0, 0, 30, 0, 0]);
  const chw = imageTensor(image, specWith({ ...plain, layout: 'CHW', channels: 'BGR' }));
  expect(chw.dims).toEqual([3, 2, 2]);
  expect([...chw.data]).toEqual([0, 30, 0, 0, 51, 20, 0, 0, 255, 10, 0, 0]);
  const nhwc = imageTensor(image, specWith({ ...plain, layout: 'NHWC', dtype: 'uint8' }));
  expect(nhwc.dims).toEqual([1, 2, 2, 3]);
  expect(nhwc.data).toEqual(new Uint8Array([255, 51, 0, 10, 20, 30, 0, 0, 0, 0, 0, 0]));
  const hwc = imageTensor(image, specWith({ ...plain, layout: 'HWC', pad: false, channels: 'BGR' }));
  expect(hwc.dims).toEqual([1, 2, 3]);
  expect([...hwc.data]).toEqual([0, 51, 255, 30, 20, 10]);
});

test('range 1 divides by 255 before mean and standard deviation', () => {
  const normalise = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  const { data } = imageTensor(image, specWith({ imageSize: 2, range: 1, normalise, pad: false }));
  expect(data[0]).toBeCloseTo((1 - 0.485) / 0.229, 6);
  expect(data[2]).toBeCloseTo((0.2 - 0.456) / 0.224, 6);
});

test('a square frame is filled, and a sliver keeps one pixel', () => {
  const square = imageTensor(image, specWith({ ...plain, imageSize: 4, resize: 'square' }));
  expect([square.width, square.height]).toEqual([4, 4]);
  expect(square.data[3 * 4]).toBe(255);
  const sliver = imageTensor(noise(4000, 1), specWith());
  expect([sliver.width, sliver.height]).toEqual([1024, 1]);
});

test('bytes and normalised values at once are a mistake of the pack', () => {
  expect(() => imageTensor(image, specWith({ dtype: 'uint8' }))).toThrow(expect.objectContaining({ code: 'bad-pack' }));
});

test('black padding is black before normalising, not the mean colour', () => {
  const normalise = { mean: [10, 20, 30], std: [2, 4, 5] };
  const spec = specWith({ imageSize: 4, normalise });
  const black = imageTensor(noise(4, 2), { ...spec, encoder: { ...spec.encoder, padding: 'black' } });
  const zero = imageTensor(noise(4, 2), spec);
  const planes = (data: ArrayLike<number>, rows: [number, number]) =>
    [0, 1, 2].map((plane) => Array.from(data).slice(plane * 16 + rows[0] * 4, plane * 16 + rows[1] * 4));
  expect(planes(black.data, [2, 4])).toEqual([-5, -5, -6].map((value) => Array(8).fill(value)));
  expect(planes(zero.data, [2, 4])).toEqual([0, 0, 0].map((value) => Array(8).fill(value)));
  expect(planes(black.data, [0, 2])).toEqual(planes(zero.data, [0, 2]));
});
