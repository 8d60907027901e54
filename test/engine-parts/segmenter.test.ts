import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SegmenterSpec } from '../../src-main/contract/pack.ts';
import { decodeRle } from '../../src-main/contract/rle.ts';
import { decoderFeeds, readMasks } from '../../src-main/engine/decoder-feeds.ts';
import type { Embedding } from '../../src-main/engine/embedding-cache.ts';
import { createSession, type Meter } from '../../src-main/engine/onnx-session.ts';
import { editedModel } from '../../src-main/engine/packs/edited-model.ts';
import { findPack, resolveFile } from '../../src-main/engine/packs/registry.ts';
import { verifyPack } from '../../src-main/engine/packs/verify.ts';
import { openSegmenter, type Segmenter } from '../../src-main/engine/segmenter.ts';
import { rleMaker } from '../../src-main/novo/postprocess.ts';
import type { SamMasks, SamPrompt } from '../../src-main/novo/segmenter.ts';
import { visualPrompt } from '../../src-main/novo/visual-prompts.ts';

let home: string;
let spec: SegmenterSpec;
let files: { encoder: string; decoder: string };
let segmenter: Segmenter;
let embedding: Embedding;
const encoding: Meter = { onnxMs: 0, runs: 0 };

/** A picture of 640 x 427: a red disc of radius 80 at (200, 220) and a blue square of 120 at (430, 150), on grey. */
const [width, height] = [640, 427];
const inDisc = (x: number, y: number) => Math.hypot(x - 200, y - 220) < 80;
const inSquare = (x: number, y: number) => x >= 430 && x < 550 && y >= 150 && y < 270;
function picture() {
  const data = new Uint8Array(width * height * 3);
  for (let k = 0; k < width * height; k++) {
    const [x, y] = [(k % width) + 0.5, Math.floor(k / width) + 0.5];
    const shade = 150 + 20 * Math.sin(x / 40) * Math.sin(y / 30);
    data.set(inDisc(x, y) ? [200, 40, 40] : inSquare(x, y) ? [30, 50, 190] : [shade, shade, shade], 3 * k);
  }
  return { width, height, data };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'novo-segmenter-'));
  const env = { NOVO_HOME: home };
  const installed = await findPack('mobile-sam', env);
  await verifyPack(installed, { env });
  if (installed.pack.kind !== 'segmenter') throw new Error('mobile-sam is a segmenter');
  spec = installed.pack.segmenter;
  files = {
    encoder: resolveFile(installed, spec.encoder.file),
    decoder: await editedModel(installed, spec.decoder, env),
  };
  segmenter = await openSegmenter(spec, files, 'cpu');
  embedding = await segmenter.encode(picture(), encoding);
});
afterAll(async () => {
  await segmenter?.release();
  await rm(home, { recursive: true, force: true });
});

const toModel = 1024 / width;
const pointAt = (x: number, y: number): SamPrompt => ({ coords: [x * toModel, y * toModel], labels: [1] });
const decode = (prompts: SamPrompt[], meter: Meter = { onnxMs: 0, runs: 0 }, signal?: AbortSignal) =>
  segmenter.decoder(embedding, meter, signal)(prompts);

/** IoU, in pixels of the original, of the best token with what was painted. */
function bestIou(answer: SamMasks, painted: (x: number, y: number) => boolean): number {
  const ious = answer.logits.map((logits) => {
    const mask = decodeRle(rleMaker(embedding.frame)(logits));
    let both = 0;
    let any = 0;
    mask.data.forEach((inside, k) => {
      const wanted = painted((k % width) + 0.5, Math.floor(k / width) + 0.5);
      if (inside && wanted) both++;
      if (inside || wanted) any++;
    });
    return both / any;
  });
  return Math.max(...ious);
}

test('an image becomes one embedding with its frames, in one run', () => {
  expect(encoding.runs).toBe(1);
  expect(encoding.onnxMs).toBeGreaterThan(1);
  expect(embedding.frame).toEqual({
    width,
    height,
    imageSize: 1024,
    maskSize: 256,
    modelWidth: 1024,
    modelHeight: 683,
    resize: 'longest-side',
  });
  expect(embedding.tensors['output']!.dims).toEqual([1, 256, 64, 64]);
  expect(embedding.tensors['output']!.data.every(Number.isFinite)).toBe(true);
  expect(segmenter).toMatchObject({ provider: 'cpu', batchSize: 1 });
});

test('a point gives the thing under it, in pixels of the original', async () => {
  const [disc, square] = await decode([pointAt(200, 220), pointAt(490, 210)]);
  expect(disc!.logits).toHaveLength(4);
  expect(disc!.iou).toHaveLength(4);
  expect(bestIou(disc!, inDisc)).toBeGreaterThan(0.95);
  expect(bestIou(square!, inSquare)).toBeGreaterThan(0.95);
});

test('a map of the disc as mask and point prompts gives the disc', async () => {
  const values = Array.from({ length: 576 }, (_, k) => {
    const at = (cell: number) => ((cell + 0.5) * width) / 24;
    return inDisc(at(k % 24), at(Math.floor(k / 24))) ? 0.6 : -0.2;
  });
  const settings = { gain: 20, bias: 0, positive: 3, negative: 3 };
  const prompt = visualPrompt({ grid: [24, 24], values }, embedding.frame, settings, 'both');
  const [answer] = await decode([prompt]);
  expect(bestIou({ ...answer!, logits: [answer!.logits[0]!] }, inDisc)).toBeGreaterThan(0.9);
});

/** Points, boxes and masks mixed, with repeats apart from each other. */
function mixedPrompts(): SamPrompt[] {
  const box = { coords: [430, 150, 550, 270].map((value) => value * toModel), labels: [2, 3] };
  const mask = Float32Array.from({ length: 65536 }, (_, k) =>
    inDisc(((k % 256) + 0.5) * 2.5, ((k >> 8) + 0.5) * 2.5) ? 8 : -8,
  );
  const two = { coords: [...pointAt(200, 220).coords, ...pointAt(490, 210).coords], labels: [1, 0] };
  return [pointAt(200, 220), pointAt(490, 210), box, { ...pointAt(200, 220), mask }, two, pointAt(60, 60)];
}
const furthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]!)), 0);

test('prompts of mixed kinds are answered in order, each as alone, and counted', async () => {
  const prompts = mixedPrompts();
  const meter: Meter = { onnxMs: 0, runs: 0 };
  const together = await decode(prompts, meter);
  expect(meter.runs).toBe(prompts.length);
  expect(together).toHaveLength(prompts.length);
  for (const [k, prompt] of prompts.entries()) {
    const [alone] = await decode([prompt]);
    expect(furthest(together[k]!.logits[0]!, alone!.logits[0]!)).toBeLessThan(1e-3);
    expect(together[k]!.iou[0]!).toBeCloseTo(alone!.iou[0]!, 4);
  }
  expect(bestIou(together[1]!, inSquare)).toBeGreaterThan(0.95);
  expect(bestIou(together[2]!, inSquare)).toBeGreaterThan(0.95);
  expect(bestIou(together[3]!, inDisc)).toBeGreaterThan(0.95);
  expect(await decode([])).toEqual([]);
});

test('several prompts in one run of the decoder are answered as each alone', async () => {
  const session = await createSession(files.decoder, 'cpu');
  const { masks, scores } = spec.decoder.outputs;
  const [first, second, , masked] = mixedPrompts();
  for (const batch of [
    [first!, second!],
    [masked!, { ...masked!, coords: second!.coords }],
  ]) {
    const feeds = decoderFeeds(batch, embedding.tensors, embedding.frame, spec.decoder);
    const results = await session.run(feeds, [masks, scores]);
    const answers = readMasks(results[masks]!, results[scores]!, batch.length, spec);
    const alone = await decode(batch);
    for (const k of [0, 1]) {
      for (const token of [0, 1, 2, 3]) {
        expect(furthest(answers[k]!.logits[token]!, alone[k]!.logits[token]!)).toBeLessThan(1e-3);
      }
    }
  }
  await session.release();
});

test('a cancelled call stops before its next run', async () => {
  const meter: Meter = { onnxMs: 0, runs: 0 };
  const controller = new AbortController();
  controller.abort();
  await expect(decode([pointAt(1, 1)], meter, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(meter.runs).toBe(0);
  const later = new AbortController();
  const running = decode(mixedPrompts(), meter, later.signal);
  later.abort();
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(meter.runs).toBe(1);
});

describe('a pack that cannot be used', () => {
  test('a damaged model file is refused at opening', async () => {
    const decoder = join(home, 'damaged.onnx');
    await writeFile(decoder, 'no model');
    await expect(openSegmenter(spec, { ...files, decoder }, 'cpu')).rejects.toThrow();
  });

  test('a manifest with a wrong name says which names the model has', async () => {
    const renamed = { ...spec, encoder: { ...spec.encoder, input: 'image' } };
    const opened = await openSegmenter(renamed, files, 'cpu');
    await expect(opened.encode(picture())).rejects.toMatchObject({
      code: 'bad-pack',
      hint: expect.stringContaining('Inputs not given: input.'),
    });
    await opened.release();
  });
});
