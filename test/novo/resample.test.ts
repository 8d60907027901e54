import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bilinear, bilinearTaps, composeTaps, resample } from '../../src-main/novo/resample.ts';
import { naiveBilinear } from './naive.ts';

type Size = [rows: number, columns: number];
type Case = { from: Size; to: Size; input: number[]; at: number[]; values: number[] };
const cases = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/novo/bilinear.json'), 'utf8')) as Case[];

test.each(cases)('$from to $to gives the numbers of torch', ({ from, to, input, at, values }) => {
  const out = bilinear(input, from, to);
  const naive = naiveBilinear(input, from, to);
  expect(out).toHaveLength(to[0] * to[1]);
  at.forEach((k, i) => {
    expect(Math.abs(out[k]! - values[i]!)).toBeLessThan(1e-6);
    expect(Math.abs(naive[k]! - values[i]!)).toBeLessThan(1e-7); // what the other tests lean on
  });
});

const side = fc.integer({ min: 1, max: 40 });
const size = fc.tuple(side, side);
const map = (rows: number, columns: number, seed: number) =>
  Array.from({ length: rows * columns }, (_, k) => Math.sin(k * 12.9898 + seed) * 5);

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]!)), 0);
}

test('any size to any size equals the formula', () => {
  fc.assert(
    fc.property(size, size, fc.integer(), (from, to, seed) => {
      const values = map(...from, seed % 1000);
      expect(furthest(bilinear(values, from, to), naiveBilinear(values, from, to))).toBeLessThan(1e-5);
    }),
  );
});

test('composed taps do in one pass what two passes do', () => {
  fc.assert(
    fc.property(size, size, size, fc.integer(), (from, middle, to, seed) => {
      const values = map(...from, seed % 1000);
      const [vertical, horizontal] = [0, 1].map((axis) =>
        composeTaps(bilinearTaps(from[axis]!, middle[axis]!), bilinearTaps(middle[axis]!, to[axis]!)),
      );
      const once = resample(values, from[1], horizontal!, vertical!);
      expect(furthest(once, naiveBilinear(naiveBilinear(values, from, middle), middle, to))).toBeLessThan(1e-5);
    }),
  );
});

test('a composition onto a crop reads nothing of what was cropped', () => {
  // 4 samples to 16, of which the first 6 are the image, to 5.
  const taps = composeTaps(bilinearTaps(4, 16), bilinearTaps(6, 5));
  expect(Math.max(...taps.index)).toBe(1);
});

test('weights of every output sum to 1', () => {
  fc.assert(
    fc.property(side, side, side, (a, b, c) => {
      const { width, weight } = composeTaps(bilinearTaps(a, b), bilinearTaps(b, c));
      for (let i = 0; i < c; i++) {
        const sum = weight.subarray(i * width, (i + 1) * width).reduce((all, value) => all + value, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
      }
    }),
  );
});
