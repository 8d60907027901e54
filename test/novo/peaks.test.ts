import { expect, test } from 'vitest';
import { farthest, highestFree } from '../../src-main/novo/peaks.ts';

const size = 64;
const map = Float32Array.from({ length: size * size }, (_, k) => (k % size < 40 ? 1 + (k % size) / 100 : 0));

test('the farthest place above the floor from all points, and none within the radius', () => {
  expect(farthest(map, [[0, 0]], 0.5, 8)).toEqual({ x: 39, y: 63 });
  const corners = [
    [0, 0],
    [39, 63],
    [0, 63],
  ] as const;
  expect(farthest(map, corners, 0.5, 8)).toEqual({ x: 39, y: 19 });
  expect(farthest(map, [[20, 32]], 0.5, 60)).toBeNull();
  expect(farthest(map, [[20, 32]], 2, 1)).toBeNull();
});

test('without a point it is the highest place', () => {
  expect(farthest(map, [], 0.5, 8)).toEqual(highestFree(map, new Uint8Array(size * size), 0.5));
  expect(farthest(map, [], 0.5, 8)).toEqual({ x: 39, y: 0 });
});
