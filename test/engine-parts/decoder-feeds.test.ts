import { describe, expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import type { SegmenterSpec } from '../../src-main/contract/pack.ts';
import { decoderFeeds, inBatches, readMasks } from '../../src-main/engine/decoder-feeds.ts';
import { createSession, type TensorValue } from '../../src-main/engine/onnx-session.ts';
import type { SamPrompt } from '../../src-main/novo/segmenter.ts';
import { type Port, writeEcho } from './tiny-model.ts';

type Decoder = SegmenterSpec['decoder'];
type Change = Omit<Partial<Decoder>, 'inputs'> & { inputs?: Partial<Decoder['inputs']> };

/** Meta's decoder with changes, in a mask frame of 4 x 4. */
function specWith({ inputs, ...rest }: Change = {}): Decoder {
  return {
    file: 'decoder.onnx',
    inputs: {
      embeddings: { image_embeddings: 'output' },
      pointCoords: 'point_coords',
      pointLabels: 'point_labels',
      pointLabelType: 'float32',
      pointRank: 3,
      boxes: null,
      maskInput: 'mask_input',
      hasMask: 'has_mask_input',
      hasMaskPerPrompt: false,
      imageSize: null,
      ...inputs,
    },
    outputs: { masks: 'masks', scores: 'scores', kind: 'logits', tokens: 3, singleToken: null },
    padPoint: true,
    batch: true,
    ...rest,
  };
}
const frame = frameOf(640, 427, { imageSize: 1024, maskSize: 4, resize: 'longest-side' });
const output: TensorValue = { data: Float32Array.of(1, 2), dims: [1, 2] };
const mask = (value: number) => new Float32Array(16).fill(value);

const point: SamPrompt = { coords: [10, 20], labels: [1] };
const other: SamPrompt = { coords: [30, 40], labels: [0] };
const boxed: SamPrompt = { coords: [1, 2, 3, 4, 10, 20], labels: [2, 3, 1] };

const feeds = (prompts: SamPrompt[], change?: Change) => decoderFeeds(prompts, { output }, frame, specWith(change));
const shapes = (values: Record<string, TensorValue>) =>
  Object.fromEntries(Object.entries(values).map(([name, { dims }]) => [name, dims]));

describe("Meta's convention", () => {
  test('two points with the pad point, no mask: zeros and 0', () => {
    expect(feeds([point, other])).toEqual({
      image_embeddings: output,
      point_coords: { data: Float32Array.of(10, 20, 0, 0, 30, 40, 0, 0), dims: [2, 2, 2] },
      point_labels: { data: Float32Array.of(1, -1, 0, -1), dims: [2, 2] },
      mask_input: { data: new Float32Array(32), dims: [2, 1, 4, 4] },
      has_mask_input: { data: Float32Array.of(0), dims: [1] },
    });
  });

  test('masks in the order of the prompts, and 1', () => {
    const masks = feeds([
      { ...point, mask: mask(5) },
      { ...other, mask: mask(-3) },
    ]);
    expect(masks['mask_input']).toEqual({ data: Float32Array.of(...mask(5), ...mask(-3)), dims: [2, 1, 4, 4] });
    expect(masks['has_mask_input']!.data).toEqual(Float32Array.of(1));
  });

  test('a box is two points and takes the place of the pad point', () => {
    const { point_coords: coords, point_labels: labels } = feeds([boxed]);
    expect(coords).toEqual({ data: Float32Array.of(1, 2, 3, 4, 10, 20), dims: [1, 3, 2] });
    expect(labels).toEqual({ data: Float32Array.of(2, 3, 1), dims: [1, 3] });
  });

  test('a mask alone has the pad point as its only point', () => {
    const { point_coords: coords, point_labels: labels } = feeds([{ coords: [], labels: [], mask: mask(1) }]);
    expect(coords!.dims).toEqual([1, 1, 2]);
    expect(labels!.data).toEqual(Float32Array.of(-1));
  });
});

describe('other conventions', () => {
  test('no pad point where the graph adds it itself', () => {
    expect(shapes(feeds([point], { padPoint: false }))).toMatchObject({
      point_coords: [1, 1, 2],
      point_labels: [1, 1],
    });
  });

  test('rank 4 has the batch in the second place, boxes too', () => {
    const change: Change = { padPoint: false, inputs: { pointRank: 4, boxes: 'boxes' } };
    expect(shapes(feeds([point, other], change))).toMatchObject({
      point_coords: [1, 2, 1, 2],
      point_labels: [1, 2, 1],
      boxes: [1, 0, 4],
    });
    expect(feeds([boxed, boxed], change)['boxes']).toEqual({
      data: Float32Array.of(1, 2, 3, 4, 1, 2, 3, 4),
      dims: [1, 2, 4],
    });
  });

  test('a box has its own input where there is one, and leaves the points', () => {
    const { boxes, point_coords: coords, point_labels: labels } = feeds([boxed], { inputs: { boxes: 'boxes' } });
    expect(boxes).toEqual({ data: Float32Array.of(1, 2, 3, 4), dims: [1, 4] });
    expect(coords).toEqual({ data: Float32Array.of(10, 20), dims: [1, 1, 2] });
    expect(labels!.data).toEqual(Float32Array.of(1));
    // Points before the box stay in order.
    const before = feeds([{ coords: [9, 9, 1, 2, 3, 4, 8, 8], labels: [0, 2, 3, 1] }], { inputs: { boxes: 'boxes' } });
    expect(before['point_coords']!.data).toEqual(Float32Array.of(9, 9, 8, 8));
    expect(before['boxes']!.data).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  test('labels have the type of the graph, -1 included', () => {
    const labels = (pointLabelType: Decoder['inputs']['pointLabelType']) =>
      feeds([point], { inputs: { pointLabelType } })['point_labels']!.data;
    expect(labels('int32')).toEqual(Int32Array.of(1, -1));
    expect(labels('int64')).toEqual(BigInt64Array.of(1n, -1n));
    expect(() => labels('uint8')).toThrow(expect.objectContaining({ code: 'bad-pack' }));
  });

  test('one value a prompt says whether it has a mask, where the graph asks so', () => {
    const prompts = [point, other].map((prompt) => ({ ...prompt, mask: mask(1) }));
    const hasMask = feeds(prompts, { inputs: { hasMaskPerPrompt: true } })['has_mask_input'];
    expect(hasMask).toEqual({ data: Float32Array.of(1, 1), dims: [2] });
  });

  test('the original size is height, then width', () => {
    const imageSize = { name: 'orig_im_size', dtype: 'float32' as const };
    expect(feeds([point], { inputs: { imageSize } })['orig_im_size']).toEqual({
      data: Float32Array.of(427, 640),
      dims: [2],
    });
    const int32 = { name: 'original_image_size', dtype: 'int32' as const };
    expect(feeds([point], { inputs: { imageSize: int32 } })['original_image_size']!.data).toEqual(
      Int32Array.of(427, 640),
    );
  });

  test('inputs that a graph does not have are not made', () => {
    const names = Object.keys(feeds([point], { inputs: { maskInput: null, hasMask: null } }));
    expect(names.sort()).toEqual(['image_embeddings', 'point_coords', 'point_labels']);
  });
});

test('a real graph with these types and ranks takes what is made for two prompts with a box', async () => {
  const ports: Port[] = [
    { name: 'image_embeddings', type: 'float32', shape: [1, 2] },
    { name: 'point_coords', type: 'float32', shape: [1, 'prompts', 'points', 2] },
    { name: 'point_labels', type: 'int64', shape: [1, 'prompts', 'points'] },
    { name: 'boxes', type: 'float32', shape: [1, 'prompts', 4] },
    { name: 'mask_input', type: 'float32', shape: ['prompts', 1, 4, 4] },
    { name: 'has_mask_input', type: 'float32', shape: ['prompts'] },
    { name: 'size', type: 'int32', shape: [2] },
  ];
  const session = await createSession(await writeEcho(ports), 'cpu', 1);
  const imageSize = { name: 'size', dtype: 'int32' as const };
  const given = feeds([boxed, boxed], {
    inputs: { pointRank: 4, pointLabelType: 'int64', boxes: 'boxes', hasMaskPerPrompt: true, imageSize },
  });
  const answer = await session.run(given, session.outputs);
  for (const { name } of ports) expect(answer[`${name}_out`]).toEqual(given[name]);
  await session.release();
});

test('neighbours that are alike share a run, up to the largest batch, in order', () => {
  const masked = { ...point, mask: mask(0) };
  const sizes = (prompts: SamPrompt[], largest: number) => {
    const batches = inBatches(prompts, largest);
    expect(batches.flat()).toEqual(prompts);
    return batches.map((batch) => batch.length);
  };
  expect(sizes([point, other, point, masked, masked, point], 16)).toEqual([3, 2, 1]);
  expect(sizes([point, other, point, other, point], 2)).toEqual([2, 2, 1]);
  expect(sizes([point, other, point], 1)).toEqual([1, 1, 1]);
  // As many points, but a box among them.
  expect(sizes([boxed, { coords: [1, 2, 3, 4, 5, 6], labels: [1, 1, 0] }], 16)).toEqual([1, 1]);
  expect(sizes([], 16)).toEqual([]);
});

describe('answers', () => {
  const spec = { maskSize: 4, decoder: specWith() } as SegmenterSpec;
  const numbers = (length: number) => Float32Array.from({ length }, (_, k) => k);
  const good: TensorValue = { data: numbers(2 * 3 * 16), dims: [2, 3, 4, 4] };
  const scores: TensorValue = { data: numbers(6), dims: [2, 3] };

  test('are cut by prompt and token, with and without the leading 1 of rank 4', () => {
    for (const dims of [
      [2, 3, 4, 4],
      [1, 2, 3, 4, 4],
    ]) {
      const answers = readMasks({ ...good, dims }, scores, 2, spec);
      expect(answers.map(({ iou }) => iou)).toEqual([
        [0, 1, 2],
        [3, 4, 5],
      ]);
      expect(answers[1]!.logits).toHaveLength(3);
      expect(answers[1]!.logits[2]).toEqual(numbers(96).subarray(80));
    }
  });

  const dims = [2, 3, 4, 4];
  test.each<[string, TensorValue, TensorValue]>([
    ['fewer tokens than the manifest says', { data: numbers(64), dims: [2, 2, 4, 4] }, scores],
    ['larger masks', { data: numbers(6 * 64), dims: [2, 3, 8, 8] }, scores],
    ['masks of another shape with as many pixels', { data: numbers(96), dims: [2, 3, 2, 8] }, scores],
    ['answers to one prompt only', { data: numbers(48), dims: [1, 3, 4, 4] }, { data: numbers(3), dims: [1, 3] }],
    ['scores of other tokens', good, { data: numbers(8), dims: [2, 4] }],
    ['yes-or-no masks instead of logits', { data: new Uint8Array(96), dims }, scores],
    ['half-precision masks', { data: new Uint16Array(96) as unknown as Uint8Array, dims }, scores],
  ])('%s are a mistake of the pack that says what came', (_, masks, iou) => {
    const read = () => readMasks(masks, iou, 2, spec);
    expect(read).toThrow(expect.objectContaining({ code: 'bad-pack' }));
    expect(read).toThrow(expect.objectContaining({ hint: expect.stringContaining(`[${masks.dims.join(', ')}]`) }));
  });
});
