/** @file A click: the mask that it means first, as many alternatives as were asked for. */
import { beforeAll, expect, test } from 'vitest';
import type { App } from '../../src-main/compose.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { encodeRle, rleArea } from '../../src-main/contract/rle.ts';
import type { Point } from '../../src-main/contract/segmentation.ts';
import { intersect, iou, subtract, union } from '../../src-main/mask/boolean.ts';
import { drawn, scene, sceneSize, startApp, teapotPoint } from './scene.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});

test('one mask answers a click, and its alternatives come with the same one in front', async () => {
  const click = { image: { path: scene }, points: [[330, 570, 1] as [number, number, 1]] };
  const all = unwrap(await app.dispatch('segment.click', click, { trusted: true })).candidates;
  const one = unwrap(await app.dispatch('segment.click', { ...click, candidates: 1 }, { trusted: true })).candidates;
  expect(all).toHaveLength(4);
  expect(one).toEqual(all.slice(0, 1));
  expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a));
  expect(one[0]!.score).toBeGreaterThan(0.8); // the mug is not in doubt
});

test('one click corrects a mask: off what does not belong to it, on what is missing', async () => {
  const [mug, teapot] = [await drawn('mug-blue'), await drawn('teapot')];
  const correct = async (mask: typeof mug, point: Point) => {
    const input = { image: { path: scene }, points: [point], mask, candidates: 1 };
    return unwrap(await app.dispatch('segment.click', input, { trusted: true })).candidates[0]!.segmentation;
  };
  // Mug and teapot in one mask: a negative click alone takes the teapot out.
  const both = union(mug, teapot);
  const [x, y] = teapotPoint;
  expect(iou(both, mug)).toBeLessThan(0.6);
  expect(iou(await correct(both, [x, y, 0]), mug)).toBeGreaterThan(0.85);
  // The lower half of the mug is missing: a positive click there brings it back.
  const half = subtract(mug, lower(580));
  expect(iou(half, mug)).toBeLessThan(0.7);
  expect(iou(await correct(half, [330, 620, 1]), mug)).toBeGreaterThan(0.85);
});

test('a correction keeps what was drawn elsewhere; the whole answer of the model comes next', async () => {
  const mug = await drawn('mug-blue');
  const { width, height } = sceneSize;
  const data = new Uint8Array(width * height);
  for (let y = 20; y < 60; y++) data.fill(1, y * width + 1000, y * width + 1040);
  const brushed = encodeRle({ width, height, data });
  const mask = union(subtract(mug, lower(580)), brushed);
  const click = { image: { path: scene }, points: [[330, 620, 1] as Point], mask };
  const { candidates } = unwrap(await app.dispatch('segment.click', click, { trusted: true }));
  const [first, second] = candidates.map(({ segmentation }) => segmentation);
  expect(candidates.length).toBeLessThanOrEqual(4);
  expect(intersect(first!, brushed)).toEqual(brushed);
  expect(iou(subtract(first!, brushed), mug)).toBeGreaterThan(0.85);
  expect(rleArea(intersect(second!, brushed))).toBe(0);
});

test("a mask that is not the image's or damaged is refused, an empty one says nothing", async () => {
  const click = { image: { path: scene }, points: [[330, 570, 1] as Point], candidates: 1 };
  const ask = (mask: { size: [number, number]; counts: string }) =>
    app.dispatch('segment.click', { ...click, mask }, { trusted: true });
  const { width, height } = sceneSize;
  const nothing = encodeRle({ width, height, data: new Uint8Array(width * height) });
  const plain = unwrap(await app.dispatch('segment.click', click, { trusted: true }));
  expect(unwrap(await ask(nothing)).candidates).toEqual(plain.candidates);
  const small = encodeRle({ width: 8, height: 6, data: new Uint8Array(48).fill(1) });
  expect(await ask(small)).toMatchObject({
    error: { code: 'bad-request', message: 'The mask is 8 x 6 pixels, but the image is 1280 x 854.' },
  });
  expect(await ask({ size: [height, width], counts: '5' })).toMatchObject({ error: { code: 'bad-request' } });
});

/** Everything from row `top` down. */
function lower(top: number) {
  const { width, height } = sceneSize;
  const data = new Uint8Array(width * height);
  return encodeRle({ width, height, data: data.fill(1, top * width) });
}
