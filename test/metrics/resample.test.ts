/** @file Intervals and tests that mean what they say: the same for a seed, right as often as they claim. */
import { expect, test } from 'vitest';
import {
  clustersOf,
  drawSides,
  drawWeights,
  percentileInterval,
  permutationP,
  seededRandom,
} from '../../src-main/metrics/resample.ts';

const mean = (values: ArrayLike<number>, weights: ArrayLike<number>) => {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! * weights[i]!;
    total += weights[i]!;
  }
  return sum / total;
};

test('the same seed draws the same sets, another one others', () => {
  const clusters = clustersOf(['a', 'b', 'b', 'c', 'd']);
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, () => [...drawWeights(random, clusters)]);
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('queries of one image are drawn together, as many images as there are', () => {
  const clusters = clustersOf(['a', 'b', 'b', 'c', 'a']);
  expect(clusters.count).toBe(3);
  const random = seededRandom(7);
  for (let n = 0; n < 100; n++) {
    const [a, b, b2, c, a2] = drawWeights(random, clusters);
    expect([a, b]).toEqual([a2, b2]);
    expect(a! + b! + c!).toBe(3);
    const sides = drawSides(random, clusters);
    expect([sides[0], sides[1]]).toEqual([sides[4], sides[2]]);
  }
});

test('percentiles lie between order statistics, as numpy.percentile has them', () => {
  const values = [3, 1, 2, 5, 4];
  expect(percentileInterval(values, 0.5)).toEqual([2, 4]);
  expect(percentileInterval(values, 0.8)![0]).toBeCloseTo(1.4, 12);
  expect(percentileInterval(values, 0.8)![1]).toBeCloseTo(4.6, 12);
  expect(percentileInterval([])).toBeNull();
});

test('a 95 % interval holds the true mean in about 95 of 100 data sets, also with several queries an image', () => {
  const random = seededRandom(42);
  let held = 0;
  const sets = 200;
  for (let n = 0; n < sets; n++) {
    // 60 images of three queries that go well or badly together: drawn one by one they would seem three times as many.
    const keys: string[] = [];
    const values: number[] = [];
    for (let image = 0; image < 60; image++) {
      const common = random();
      for (let query = 0; query < 3; query++) {
        keys.push(`${image}`);
        values.push(0.8 * common + 0.2 * random());
      }
    }
    const clusters = clustersOf(keys);
    const drawn = Array.from({ length: 300 }, () => mean(values, drawWeights(random, clusters)));
    const [low, high] = percentileInterval(drawn)!;
    if (low <= 0.5 && high >= 0.5) held++;
  }
  expect(held / sets).toBeGreaterThan(0.89);
  expect(held / sets).toBeLessThan(0.99);
});

test('p is small where one is better, 1 where both are the same, and below .05 in about one of twenty chances', () => {
  const random = seededRandom(9);
  const clusters = clustersOf(Array.from({ length: 50 }, (_, k) => String(k)));
  const p = (a: number[], b: number[]) => {
    const difference = (sides: ArrayLike<number>) =>
      a.reduce((sum, value, k) => sum + (sides[k] === 1 ? value - b[k]! : b[k]! - value), 0) / a.length;
    const swapped = Array.from({ length: 200 }, () => difference(drawSides(random, clusters)));
    return permutationP(difference(new Float64Array(50).fill(1)), swapped);
  };
  const draw = (shift: number) => Array.from({ length: 50 }, () => random() + shift);
  const some = draw(0);
  expect(p(some, some)).toBe(1);
  expect(p(draw(0.5), draw(0))).toBeLessThan(0.01);
  let low = 0;
  for (let n = 0; n < 300; n++) if (p(draw(0), draw(0)) < 0.05) low++;
  expect(low / 300).toBeGreaterThan(0.015);
  expect(low / 300).toBeLessThan(0.1);
});
