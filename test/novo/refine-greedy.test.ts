import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, frameOf } from '../../src-main/contract/geometry.ts';
import type { SamPrompt } from '../../src-main/novo/segmenter.ts';
import { stockVisualPrompts } from '../../src-main/novo/settings.ts';
import { visualPrompt } from '../../src-main/novo/visual-prompts.ts';
import { accepted, answering, frame, greedy, refine, shape, three } from './greedy.ts';
import {
  activationOf,
  type Disc,
  discLogits,
  empty,
  onImage,
  pixelsOf,
  type Recorded,
  sam1,
  sam2,
  sceneSegmenter,
  segmenterFrom,
  sure,
} from './scene.ts';

test('finds each disc once, as it is, and their union as the semantic mask', async () => {
  const segmenter = sceneSegmenter(three);
  // A map whose positive part does not reach beyond the discs, so that nothing is left to look at in the end.
  const { instances, semantic } = await refine(activationOf(three, [24, 24], 0.6), segmenter);
  expect(shape(instances)).toEqual(shape(three.map((disc) => ({ logits: discLogits([disc]) }))));
  expect(pixelsOf(semantic)).toEqual(pixelsOf(discLogits(three)));
  for (const { score } of instances) expect(score > 0.3 && score <= 1).toBe(true);
  // One stricter look, the box of each piece of it, those of the map that are others, and points for the rest.
  const kinds = segmenter.prompts.map(({ labels }) =>
    labels.length === 1 ? 'point' : labels[0] === 2 ? 'box' : 'look',
  );
  expect(kinds.slice(0, 4)).toEqual(['look', 'box', 'box', 'box']);
  expect(kinds).toEqual(kinds.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(segmenter.prompts.length).toBeLessThanOrEqual(greedy.maxCalls - 1);
});

const order = ['look', 'box', 'point'];

test('without boxes: one point a time, each within a disc that was not found yet', async () => {
  const segmenter = sceneSegmenter(three);
  const settings = { ...greedy, boxes: 0 };
  const instances = await accepted(activationOf(three, [24, 24], 0.6), segmenter, { settings });
  expect(shape(instances)).toEqual(shape(three.map((disc) => ({ logits: discLogits([disc]) }))));
  const found = points(segmenter)
    .slice(0, 3)
    .map(({ coords: [x, y] }) => three.findIndex((disc) => Math.hypot(x! / 4 - disc.x, y! / 4 - disc.y) < disc.radius));
  expect(found.filter((k) => k >= 0).sort()).toEqual([0, 1, 2]);
});

test('a box around two that touch is not believed: each is found by a point of its own', async () => {
  const pair: Disc[] = [
    { x: 80, y: 100, radius: 30 },
    { x: 138, y: 100, radius: 30 },
  ];
  const segmenter = sceneSegmenter(pair);
  const { instances } = await refine(activationOf(pair, [24, 24], 0.6), segmenter);
  expect(shape(instances)).toEqual(shape(pair.map((disc) => ({ logits: discLogits([disc]) }))));
  expect(segmenter.prompts[1]!.labels[0]).toBe(2);
  expect(points(segmenter).length).toBeGreaterThanOrEqual(2);
});

/** The prompts that are a single point. */
const points = ({ prompts }: Recorded) => prompts.filter(({ labels }) => labels.length === 1);

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
  const settings = { ...greedy, maxCalls, moreCalls: 0 };
  const { instances } = await refine(activationOf(many), segmenter, { s, settings });
  expect(segmenter.prompts).toHaveLength(maxCalls - 1);
  expect(instances.length).toBeLessThanOrEqual(Math.max(0, maxCalls - 2));
  expect(instances.length).toBeGreaterThanOrEqual(Math.floor(0.7 * (maxCalls - 2)));
});

test('a crowd whose clear peaks are not all asked for gets some calls more, and three things do not', async () => {
  const [crowd, few] = [sceneSegmenter(many), sceneSegmenter(three)];
  const settings = { ...greedy, maxCalls: 8, moreCalls: 5 };
  await refine(activationOf(many), crowd, { s: discLogits(many), settings });
  await refine(activationOf(three, [24, 24], 0.6), few, { settings });
  expect(crowd.prompts).toHaveLength(8 + 5 - 1);
  expect(few.prompts.length).toBeLessThanOrEqual(8 - 1);
});

test('a map with no peak is asked for boxes only, and S stays as the second look left it', async () => {
  const segmenter = sceneSegmenter(three);
  const flat = { grid: [24, 24] as [number, number], values: new Array<number>(576).fill(-0.3) };
  const { semantic, instances } = await refine(flat, segmenter);
  expect(points(segmenter)).toEqual([]);
  expect(instances).toEqual([]);
  expect(semantic).toEqual(discLogits(three));
});

test('with points only there is no mask prompt to make stricter: S is kept as it is', async () => {
  const segmenter = segmenterFrom(() => sure(empty(), 0.1));
  const s = discLogits(three);
  const { semantic, instances } = await refine(activationOf(three), segmenter, { s, mode: 'points' });
  expect(instances).toEqual([]);
  expect(semantic).toBe(s);
  expect(segmenter.prompts.every((prompt) => prompt.mask === undefined)).toBe(true);
});

test('what is left of the budget looks inside of what was accepted, in places apart', async () => {
  const segmenter = sceneSegmenter(three);
  await refine(activationOf(three, [24, 24], 0.6), segmenter);
  const inside = points(segmenter).map(({ coords }) => coords);
  expect(inside.length).toBeGreaterThan(2);
  for (const [k, [x, y]] of inside.entries()) {
    expect(three.some((disc) => Math.hypot(x! / 4 - disc.x, y! / 4 - disc.y) < disc.radius)).toBe(true);
    const nearest = Math.min(...inside.slice(0, k).map(([u, v]) => Math.hypot(x! - u!, y! - v!)));
    expect(nearest).toBeGreaterThan(4 * greedy.insideRadius - 6);
  }
});

test('a place that was tried in vain is not tried again, nor one beside it', async () => {
  const segmenter = answering(empty());
  await refine(activationOf(three), segmenter);
  const tried = points(segmenter).map(({ coords }) => coords);
  expect(tried.length).toBeGreaterThan(5);
  for (const [k, [x, y]] of tried.entries()) {
    const nearest = Math.min(...tried.slice(0, k).map(([u, v]) => Math.hypot(x! - u!, y! - v!)));
    expect(nearest).toBeGreaterThan(4 * greedy.peakRadius);
  }
});

/** Corners of a box lie on the image's far edges too. */
const isBoxOn = ({ coords: [left, top, right, bottom], labels }: SamPrompt, of: Frame) =>
  labels.length === 2 && left! >= 0 && top! >= 0 && right! <= of.modelWidth && bottom! <= of.modelHeight;

test('never prompts in the padding, for any shape of image', async () => {
  const side = fc.integer({ min: 1, max: 3000 });
  const check = async (width: number, height: number, of: Frame) => {
    const segmenter = segmenterFrom(() => sure(empty(), 0.1));
    // Highest in the last row and column: in the padding, and else at the image's far edges.
    const values = Array.from({ length: 144 }, (_, k) => 0.3 + (k % 12) / 100 + Math.floor(k / 12) / 100);
    await refine({ grid: [12, 12], values }, segmenter, { of, settings: { ...greedy, peakRadius: 4 } });
    const points = segmenter.prompts.slice(1);
    if (points.length === 0) throw new Error(`no prompt at all on ${width} x ${height}`);
    const outside = points.find((prompt) => !onImage(prompt, of) && !isBoxOn(prompt, of));
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
