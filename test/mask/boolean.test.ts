import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { decodeRle, encodeRle, rleArea } from '../../src-main/contract/rle.ts';
import {
  containment,
  intersect,
  intersectionArea,
  iou,
  overlap,
  subtract,
  union,
  unionAll,
  xor,
} from '../../src-main/mask/boolean.ts';
import fixture from '../fixtures/mask/pycocotools.json' with { type: 'json' };
import { draw, masksOfOneSize } from './masks.ts';

/** Pixel by pixel, then encoded: canonical runs, so results may be compared as text. */
const pixelwise = (a: Mask, b: Mask, rule: (a: number, b: number) => number) =>
  encodeRle({ ...a, data: a.data.map((v, i) => rule(v, b.data[i]!)) });

test('boolean operations and overlap are those of the pixels, in canonical runs', () => {
  fc.assert(
    fc.property(masksOfOneSize(2), (masks) => {
      const [a, b] = masks as [Mask, Mask];
      const [ra, rb] = [encodeRle(a), encodeRle(b)];
      const both = pixelwise(a, b, (p, q) => p & q);
      const either = pixelwise(a, b, (p, q) => p | q);
      expect(union(ra, rb)).toEqual(either);
      expect(intersect(ra, rb)).toEqual(both);
      expect(subtract(ra, rb)).toEqual(pixelwise(a, b, (p, q) => p & ~q & 1));
      expect(xor(ra, rb)).toEqual(pixelwise(a, b, (p, q) => p ^ q));
      expect(intersectionArea(ra, rb)).toBe(rleArea(both));
      expect(overlap(ra, rb)).toEqual({ both: rleArea(both), areaA: rleArea(ra), areaB: rleArea(rb) });
      expect(iou(ra, rb)).toBe(rleArea(either) === 0 ? 1 : rleArea(both) / rleArea(either));
      expect(containment(ra, rb)).toBe(rleArea(ra) === 0 ? 0 : rleArea(both) / rleArea(ra));
    }),
    { numRuns: 400 },
  );
});

test('the union of many masks is the union of their pixels, whatever their number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }).chain(masksOfOneSize), (masks) => {
      const data = masks[0]!.data.map((_, i) => (masks.some((mask) => mask.data[i] === 1) ? 1 : 0));
      expect(decodeRle(unionAll(masks.map(encodeRle)))).toEqual({ ...masks[0]!, data });
    }),
  );
});

test('union, intersection and IoU are those of pycocotools', () => {
  expect(fixture.pairs.length).toBeGreaterThan(100);
  const rles = fixture.masks.map(({ rows }) => encodeRle(draw(...rows)));
  for (const pair of fixture.pairs) {
    const [a, b] = [rles[pair.a]!, rles[pair.b]!];
    expect(union(a, b).counts).toBe(pair.union);
    expect(intersect(a, b).counts).toBe(pair.both);
    expect(iou(a, b)).toBeCloseTo(pair.iou, 12);
  }
});

test('masks of different sizes are refused, also with equal pixel counts, and so is a union of none', () => {
  const [wide, tall] = [encodeRle(draw('##')), encodeRle(draw('#', '#'))];
  for (const operation of [union, intersect, subtract, xor, iou, intersectionArea, containment]) {
    expect(() => operation(wide, tall)).toThrow(/different sizes cannot be compared: 2 x 1 and 1 x 2/);
  }
  expect(() => unionAll([wide, wide, tall])).toThrow(/different sizes/);
  expect(() => unionAll([])).toThrow(/no mask to unite/);
});
