import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import {
  areasOf,
  components,
  fillHoles,
  keepLargest,
  removeIslands,
  removeSmallRegions,
} from '../../src-main/mask/components.ts';
import { anyMask, draw, maskOf, picture } from './masks.ts';

/** Components by flood fill: sets of pixel indices in raster order of their first pixels. */
function flood({ width, height, data }: Mask, value: number, connectivity: 4 | 8): number[][] {
  const seen = new Set<number>();
  const found: number[][] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start] !== value || seen.has(start)) continue;
    const region = [start];
    seen.add(start);
    for (const at of region) {
      for (const [dx, dy] of [
        [-1, 0],
        [1, 0],
        [0, -1],
        [0, 1],
        [-1, -1],
        [1, -1],
        [-1, 1],
        [1, 1],
      ] as const) {
        const [x, y] = [(at % width) + dx, Math.floor(at / width) + dy];
        if ((connectivity === 4 && dx !== 0 && dy !== 0) || x < 0 || y < 0 || x >= width || y >= height) continue;
        const next = y * width + x;
        if (data[next] !== value || seen.has(next)) continue;
        seen.add(next);
        region.push(next);
      }
    }
    found.push(region);
  }
  return found;
}

test('components are those of a flood fill, with their areas and boxes', () => {
  fc.assert(
    fc.property(anyMask, fc.constantFrom(4 as const, 8 as const), (mask, connectivity) => {
      const regions = flood(mask, 1, connectivity);
      const found = components(mask, connectivity);
      expect(areasOf(mask, connectivity)).toEqual(regions.map((region) => region.length));
      expect(found.map(({ toMask }) => picture(toMask()))).toEqual(
        regions.map((region) =>
          picture(maskOf(mask.width, mask.height, (x, y) => region.includes(y * mask.width + x))),
        ),
      );
      for (const [n, region] of regions.entries()) {
        const xs = region.map((i) => i % mask.width);
        const ys = region.map((i) => Math.floor(i / mask.width));
        const [x, y] = [Math.min(...xs), Math.min(...ys)];
        expect(found[n]!.box).toEqual([x, y, Math.max(...xs) - x + 1, Math.max(...ys) - y + 1]);
      }
    }),
    { numRuns: 300 },
  );
});

test('small holes and islands go by the rule of Meta, checked against a flood fill', () => {
  fc.assert(
    fc.property(anyMask, fc.integer({ min: 1, max: 12 }), (mask, minArea) => {
      const before = mask.data.slice();
      const data = mask.data.slice();
      for (const region of flood(mask, 0, 8)) if (region.length < minArea) for (const i of region) data[i] = 1;
      expect(picture(fillHoles(mask, minArea))).toEqual(picture({ ...mask, data }));
      const regions = flood({ ...mask, data }, 1, 8);
      const largest = regions.reduce((best, region) => (region.length > best.length ? region : best), []);
      for (const region of regions)
        if (region.length < minArea && region !== largest) for (const i of region) data[i] = 0;
      expect(picture(removeSmallRegions(mask, minArea))).toEqual(picture({ ...mask, data }));
      expect(mask.data).toEqual(before);
    }),
    { numRuns: 300 },
  );
});

test('the largest component stays, and corners join only with 8', () => {
  const mask = draw('##...', '..#..', '..#..', '....#');
  expect(picture(keepLargest(mask))).toEqual(['##...', '..#..', '..#..', '.....']);
  expect(picture(keepLargest(mask, 4))).toEqual(['##...', '.....', '.....', '.....']);
  expect(picture(removeIslands(mask, 3))).toEqual(['##...', '..#..', '..#..', '.....']);
});

test('an annotation is never removed whole, and an empty mask stays empty', () => {
  expect(picture(removeIslands(draw('#.#', '#..'), 50))).toEqual(['#..', '#..']);
  for (const clean of [
    keepLargest,
    (mask: Mask) => removeIslands(mask, 5),
    (mask: Mask) => removeSmallRegions(mask, 1),
  ]) {
    expect(picture(clean(draw('...', '...')))).toEqual(['...', '...']);
  }
});

test('filling every true hole leaves the background at the edge of the image', () => {
  const mask = draw('.####', '#..#.', '####.');
  expect(picture(fillHoles(mask, Infinity, { enclosedOnly: true, connectivity: 4 }))).toEqual([
    '.####',
    '####.',
    '####.',
  ]);
  // With 8, the hole is open to the corner through the diagonal.
  expect(picture(fillHoles(mask, Infinity, { enclosedOnly: true }))).toEqual(picture(mask));
  // Meta's rule counts the corner as a hole too.
  expect(picture(fillHoles(mask, 3, { connectivity: 4 }))).toEqual(['#####', '#####', '#####']);
});
