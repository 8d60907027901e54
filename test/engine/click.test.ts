/** @file A click: the mask that it means first, as many alternatives as were asked for. */
import { expect, test } from 'vitest';
import { unwrap } from '../../src-main/contract/result.ts';
import { scene, startApp } from './scene.ts';

test('one mask answers a click, and its alternatives come with the same one in front', async () => {
  const app = await startApp();
  const click = { image: { path: scene }, points: [[330, 570, 1] as [number, number, 1]] };
  const all = unwrap(await app.dispatch('segment.click', click, { trusted: true })).candidates;
  const one = unwrap(await app.dispatch('segment.click', { ...click, candidates: 1 }, { trusted: true })).candidates;
  expect(all).toHaveLength(4);
  expect(one).toEqual(all.slice(0, 1));
  expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a));
  expect(one[0]!.score).toBeGreaterThan(0.8); // the mug is not in doubt
});
