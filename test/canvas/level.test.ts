/** @file The photo is loaded as sharp as the zoom shows it, fast at first, and never larger than memory allows. */
import { expect, test } from 'vitest';
import { firstLevel, levelFor, maxBitmapPixels } from '../../src-renderer/canvas/level.ts';

test.each([
  { zoom: 0.1, level: 1024 },
  { zoom: 0.25, level: 1024 },
  { zoom: 0.4, level: 2048 },
  { zoom: 0.7, level: null },
  { zoom: 1, level: null },
  { zoom: 30, level: null },
])('12 megapixels at zoom $zoom are shown from level $level', ({ zoom, level }) => {
  expect(levelFor(4000, 3000, zoom)).toBe(level);
});

test('a level that would be larger than the photo is never asked for', () => {
  expect(levelFor(800, 600, 0.1)).toBeNull();
  expect(firstLevel(800, 600)).toBeNull();
  expect(levelFor(1024, 700, 0.1)).toBeNull();
  expect(firstLevel(1025, 700)).toBe(1024);
});

test('a photo too large for memory is shown from the largest level that is not', () => {
  for (const [width, height] of [
    [16384, 16384],
    [30000, 8000],
    [9000, 9000],
  ] as const) {
    const level = levelFor(width, height, 1)!;
    expect(level).toBe(8192);
    expect((level * level * Math.min(width, height)) / Math.max(width, height)).toBeLessThanOrEqual(maxBitmapPixels);
  }
  expect(levelFor(8000, 8000, 1)).toBeNull();
});
