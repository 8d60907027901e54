import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { activationInMaskFrame, levelled, visualPrompt } from '../../src-main/novo/visual-prompts.ts';
import { naiveBilinear } from './naive.ts';
import { onImage, sam1, sam2 } from './scene.ts';

const settings = { gain: 20, bias: -1, positive: 3, negative: 2 };
const wide = frameOf(640, 320, sam1);

/** A map of `rows` x `columns` with some cells, given as [row, column, value]. */
function mapWith(rows: number, columns: number, cells: [number, number, number][], rest = 0) {
  const values = new Array<number>(rows * columns).fill(rest);
  for (const [row, column, value] of cells) values[row * columns + column] = value;
  return { grid: [rows, columns] as [number, number], values };
}

describe('points', () => {
  test('are the middles of the highest cells, then of the lowest, in the model frame', () => {
    const activation = mapWith(8, 8, [
      [1, 2, 0.7],
      [3, 7, 0.9],
      [0, 0, 0.8],
      [2, 5, -0.5],
      [1, 1, -0.9],
    ]);
    const prompt = visualPrompt(activation, wide, settings, 'points');
    // A cell is 80 pixels of the original and 128 of the model frame.
    expect(prompt.coords).toEqual([960, 448, 64, 64, 320, 192, 704, 320, 192, 192]);
    expect(prompt.labels).toEqual([1, 1, 1, 0, 0]);
  });

  test('are never in the padding, however high or low the map is there', () => {
    // Rows 4 to 7 of 8 are padding.
    const activation = mapWith(8, 8, [
      [4, 0, 1],
      [7, 7, 0.9],
      [5, 3, -1],
      [6, 3, -0.9],
      [3, 6, 0.2],
      [0, 5, -0.2],
    ]);
    const { coords } = visualPrompt(activation, wide, { ...settings, positive: 1, negative: 1 }, 'points');
    expect(coords).toEqual([832, 448, 704, 64]);
  });

  test('of equal cells are the first in reading order', () => {
    const { coords } = visualPrompt(mapWith(8, 8, []), wide, settings, 'points');
    expect(coords.slice(0, 6)).toEqual([64, 64, 192, 64, 320, 64]);
  });

  test('are fewer where the map has fewer cells, and none is both on and off the target', () => {
    const activation = { grid: [2, 2] as [number, number], values: [0.1, 0.4, 9, 9] };
    const { coords, labels } = visualPrompt(activation, wide, { ...settings, positive: 1 }, 'points');
    expect(labels).toEqual([1, 0]);
    expect(coords).toEqual([768, 256, 256, 256]);
    expect(visualPrompt(activation, wide, { ...settings, negative: 0 }, 'points').labels).toEqual([1, 1]);
    expect(visualPrompt(activation, wide, { ...settings, positive: 0 }, 'points').labels).toEqual([0, 0]);
  });

  test('follow a grid whose rows and columns differ', () => {
    const { coords } = visualPrompt(mapWith(4, 16, [[1, 9, 1]]), wide, { ...settings, positive: 1 }, 'points');
    expect(coords.slice(0, 2)).toEqual([9.5 * 64, 1.5 * 256]);
  });

  test('are stretched with the image for SAM 2', () => {
    const square = frameOf(640, 320, sam2);
    const { coords } = visualPrompt(mapWith(8, 8, [[3, 2, 1]]), square, { ...settings, positive: 1 }, 'points');
    expect(coords.slice(0, 2)).toEqual([320, 3.5 * 256]);
  });

  test('are on the image and of the settled number, for any shape of image', () => {
    const side = fc.integer({ min: 1, max: 4000 });
    const cell = fc.integer({ min: 3, max: 24 });
    fc.assert(
      fc.property(side, side, cell, cell, fc.constantFrom(sam1, sam2), (width, height, rows, columns, spec) => {
        const frame = frameOf(width, height, spec);
        const values = Array.from({ length: rows * columns }, (_, k) => Math.sin(k * 12.9));
        const prompt = visualPrompt({ grid: [rows, columns], values }, frame, { ...settings, positive: 1 }, 'points');
        expect(onImage(prompt, frame)).toBe(true);
        expect(prompt.labels[0]).toBe(1);
      }),
    );
  });

  test.each([
    [3, 2000],
    [2000, 3],
  ])('are found also in a sliver of %i x %i, thinner than half a cell', (width, height) => {
    const values = Array.from({ length: 576 }, (_, k) => -k);
    const frame = frameOf(width, height, sam1);
    const prompt = visualPrompt({ grid: [24, 24], values }, frame, settings, 'both');
    expect(prompt.labels).toEqual([1, 1, 1, 0, 0]);
    expect(onImage(prompt, frame)).toBe(true);
    const along = prompt.coords.filter((_, k) => k % 2 === (width > height ? 0 : 1));
    const expected = [0, 1, 2, 22, 23].map((k) => ((k + 0.5) * 1024) / 24);
    along.forEach((place, k) => void expect(place).toBeCloseTo(expected[k]!, 6));
  });
});

describe('the mask prompt', () => {
  const values = Array.from({ length: 6 * 10 }, (_, k) => Math.sin(k * 1.3));

  test('is gain x the bilinear map + bias', () => {
    const { mask } = visualPrompt({ grid: [6, 10], values }, wide, settings, 'both');
    const wanted = naiveBilinear(values, [6, 10], [256, 256]);
    expect(mask).toHaveLength(65536);
    mask!.forEach((logit, k) => {
      if (Math.abs(logit - (20 * wanted[k]! - 1)) > 1e-4) throw new Error(`${logit} at ${k}`);
    });
  });

  test('with a level is 0 at that share of the highest cell of the image, however sure the map is', () => {
    for (const peak of [0.9, 0.3]) {
      // The cell of the padding is higher still and does not count.
      const map = mapWith(
        8,
        8,
        [
          [1, 2, peak],
          [7, 0, 2],
        ],
        0.1,
      );
      const own = levelled({ ...settings, level: 0.5 }, map, wide);
      expect(own.gain * peak * 0.5 + own.bias).toBeCloseTo(0, 9);
      expect(own).toMatchObject({ gain: 20, positive: 3, negative: 2 });
    }
    expect(levelled(settings, mapWith(8, 8, [[1, 2, 0.9]]), wide).bias).toBe(-1);
  });

  test('goes through the original for a stretched image: the padding is not in it', () => {
    const rows = { grid: [8, 8] as [number, number], values: Array.from({ length: 64 }, (_, k) => Math.floor(k / 8)) };
    const map = activationInMaskFrame(rows, frameOf(640, 320, sam2));
    for (const y of [0, 31, 100, 255]) {
      // 256 rows show 4 of the grid's 8.
      expect(map[y * 256 + 77]).toBeCloseTo(Math.max(0, ((y + 0.5) * 4) / 256 - 0.5), 5);
    }
    const columns = { ...rows, values: Array.from({ length: 64 }, (_, k) => k % 8) };
    expect(activationInMaskFrame(columns, frameOf(320, 640, sam2))[255]).toBeCloseTo(3.492, 3);
    expect(activationInMaskFrame(columns, frameOf(640, 320, sam2))[255]).toBeCloseTo(7, 5);
  });

  test('of a stretched image that is nearly square is the one of an image that is square', () => {
    const near = activationInMaskFrame({ grid: [6, 10], values }, frameOf(3000, 2999, sam2));
    const exact = naiveBilinear(values, [6, 10], [256, 256]);
    for (let k = 0; k < near.length; k += 97) expect(Math.abs(near[k]! - exact[k]!)).toBeLessThan(0.01);
  });
});

test('each mode leaves one kind of prompt out and changes nothing else', () => {
  const activation = mapWith(8, 8, [[1, 2, 0.7]]);
  const [both, mask, points] = (['both', 'mask', 'points'] as const).map((mode) =>
    visualPrompt(activation, wide, settings, mode),
  );
  expect(mask).toEqual({ coords: [], labels: [], mask: both!.mask });
  expect(points).toEqual({ coords: both!.coords, labels: both!.labels });
  expect(both!.labels).toEqual([1, 1, 1, 0, 0]);
});
