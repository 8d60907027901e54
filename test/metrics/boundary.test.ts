/** @file Boundary IoU and boundary F are those of their definitions, computed apart in numpy, and of OpenCV's and DAVIS's. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { boundaryF, boundaryMatch } from '../../src-main/metrics/boundary-f.ts';
import { bandPixels, bandRatio, boundaryIou, boundaryOverlap } from '../../src-main/metrics/boundary-iou.ts';
import { combineRegions, emptyRegion, type Region, regionOf } from '../../src-main/metrics/region.ts';
import { maskOf } from '../mask/masks.ts';
import { askPython, lacks } from './python.ts';
import { below, oneOf, randomMask, region, seeded, similarMask } from './scenes.ts';

const missing = lacks('numpy');
const golden = join(
  process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
  'formats/golden-opencv480.json',
);
const text = ({ data }: Mask) => Array.from(data).join('');

/** Sizes with a diagonal whose band is 1, 2 and more pixels wide, and single rows and columns. */
function pairs(count: number) {
  const random = seeded(17);
  return Array.from({ length: count }, () => {
    const side = () => oneOf(random, [1, 2, 5 + below(random, 20), 20 + below(random, 60), 90]);
    const [width, height] = [side(), side()];
    const a = randomMask(random, width, height);
    const b = random() < 0.7 ? similarMask(random, a) : randomMask(random, width, height);
    const void_ = random() < 0.2 ? randomMask(random, width, height) : null;
    return { a, b, void_ };
  });
}

test.skipIf(missing)('3,000 random pairs: both forms of boundary IoU, both tolerances of F, void pixels', () => {
  type Reference = { ratio: [number, number]; pixels: [number, number]; f3: number; f008: number };
  const all = pairs(3000);
  const asked = all.map(({ a, b, void_ }) => ({
    size: [a.height, a.width],
    a: text(a),
    b: text(b),
    void: void_ && text(void_),
  }));
  const theirs = askPython<Reference[]>('boundary_reference.py', asked);
  for (const [k, pair] of all.entries()) {
    const keep = (mask: Mask): Region =>
      pair.void_ ? combineRegions(region(mask), region(pair.void_), 'subtract') : region(mask);
    const [a, b] = [keep(pair.a), keep(pair.b)];
    const ratio = boundaryOverlap(a, b, bandRatio);
    const pixels = boundaryOverlap(a, b, { pixels: 3 });
    const found = {
      ratio: [ratio.intersection, ratio.union],
      pixels: [pixels.intersection, pixels.union],
      f3: boundaryF(boundaryMatch(a, b, 3)),
      f008: boundaryF(boundaryMatch(a, b, 0.008)),
    };
    expect([found.ratio, found.pixels], `pair ${k}`).toEqual([theirs[k]!.ratio, theirs[k]!.pixels]);
    expect(Math.abs(found.f3 - theirs[k]!.f3), `pair ${k}`).toBeLessThan(1e-9);
    expect(Math.abs(found.f008 - theirs[k]!.f008), `pair ${k}`).toBeLessThan(1e-9);
  }
});

test.skipIf(!existsSync(golden))('the golden cases of OpenCV 4.8 and of DAVIS', () => {
  type Case = {
    size: [number, number];
    mask: string;
    pred_mask: string;
    area: number;
    dilation_002: number;
    boundary_002_area: number;
    biou3: [number, number];
    fmeasure3: { np: number; ng: number; mp: number; mg: number; f: number };
  };
  const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: Case[] };
  expect(cases.length).toBeGreaterThanOrEqual(12);
  for (const each of cases) {
    const [target, prediction] = [each.mask, each.pred_mask].map((counts) => regionOf({ size: each.size, counts }));
    expect(target!.area).toBe(each.area);
    expect(bandPixels(bandRatio, ...each.size)).toBe(each.dilation_002);
    expect(boundaryOverlap(target!, target!, bandRatio).union).toBe(each.boundary_002_area);
    const overlap = boundaryOverlap(prediction!, target!, { pixels: 3 });
    expect([overlap.intersection, overlap.union]).toEqual(each.biou3);
    const match = boundaryMatch(prediction!, target!, 3);
    const { np, ng, mp, mg, f } = each.fmeasure3;
    expect(match).toEqual({ predicted: np, target: ng, predictedNear: mp, targetNear: mg });
    expect(boundaryF(match)).toBeCloseTo(f, 9);
  }
});

test('agreement on nothing is agreement; a mask against nothing is none', () => {
  const empty = emptyRegion(20, 30);
  const some = region(maskOf(30, 20, (x, y) => x > 3 && x < 9 && y > 3 && y < 9));
  expect([boundaryIou(empty, empty, bandRatio), boundaryF(boundaryMatch(empty, empty))]).toEqual([1, 1]);
  expect([boundaryIou(some, empty, bandRatio), boundaryF(boundaryMatch(some, empty))]).toEqual([0, 0]);
  expect([boundaryIou(empty, some, bandRatio), boundaryF(boundaryMatch(empty, some))]).toEqual([0, 0]);
  expect([boundaryIou(some, some, bandRatio), boundaryF(boundaryMatch(some, some))]).toEqual([1, 1]);
});

test('masks of different sizes are refused', () => {
  expect(() => boundaryIou(emptyRegion(3, 4), emptyRegion(4, 3), bandRatio)).toThrow(/different sizes/);
  expect(() => boundaryMatch(emptyRegion(3, 4), emptyRegion(4, 3))).toThrow(/different sizes/);
});
