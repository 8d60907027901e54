import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { withRemains } from '../../src-main/novo/remains.ts';
import { pixelsOf, rectangle, sam1 } from './scene.ts';

const frame = frameOf(1000, 1000, sam1);
const left = { logits: rectangle(20, 20, 80, 120), score: 0.9 };
const right = { logits: rectangle(90, 20, 150, 120), score: 0.8 };
const both = (a: Float32Array, b: Float32Array) => a.map((logit, k) => Math.max(logit, b[k]!));

test('a piece that touches one instance becomes part of it, whatever else S has inside the instances', () => {
  const ear = rectangle(30, 5, 50, 20);
  const [first, second] = withRemains([left, right], both(ear, left.logits), frame);
  expect(pixelsOf(first!.logits)).toEqual(pixelsOf(both(left.logits, ear)));
  expect(first!.score).toBe(0.9);
  expect(second).toEqual(right);
});

test.each<[string, Float32Array]>([
  ['lies apart from all', rectangle(30, 200, 50, 220)],
  ['lies between two alike', rectangle(80, 40, 90, 60)],
  ['is larger than half of the instance', rectangle(20, 120, 80, 180)],
  ['is nothing', rectangle(0, 0, 0, 0)],
])('a piece that %s changes no instance', (_, piece) => {
  expect(withRemains([left, right], piece, frame)).toEqual([left, right]);
});

test('a piece beside two goes to the one that it touches far more, and the input stays as it was', () => {
  const before = left.logits.slice();
  const arm = rectangle(60, 120, 91, 126); // 20 pixels long below the left one, one below the right one
  const [first, second] = withRemains([left, right], arm, frame);
  expect(pixelsOf(first!.logits)).toEqual(pixelsOf(both(left.logits, arm)));
  expect(second).toEqual(right);
  expect(left.logits).toEqual(before);
});
