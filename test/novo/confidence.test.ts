/** @file How sure a reasoner was, as a factor of scores. */
import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { confidenceOf, meanSimilarity } from '../../src-main/novo/confidence.ts';

const range = { none: 0.1, full: 0.5 };

test.each([
  [0.5, 0, null, 0.3, 1],
  [0.5, 1, null, 0.3, 0.5],
  [0.5, 2, null, null, 0.25],
  [1, 1, range, 0.3, 0.5],
  [1, 1, range, 0.9, 1],
  [1, 1, range, -0.2, 0],
  [0.8, 1, range, null, 0.8],
  [0.8, 1, range, 0.2, 0.2],
])('p %d, power %d, range %j, mean %j: %d', (segProbability, segPower, similarity, mean, factor) => {
  const found = confidenceOf({ segProbability, settings: { segPower, similarity } }, mean);
  expect(found).toMatchObject({ segProbability, similarity: mean });
  expect(found.factor).toBeCloseTo(factor, 12);
});

test('the mean is over S on the image alone', () => {
  // A wide picture: the lower half of the square is padding.
  const frame = frameOf(200, 100, { imageSize: 1024, maskSize: 256, resize: 'longest-side' });
  const activation = { grid: [2, 2] as [number, number], values: [0.6, 0.6, -0.2, -0.2] };
  const s = new Float32Array(256 * 256).fill(-1);
  expect(meanSimilarity(activation, frame, s)).toBeNull();
  s.fill(1, 0, 40 * 256);
  // The map is even down to the middle of its first cells, at row 64.
  expect(meanSimilarity(activation, frame, s)).toBeCloseTo(0.6, 5);
  s.fill(1);
  const whole = meanSimilarity(activation, frame, s)!;
  expect(whole).toBeGreaterThan(0.4);
  s.fill(-1, 0, 128 * 256);
  expect(meanSimilarity(activation, frame, s)).toBeNull();
});
