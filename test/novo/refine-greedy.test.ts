import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, frameOf } from '../../src-main/contract/geometry.ts';
import type { Activation } from '../../src-main/contract/segmentation.ts';
import { refineGreedily } from '../../src-main/novo/refine-greedy.ts';
import type { PromptableSegmenter } from '../../src-main/novo/segmenter.ts';
import { type GreedyRefinement, refinements, stockVisualPrompts } from '../../src-main/novo/settings.ts';
import { visualPrompt } from '../../src-main/novo/visual-prompts.ts';
import {
  activationOf,
  type Disc,
  discLogits,
  empty,
  onImage,
  pixelsOf,
  type Recorded,
  rectangle,
  sam1,
  sam2,
  sceneSegmenter,
  segmenterFrom,
  sure,
} from './scene.ts';

const greedy = refinements.default as GreedyRefinement;
const frame = frameOf(1000, 1000, sam1);
const three: Disc[] = [
  { x: 50, y: 60, radius: 28 },
  { x: 170, y: 80, radius: 35 },
  { x: 110, y: 190, radius: 22 },
];

/** The search as the method starts it: `s` is what the first call answered. */
function refine(
  activation: Activation,
  segmenter: PromptableSegmenter,
  { s = empty(), of = frame, settings = greedy, mode = 'both' as 'both' | 'points' } = {},
) {
  const prompt = visualPrompt(activation, of, stockVisualPrompts, mode);
  const l = visualPrompt(activation, of, stockVisualPrompts, 'mask').mask!;
  return refineGreedily({ prompt, s, l }, activation, of, segmenter, settings);
}

const shape = (all: readonly { logits: Float32Array }[]) => all.map(({ logits }) => pixelsOf(logits).join()).sort();

test('finds each disc once, as it is, and their union as the semantic mask', async () => {
  const segmenter = sceneSegmenter(three);
  // A map whose positive part does not reach beyond the discs, so that nothing is left to look at in the end.
  const { instances, semantic } = await refine(activationOf(three, [24, 24], 0.6), segmenter);
  expect(shape(instances)).toEqual(shape(three.map((disc) => ({ logits: discLogits([disc]) }))));
  expect(pixelsOf(semantic)).toEqual(pixelsOf(discLogits(three)));
  for (const { score } of instances) expect(score > 0.3 && score <= 1).toBe(true);
  // One stricter look, then one point a time, each within a disc that was not found yet.
  expect(segmenter.prompts[0]!.mask).toBeDefined();
  expect(segmenter.prompts.length).toBeLessThan(greedy.maxCalls - 1);
  const found = segmenter.prompts
    .slice(1)
    .map(({ coords: [x, y] }) => three.findIndex((disc) => Math.hypot(x! / 4 - disc.x, y! / 4 - disc.y) < disc.radius));
  expect(found.filter((k) => k >= 0).sort()).toEqual([0, 1, 2]);
});

test('the second look has the same points and a mask prompt that is stricter by the setting', async () => {
  const segmenter = sceneSegmenter(three);
  const activation = activationOf(three);
  await refine(activation, segmenter);
  const first = visualPrompt(activation, frame, stockVisualPrompts, 'both');
  expect(segmenter.prompts[0]).toMatchObject({ coords: first.coords, labels: first.labels });
  const { mask } = segmenter.prompts[0]!;
  for (const k of [0, 15_000, 40_000, 65_535]) expect(mask![k]).toBeCloseTo(first.mask![k]! - greedy.secondLook, 4);
});

const many: Disc[] = Array.from({ length: 30 }, (_, k) => ({
  x: 20 + (k % 6) * 42,
  y: 25 + Math.floor(k / 6) * 48,
  radius: 14,
}));

test.each([1, 2, 3, 14, 20])('of %i calls in all, S included, no more are made', async (maxCalls) => {
  const segmenter = sceneSegmenter(many);
  const s = discLogits(many);
  const { instances } = await refine(activationOf(many), segmenter, { s, settings: { ...greedy, maxCalls } });
  expect(segmenter.prompts).toHaveLength(maxCalls - 1);
  expect(instances).toHaveLength(Math.max(0, maxCalls - 2));
});

test('a map with no peak costs one call, and S stays as the second look left it', async () => {
  const segmenter = sceneSegmenter(three);
  const flat = { grid: [24, 24] as [number, number], values: new Array<number>(576).fill(-0.3) };
  const { semantic, instances } = await refine(flat, segmenter);
  expect(segmenter.prompts).toHaveLength(1);
  expect(instances).toEqual([]);
  expect(semantic).toEqual(discLogits(three));
});

test('with points only there is no mask prompt to make stricter: S is kept as it is', async () => {
  const segmenter = segmenterFrom(() => sure(empty(), 0.1));
  const s = discLogits(three);
  const { semantic, instances } = await refine(activationOf(three), segmenter, { s, mode: 'points' });
  expect(instances).toEqual([]);
  expect(semantic).toBe(s);
  expect(segmenter.prompts.every((prompt) => prompt.mask === undefined && prompt.labels.length === 1)).toBe(true);
});

/** All discs with a mask prompt; with a point what `answer` says. */
const answering = (answer: Float32Array, iou = 0.95): Recorded =>
  segmenterFrom((prompt) => (prompt.mask ? sure(discLogits(three)) : sure(answer, iou)));

test.each<[string, Float32Array, number]>([
  ['leaks over the whole image', rectangle(0, 0, 256, 256), 0.95],
  ['leaks beyond one disc by a half', rectangle(20, 30, 140, 90), 0.95],
  ['lies where nothing is active', rectangle(200, 200, 250, 250), 0.95],
  ['is empty', empty(), 0.95],
  ['SAM itself does not believe in', discLogits([three[0]!]), 0.5],
])('a candidate that %s is not accepted', async (_, candidate, iou) => {
  const { instances, semantic } = await refine(activationOf(three), answering(candidate, iou));
  expect(instances).toEqual([]);
  expect(semantic).toEqual(discLogits(three));
});

test('the same candidate again is not a second instance', async () => {
  const { instances, semantic } = await refine(activationOf(three), answering(discLogits([three[1]!])));
  expect(instances).toHaveLength(1);
  // What S is sure of stays semantic, though no instance has it.
  const inside = new Set(pixelsOf(semantic));
  for (const { x, y } of three) expect(inside.has(y * 256 + x)).toBe(true);
});

/** The pixels of both masks. */
const together = (a: Float32Array, b: Float32Array) => a.map((logit, k) => Math.max(logit, b[k]!));

test('a candidate that takes a neighbour along beyond the reference is not accepted', async () => {
  const beside = together(discLogits([three[0]!]), rectangle(79, 44, 112, 76)); // a third of it is the neighbour
  expect((await refine(activationOf(three), answering(beside))).instances).toEqual([]);
  const alone = await refine(activationOf(three), answering(discLogits([three[0]!])));
  expect(alone.instances).toHaveLength(1);
});

test('a candidate that leaks where S leaks too is not accepted: the activation does not say so', async () => {
  const leak = rectangle(20, 30, 140, 90);
  const segmenter = segmenterFrom(() => sure(leak));
  const { instances, semantic } = await refine(activationOf([three[0]!], [24, 24], 0.05), segmenter);
  expect(instances).toEqual([]);
  expect(pixelsOf(semantic)).toEqual(pixelsOf(leak));
});

test('a candidate that is mostly an instance that is there already is not accepted', async () => {
  const [first, , third] = three as [Disc, Disc, Disc];
  const activation = activationOf([first, third], [24, 24], 0.6);
  const values = activation.values.map((value, k) => (k < 288 ? value : value - 0.05)); // the first one comes first
  const segmenter = segmenterFrom(({ mask, coords }) => {
    if (mask) return sure(discLogits([first, third]));
    return sure(discLogits(coords[1]! < 512 ? [first] : [first, third]));
  });
  const { instances } = await refine({ ...activation, values }, segmenter);
  expect(shape(instances)).toEqual(shape([{ logits: discLogits([first]) }]));
  expect(segmenter.prompts.some(({ coords, mask }) => !mask && coords[1]! > 512)).toBe(true);
});

test('of several mask tokens the one that explains the activation best is accepted, at any index', async () => {
  const whole = discLogits(three.slice(0, 1));
  const part = discLogits([{ ...three[0]!, radius: 14 }]);
  const leak = rectangle(0, 0, 256, 256);
  for (const logits of [
    [part, leak, whole, leak],
    [whole, part, leak, part],
    [leak, empty(), part, whole],
  ]) {
    const answer = { logits, iou: [0.95, 0.95, 0.95, 0.95] };
    const segmenter = segmenterFrom((prompt) => (prompt.mask ? sure(whole) : answer));
    const { instances } = await refine(activationOf(three.slice(0, 1)), segmenter);
    expect(shape(instances)).toEqual(shape([{ logits: whole }]));
  }
});

test('never prompts in the padding, for any shape of image', async () => {
  const side = fc.integer({ min: 1, max: 3000 });
  const check = async (width: number, height: number, of: Frame) => {
    const segmenter = segmenterFrom(() => sure(empty(), 0.1));
    // Highest in the last row and column: in the padding, and else at the image's far edges.
    const values = Array.from({ length: 144 }, (_, k) => 0.3 + (k % 12) / 100 + Math.floor(k / 12) / 100);
    await refine({ grid: [12, 12], values }, segmenter, { of, settings: { ...greedy, peakRadius: 4 } });
    const points = segmenter.prompts.slice(1);
    if (points.length === 0) throw new Error(`no prompt at all on ${width} x ${height}`);
    const outside = points.find((prompt) => !onImage(prompt, of));
    if (outside) throw new Error(`${outside.coords} is outside ${of.modelWidth} x ${of.modelHeight}`);
  };
  for (const [width, height] of [
    [1, 1000],
    [1000, 1],
    [3, 2000],
    [2000, 3],
    [641, 427],
    [427, 641],
  ] as const) {
    await check(width, height, frameOf(width, height, sam1));
  }
  await fc.assert(
    fc.asyncProperty(side, side, fc.constantFrom(sam1, sam2), (width, height, spec) =>
      check(width, height, frameOf(width, height, spec)),
    ),
    { numRuns: 25 },
  );
});

test.each([0, 1, 2])('a call that is cancelled ends the search: after %i calls', async (after) => {
  const scene = sceneSegmenter(three);
  const cancelled = new DOMException('cancelled', 'AbortError');
  const decode: typeof scene.decode = (prompts) =>
    scene.prompts.length >= after ? Promise.reject(cancelled) : scene.decode(prompts);
  await expect(refine(activationOf(three), { ...scene, decode })).rejects.toBe(cancelled);
  expect(scene.prompts).toHaveLength(after);
});
