/** @file Outlines for OpenCV's rule, and rings joined to one: no pixel is lost, whatever the mask. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ringsOf, traceContours } from '../../src-main/contract/contours.ts';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { joinRings } from '../../src-main/mask/join-rings.ts';
import { pixelRings } from '../../src-main/mask/pixel-rings.ts';
import { rasteriseCoco } from '../../src-main/mask/rasterise-coco.ts';
import { rasteriseOpencv } from '../../src-main/mask/rasterise-opencv.ts';

const draw = (rows: readonly string[]): Mask => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0)),
});

/** All polygons painted, one after the other. */
function painted(rings: readonly number[][], { width, height }: Mask): Uint8Array {
  const data = new Uint8Array(width * height);
  for (const ring of rings) {
    for (const [i, value] of rasteriseOpencv([ring], width, height).data.entries()) data[i]! |= value;
  }
  return data;
}

const drawings: Record<string, string[]> = {
  pixel: ['...', '.#.', '...'],
  line: ['....', '.##.', '....'],
  'hole of one pixel': ['###', '#.#', '###'],
  'two holes beside each other': ['########', '#..##..#', '#..##..#', '########'],
  'a hole behind a hole': ['#########', '#.#...#.#', '#########'],
  'an island in a hole': ['#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######'],
  diagonal: ['#....', '.#...', '..#..', '...#.', '....#'],
  'ring of corners': ['.#.', '#.#', '.#.'],
  full: ['####', '####'],
};

for (const [name, rows] of Object.entries(drawings)) {
  test(`OpenCV paints the same pixels: ${name}`, () => {
    const mask = draw(rows);
    const rings = pixelRings(mask);
    expect(painted(rings, mask)).toEqual(mask.data);
    for (const ring of rings) expect(ring.length).toBeGreaterThanOrEqual(6);
  });
}

test('corners only where the direction changes', () => {
  expect(pixelRings(draw(['####', '####', '####']))).toEqual([[0, 0, 3, 0, 3, 2, 0, 2]]);
});

test('any mask comes back by OpenCV, and its joined rings by COCO', () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 24 }),
    fc.integer({ min: 1, max: 24 }),
    fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  );
  const masks = sizes.chain(([width, height, share]) =>
    fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: width * height, maxLength: width * height })
      .map((values): Mask => ({ width, height, data: Uint8Array.from(values, (v) => (v < share ? 1 : 0)) })),
  );
  fc.assert(
    fc.property(masks, (mask) => {
      expect(painted(pixelRings(mask), mask)).toEqual(mask.data);
      const rings = ringsOf(traceContours(mask, 4));
      if (rings.length === 0) return;
      expect(rasteriseCoco([joinRings(rings)], mask.width, mask.height)).toEqual(encodeRle(mask));
    }),
    { numRuns: 400, seed: 7 },
  );
});
