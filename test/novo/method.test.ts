import { describe, expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { decodeRle, rleArea } from '../../src-main/contract/rle.ts';
import type { Region } from '../../src-main/contract/segmentation.ts';
import { iou, unionAll } from '../../src-main/mask/boolean.ts';
import { type Evidence, type MethodOptions, runMethod } from '../../src-main/novo/method.ts';
import type { DecoderThresholds, SamPrompt } from '../../src-main/novo/segmenter.ts';
import {
  activationOf,
  type Disc,
  discLogits,
  empty,
  rectangle,
  sam1,
  sceneSegmenter,
  segmenterFrom,
  sure,
} from './scene.ts';

const discs: Disc[] = [
  { x: 60, y: 60, radius: 30 },
  { x: 180, y: 70, radius: 25 },
];
const frame = frameOf(800, 600, sam1); // a pixel of the mask frame is 3.125 of the original
const evidence: Evidence = { kind: 'activation', activation: activationOf(discs) };
const options: MethodOptions = { profile: 'default', prompts: 'both', refine: true };

/** The discs drawn in the original: the answer that a person would give. */
const truth = discs.map((disc) => ({
  area: Math.PI * (disc.radius * 3.125) ** 2,
  x: disc.x * 3.125,
  y: disc.y * 3.125,
}));

describe.each(['paper', 'default'] as const)('profile %s', (profile) => {
  test('gives each disc as an instance, and both as the semantic mask, in pixels of the original', async () => {
    const result = await runMethod(evidence, frame, sceneSegmenter(discs), { ...options, profile });
    expect(result.semantic.size).toEqual([600, 800]);
    expect(result.instances).toHaveLength(2);
    const masks = result.instances.map(({ segmentation }) => segmentation);
    for (const { area, x, y } of truth) {
      const own = masks.find((mask) => decodeRle(mask).data[Math.floor(y) * 800 + Math.floor(x)] === 1);
      expect(Math.abs(rleArea(own!) / area - 1)).toBeLessThan(0.02);
    }
    // The border of S counts too, and it may lie a little further out than the instances'.
    expect(iou(unionAll(masks), result.refined)).toBeGreaterThan(0.995);
    expect(iou(result.semantic, result.refined)).toBeGreaterThan(0.99);
    for (const { score } of result.instances) expect(score > 0 && score <= 1).toBe(true);
  });

  test('without a target keeps S, whatever it is, and has no instances', async () => {
    const segmenter = segmenterFrom(() => sure(empty(), 0.1));
    const nothing: Evidence = { kind: 'activation', activation: activationOf([]) };
    const result = await runMethod(nothing, frame, segmenter, { ...options, profile });
    expect(result.instances).toEqual([]);
    expect([result.semantic, result.refined].map(rleArea)).toEqual([0, 0]);
  });
});

test('without refinement: one call, S for both masks, no instances', async () => {
  const segmenter = sceneSegmenter(discs);
  const result = await runMethod(evidence, frame, segmenter, { ...options, refine: false });
  expect(segmenter.prompts).toHaveLength(1);
  expect(result.refined).toEqual(result.semantic);
  expect(rleArea(result.semantic)).toBeGreaterThan(10_000);
  expect(result.instances).toEqual([]);
});

test("S is of the token for unambiguous prompts, and the pack's settings reach the prompt", async () => {
  const tokens = [rectangle(0, 0, 32, 32), rectangle(0, 0, 64, 64)];
  const segmenter = segmenterFrom(() => ({ logits: tokens, iou: [0.9, 0.1] }), 1);
  const result = await runMethod(
    { ...evidence, settings: { positive: 1, negative: 0, gain: 5, bias: 2 } } as Evidence,
    frame,
    segmenter,
    { ...options, refine: false },
  );
  expect(rleArea(result.semantic)).toBeCloseTo(200 * 200, -2); // token 1, up to its corner
  expect(segmenter.prompts[0]!.labels).toEqual([1]);
  expect(Math.min(...segmenter.prompts[0]!.mask!)).toBeCloseTo(5 * -0.3 + 2, 5);
});

test('a decoder that is less sure of its masks is believed by thresholds of its own', async () => {
  const scene = sceneSegmenter(discs);
  // S holds a place that it is not sure of: it stays where the search accepts nothing.
  const doubt = rectangle(200, 0, 256, 10).map((logit) => Math.min(logit, 0.5));
  const decode = async (prompts: readonly SamPrompt[]) =>
    (await scene.decode(prompts)).map(({ logits }, k) => ({
      logits: prompts[k]!.mask ? logits.map((one) => one.map((value, at) => Math.max(value, doubt[at]!))) : logits,
      iou: logits.map(() => 0.65),
    }));
  const unsure = { decode, singleToken: scene.singleToken };
  const areaBy = async (thresholds: DecoderThresholds) =>
    rleArea((await runMethod(evidence, frame, { ...unsure, thresholds }, options)).refined);
  const nothing = await areaBy({});
  expect(await areaBy({ minPredictedIou: 0.6 })).toBeLessThan(nothing - 5000);
  expect(await areaBy({ minPredictedIou: 0.6, minOverlap: 1.01 })).toBe(nothing);
});

test('a whole thing that S shows and the search refuses stays, where the decoder says so', async () => {
  const scene = sceneSegmenter(discs);
  const alone = rectangle(200, 0, 256, 40).map((logit) => Math.min(logit, 0.5)); // S is not sure of it
  const decode = async (prompts: readonly SamPrompt[]) =>
    (await scene.decode(prompts)).map(({ logits, iou }, k) => ({
      logits: prompts[k]!.mask ? logits.map((one) => one.map((value, at) => Math.max(value, alone[at]!))) : logits,
      iou,
    }));
  const areaBy = async (thresholds: DecoderThresholds) => {
    const segmenter = { decode, singleToken: scene.singleToken, thresholds };
    return rleArea((await runMethod(evidence, frame, segmenter, options)).refined);
  };
  const without = await areaBy({});
  expect(await areaBy({ missed: 0 })).toBe(without);
  expect(await areaBy({ missed: 0.3 })).toBeGreaterThan(without + 20_000);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'an activation with %d in it is refused before any call',
  async (value) => {
    const segmenter = sceneSegmenter(discs);
    const activation = { grid: [1, 2] as [number, number], values: [0, value] };
    await expect(runMethod({ kind: 'activation', activation }, frame, segmenter, options)).rejects.toMatchObject({
      code: 'bad-request',
    });
    expect(segmenter.prompts).toEqual([]);
  },
);

describe('regions', () => {
  const boxOf = ({ x, y, radius }: Disc): Region['box'] => [
    (x - radius) * 3.125,
    (y - radius) * 3.125,
    (x + radius) * 3.125,
    (y + radius) * 3.125,
  ];
  /** The disc that lies at the middle of the box. */
  const segmenter = () =>
    segmenterFrom(({ coords: [x1, y1, x2, y2] }) => {
      const at = (disc: Disc) => Math.hypot((x1! + x2!) / 8 - disc.x, (y1! + y2!) / 8 - disc.y) < disc.radius;
      const under = discs.find(at);
      return under ? sure(discLogits([under]), 0.9) : sure(empty(), 0.1);
    });

  test('each gives one instance with its label, repeated boxes one, and those with an empty mask none', async () => {
    const regions: Region[] = [
      { box: boxOf(discs[1]!), label: 'right' },
      { box: [700, 500, 750, 550], label: 'nothing there' },
      { box: boxOf(discs[0]!), label: 'left' },
      { box: boxOf(discs[1]!), label: 'right again' },
      { box: [580, 190, 600, 230] },
    ];
    const result = await runMethod({ kind: 'regions', regions }, frame, segmenter(), options);
    expect(result.instances.map(({ label }) => label)).toEqual(['right', 'left']);
    const areas = result.instances.map(({ segmentation }) => rleArea(segmentation));
    expect(Math.abs(areas[0]! / truth[1]!.area - 1)).toBeLessThan(0.02);
    expect(Math.abs(areas[1]! / truth[0]!.area - 1)).toBeLessThan(0.02);
    expect(result.refined).toEqual(result.semantic);
    expect(iou(result.refined, unionAll(result.instances.map((instance) => instance.segmentation)))).toBe(1);
  });

  test('an instance without a label has none, not an undefined one', async () => {
    const result = await runMethod(
      { kind: 'regions', regions: [{ box: boxOf(discs[0]!) }] },
      frame,
      segmenter(),
      options,
    );
    expect(Object.keys(result.instances[0]!).sort()).toEqual(['score', 'segmentation']);
  });

  test('none of them is an empty answer of the image, without a call', async () => {
    const asked = segmenter();
    const result = await runMethod({ kind: 'regions', regions: [] }, frame, asked, options);
    expect(asked.prompts).toEqual([]);
    expect(result.instances).toEqual([]);
    expect(result.semantic.size).toEqual([600, 800]);
    expect([result.semantic, result.refined].map(rleArea)).toEqual([0, 0]);
  });

  test('a mask too small for the original, or only in the padding, is no instance', async () => {
    const inPadding = segmenterFrom(() => sure(rectangle(0, 191.5, 50, 192.6)));
    const tiny = frameOf(20, 15, sam1);
    const result = await runMethod({ kind: 'regions', regions: [{ box: [1, 1, 5, 5] }] }, tiny, inPadding, options);
    expect(result.instances.every(({ segmentation }) => rleArea(segmentation) > 0)).toBe(true);
    const dot = segmenterFrom(() => sure(rectangle(100, 100, 101, 101)));
    const none = await runMethod({ kind: 'regions', regions: [{ box: [1, 1, 5, 5] }] }, tiny, dot, options);
    expect(none.instances).toEqual([]);
  });
});
