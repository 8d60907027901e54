import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeRle, encodeRle, rleArea } from '../../src-main/contract/rle.ts';
import { intersectionArea, subtract, union } from '../../src-main/mask/boolean.ts';
import { erode } from '../../src-main/mask/morphology.ts';
import { rasteriseCoco } from '../../src-main/mask/rasterise-coco.ts';
import { rasteriseOpencv } from '../../src-main/mask/rasterise-opencv.ts';
import opencv from '../fixtures/mask/opencv480.json' with { type: 'json' };
import coco from '../fixtures/mask/pycocotools.json' with { type: 'json' };
import { draw, picture } from './masks.ts';

test('COCO polygons become the RLE that pycocotools makes of them, bit for bit', () => {
  expect(coco.polygons.length).toBe(120);
  for (const { width, height, polygons, counts } of coco.polygons) {
    expect(rasteriseCoco(polygons, width, height)).toEqual({ size: [height, width], counts });
  }
});

test('polygons become the pixels that OpenCV 4.8 fills, also outside the frame', () => {
  expect(opencv.length).toBe(90);
  for (const { width, height, contours, rows } of opencv) {
    expect(picture(rasteriseOpencv(contours, width, height))).toEqual(picture(draw(...rows)));
  }
});

test('the two rules differ on the border, as they must', () => {
  const square = [1, 1, 3, 1, 3, 3, 1, 3];
  expect(picture(decodeRle(rasteriseCoco([square], 5, 5)))).toEqual(['.....', '.##..', '.##..', '.....', '.....']);
  expect(picture(rasteriseOpencv([square], 5, 5))).toEqual(['.....', '.###.', '.###.', '.###.', '.....']);
});

test('polygons of fewer than three points are nothing to COCO, and a point or a line to OpenCV', () => {
  expect(rleArea(rasteriseCoco([[], [1, 1], [0, 0, 4, 4]], 5, 5))).toBe(0);
  expect(rleArea(rasteriseCoco([], 5, 5))).toBe(0);
  expect(picture(rasteriseOpencv([[], [1, 0], [0, 2, 2, 2]], 3, 3))).toEqual(['.#.', '...', '###']);
});

test('what is no polygon is refused', () => {
  for (const bad of [
    [1, 2, 3],
    [0, 0, Number.NaN, 1, 2, 2],
    [0, 0, 1e300, 0, 0, 1e300],
  ]) {
    expect(() => rasteriseCoco([[0, 0, 1, 0, 1, 1], bad], 5, 5)).toThrow(/Polygon 2 is not a list of pairs/);
  }
  for (const bad of [
    [1, 2, 3],
    [0.5, 0],
    [0, 2 ** 30],
  ]) {
    expect(() => rasteriseOpencv([bad], 5, 5)).toThrow(/Polygon 1 is not a list of pairs of whole coordinates/);
  }
  expect(() => rasteriseCoco([], 0, 5)).toThrow(/size/);
});

test('a polygon with a side of millions of pixels is drawn at once', () => {
  const far = 60_000_000;
  expect(rleArea(rasteriseCoco([[-far, -far, far, -far, far, far, -far, far]], 30, 20))).toBe(600);
  const started = performance.now();
  expect(rleArea(rasteriseCoco([[3, -far, 10, far, 4, far]], 30, 20))).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(1000);
});

const golden = join(process.env['NOVO_DATA'] ?? '../shared/data', 'formats/golden-opencv480.json');
type GoldenCase = {
  size: [number, number];
  poly: number[][];
  mask: string;
  area: number;
  boundary1: string;
  boundary3: string;
  pred_poly: number[][];
  pred_mask: string;
  iou: [number, number];
};

test.skipIf(!existsSync(golden))(`golden cases of OpenCV 4.8.0 (skipped when ${golden} is absent)`, () => {
  const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: GoldenCase[] };
  expect(cases.length).toBe(12);
  for (const { size, poly, mask, area, boundary1, boundary3, pred_poly, pred_mask, iou } of cases) {
    const pixels = rasteriseOpencv([poly.flat()], size[1], size[0]);
    const rle = encodeRle(pixels);
    expect(rle.counts).toBe(mask);
    expect(rleArea(rle)).toBe(area);
    expect(subtract(rle, encodeRle(erode(pixels, 1, 'square'))).counts).toBe(boundary1);
    expect(subtract(rle, encodeRle(erode(pixels, 3, 'square'))).counts).toBe(boundary3);
    const predicted = encodeRle(rasteriseOpencv([pred_poly.flat()], size[1], size[0]));
    expect(predicted.counts).toBe(pred_mask);
    expect([intersectionArea(rle, predicted), rleArea(union(rle, predicted))]).toEqual(iou);
  }
});
