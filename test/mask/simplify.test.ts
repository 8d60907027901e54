import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Ring, ringArea, ringsOf, traceContours } from '../../src-main/contract/contours.ts';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { iou } from '../../src-main/mask/boolean.ts';
import { rasteriseRings } from '../../src-main/mask/rasterise-even-odd.ts';
import { ringsCross } from '../../src-main/mask/ring-crossing.ts';
import { simplify } from '../../src-main/mask/simplify.ts';
import { anyMask, maskOf } from './masks.ts';

/** Discs that invert what lies under them: parts, holes, islands in holes. */
const discs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((list) => maskOf(81, 61, (x, y) => list.filter(([a, b, r]) => Math.hypot(x - a, y - b) < r).length % 2 === 1));

const fill = (rings: readonly Ring[], { width, height }: Mask) => rasteriseRings(rings, width, height);

function distance(x: number, y: number, ring: Ring): number {
  let nearest = Infinity;
  for (let i = 0; i < ring.length; i += 2) {
    const [ax, ay] = [ring[i]!, ring[i + 1]!];
    const [dx, dy] = [ring[(i + 2) % ring.length]! - ax, ring[(i + 3) % ring.length]! - ay];
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    nearest = Math.min(nearest, Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return nearest;
}

test('the IoU floor and the bound in pixels hold, parts and holes stay, no ring collapses or crosses', () => {
  fc.assert(
    fc.property(
      fc.oneof(discs, anyMask),
      fc.constantFrom(0.9, 0.98, 0.999),
      fc.constantFrom(0.5, 1, 2, 6),
      fc.constantFrom(4 as const, 8 as const),
      (mask, minIou, maxShift, connectivity) => {
        const exact = traceContours(mask, connectivity);
        const simpler = simplify(exact, { minIou, maxShift });
        const measured = iou(encodeRle(mask), encodeRle(fill(simpler.rings, mask)));
        expect(simpler.iou).toBeCloseTo(measured, 12);
        expect(measured).toBeGreaterThanOrEqual(minIou);
        expect(simpler.rings).toEqual(ringsOf(simpler.parts));
        expect(simpler.vertices).toBe(simpler.rings.flat().length / 2);
        expect(simpler.parts.map(({ holes }) => holes.length)).toEqual(exact.map(({ holes }) => holes.length));
        for (const [n, ring] of ringsOf(exact).entries()) {
          const now = simpler.rings[n]!;
          expect(now.length).toBeGreaterThanOrEqual(6);
          expect(ringArea(now) / ringArea(ring)).toBeGreaterThanOrEqual(0.5);
          for (let i = 0; i < ring.length; i += 2) {
            expect(distance(ring[i]!, ring[i + 1]!, now)).toBeLessThanOrEqual(maxShift + 1e-9);
          }
        }
        expect(ringsCross(simpler.rings)).toBe(false);
      },
    ),
    { numRuns: 200 },
  );
});

test('a large round object keeps its shape with a small part of its corners', () => {
  const mask = maskOf(400, 300, (x, y) => Math.hypot(x - 200, y - 150) < 120 && Math.hypot(x - 220, y - 140) > 30);
  const exact = traceContours(mask);
  const simpler = simplify(exact);
  expect(simpler.iou).toBeGreaterThan(0.98);
  expect(simpler.vertices).toBeLessThan(ringsOf(exact).flat().length / 2 / 8);
});

test('small areas stay exact beside a large one that is simplified', () => {
  const mask = maskOf(200, 100, (x, y) => Math.hypot(x - 60, y - 50) < 40 || Math.hypot(x - 150, y - 50) < 3);
  const [, dot] = traceContours(mask);
  const simpler = simplify(traceContours(mask));
  expect(simpler.parts[1]).toEqual(dot);
  expect(simpler.parts[0]!.outer.length).toBeLessThan(traceContours(mask)[0]!.outer.length / 2);
});

test('a line one pixel wide is not lost, and an empty mask has nothing to simplify', () => {
  const line = maskOf(90, 90, (x, y) => x === y);
  expect(simplify(traceContours(line), { maxShift: 5, smallArea: 0 }).iou).toBeGreaterThanOrEqual(0.98);
  expect(simplify([])).toEqual({ parts: [], rings: [], iou: 1, vertices: 0 });
});

test('noise without end is handed back as it is, in good time', () => {
  let state = 1;
  const mask = maskOf(1500, 1000, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % 2 === 0;
  });
  const started = performance.now();
  const { iou: same, rings } = simplify(traceContours(mask));
  expect(same).toBe(1);
  expect(Buffer.compare(fill(rings, mask).data, mask.data)).toBe(0);
  expect(performance.now() - started).toBeLessThan(20_000);
});
