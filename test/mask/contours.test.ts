import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ringArea, ringsOf, traceContours } from '../../src-main/contract/contours.ts';
import { areasOf } from '../../src-main/mask/components.ts';
import { rasteriseRings } from '../../src-main/mask/rasterise-even-odd.ts';
import { ringsCross } from '../../src-main/mask/ring-crossing.ts';
import { anyMask, draw, picture } from './masks.ts';

const connectivities = fc.constantFrom(4 as const, 8 as const);

test('outlines fill to the same pixels again', () => {
  fc.assert(
    fc.property(anyMask, connectivities, (mask, connectivity) => {
      const rings = ringsOf(traceContours(mask, connectivity));
      expect(picture(rasteriseRings(rings, mask.width, mask.height))).toEqual(picture(mask));
    }),
    { numRuns: 400 },
  );
});

test('there is one part a component, holes lie in their part, and rings turn the right way and never cross', () => {
  fc.assert(
    fc.property(anyMask, connectivities, (mask, connectivity) => {
      const parts = traceContours(mask, connectivity);
      // The area of a part is its outer ring's less its holes', which are negative: so each hole is with its own part.
      const areas = parts.map(({ outer, holes }) => [outer, ...holes].reduce((sum, ring) => sum + ringArea(ring), 0));
      expect(areas).toEqual(areasOf(mask, connectivity));
      for (const { outer, holes } of parts) {
        expect(ringArea(outer)).toBeGreaterThan(0);
        for (const hole of holes) expect(ringArea(hole)).toBeLessThan(0);
      }
      for (const ring of ringsOf(parts)) {
        for (let i = 0; i < ring.length; i += 2) {
          const [x, y, nextX, nextY] = [0, 1, 2, 3].map((k) => ring[(i + k) % ring.length]!);
          expect(x === nextX).toBe(y !== nextY); // one step along x or y
          expect(x === nextX).toBe(i % 4 === 2); // and every step turns: the first is along x
        }
      }
      expect(ringsCross(ringsOf(parts))).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('a ring around a pixel, written out', () => {
  expect(traceContours(draw('.....', '.###.', '.#.#.', '.###.'))).toEqual([
    { outer: [1, 1, 4, 1, 4, 4, 1, 4], holes: [[2, 3, 3, 3, 3, 2, 2, 2]] },
  ]);
  expect(traceContours(draw('..', '..'))).toEqual([]);
});

test('pixels that meet at a corner are one part with 8, two with 4', () => {
  const mask = draw('#.', '.#');
  expect(traceContours(mask, 8)).toEqual([{ outer: [0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 0, 1], holes: [] }]);
  expect(traceContours(mask, 4).map(({ outer }) => outer)).toEqual([
    [0, 0, 1, 0, 1, 1, 0, 1],
    [1, 1, 2, 1, 2, 2, 1, 2],
  ]);
});

test('rings with fractional coordinates, outside the frame or shifted, cover the pixels whose centres they hold', () => {
  expect(picture(rasteriseRings([[0.4, 0.4, 2.6, 0.4, 2.6, 1.6, 0.4, 1.6]], 4, 3))).toEqual(['###.', '###.', '....']);
  expect(picture(rasteriseRings([[0.6, 0.6, 2.4, 0.6, 2.4, 1.6, 0.6, 1.6]], 4, 3))).toEqual(['....', '.#..', '....']);
  expect(picture(rasteriseRings([[-9, -9, 2, -9, 2, 99, -9, 99]], 3, 2))).toEqual(['##.', '##.']);
  expect(picture(rasteriseRings([[11, 21, 13, 21, 13, 22, 11, 22]], 3, 2, [10, 20]))).toEqual(['...', '.##']);
});

test('neighbours that share a slanted edge share no pixel and leave none out', () => {
  const left = rasteriseRings([[0, 0, 7, 0, 2, 9, 0, 9]], 9, 9);
  const right = rasteriseRings([[7, 0, 9, 0, 9, 9, 2, 9]], 9, 9);
  expect(left.data.map((v, i) => v + right.data[i]!)).toEqual(new Uint8Array(81).fill(1));
});

test('crossing, ending on an edge and overlapping are found; sharing a corner is not', () => {
  const square = [0, 0, 4, 0, 4, 4, 0, 4];
  expect(ringsCross([[0, 0, 4, 4, 4, 0, 0, 4]])).toBe(true);
  expect(ringsCross([square, [2, 2, 6, 2, 6, 6, 2, 6]])).toBe(true);
  expect(ringsCross([square, [4, 2, 6, 1, 6, 3]])).toBe(true);
  expect(ringsCross([square, [4, 1, 4, 3, 6, 2]])).toBe(true);
  expect(ringsCross([square, [4, 4, 6, 4, 6, 6, 4, 6]])).toBe(false);
  expect(ringsCross([square, [1, 1, 1, 3, 3, 3, 3, 1]])).toBe(false);
});
