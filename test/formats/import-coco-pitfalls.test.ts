/**
 * @file What pycocotools takes without a word, or dies of, is read as it was meant, or named and left out. One test for
 * each row of the experiment, on a photo of 100 x 80 pixels.
 */
import { expect, test } from 'vitest';
import { encodeRle, rleOf } from '../../src-main/contract/rle.ts';
import { maskToRuns } from '../../src-main/contract/runs.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { importJson, pixelsOf, projectOf, reasons, stored } from './import-helper.ts';

const width = 100;
const height = 80;
const images = [{ id: 1, file_name: 'a.jpg', width, height }];
const categories = [{ id: 1, name: 'cup', supercategory: 'kitchen' }];

/** Pixels x0..x1-1, y0..y1-1. */
function block(x0: number, y0: number, x1: number, y1: number) {
  const data = new Uint8Array(width * height);
  for (let y = y0; y < y1; y++) data.fill(1, y * width + x0, y * width + x1);
  return { width, height, data };
}
const square = (x0: number, y0: number, x1: number, y1: number) => [x0, y0, x1, y0, x1, y1, x0, y1];
const plain = { id: 1, image_id: 1, category_id: 1, iscrowd: 0 };

async function imported(annotations: object[], rest: object = {}) {
  const project = await projectOf({ 'a.jpg': '100x80' });
  const report = await importJson(project, { images, annotations, categories, ...rest });
  expect(await checkProject(project)).toEqual([]);
  return { project, report, skipped: reasons(report.skipped), mended: reasons(report.mended), ...stored(project) };
}

test('ids may be 0, for images, categories and annotations', async () => {
  const rle = encodeRle(block(10, 10, 50, 50));
  const zero = { images: [{ ...images[0], id: 0 }], categories: [{ id: 0, name: 'cup' }] };
  const { instances } = await imported([{ id: 0, image_id: 0, category_id: 0, iscrowd: 0, segmentation: rle }], zero);
  expect(instances).toMatchObject([{ id: 1, category: 'cup', rle, area: 1600, bbox: [10, 10, 40, 40] }]);
});

test.each([1, true, '1'])('iscrowd %j: the mask is taken and marked as a crowd', async (iscrowd) => {
  const counts = [...maskToRuns(block(10, 10, 50, 50))];
  const { instances } = await imported([{ ...plain, iscrowd, segmentation: { size: [height, width], counts } }]);
  expect(instances).toMatchObject([{ area: 1600, attributes: { iscrowd: true } }]);
});

test.each([0, false])('iscrowd %j with RLE text is an instance like any other', async (iscrowd) => {
  const { instances } = await imported([{ ...plain, iscrowd, segmentation: encodeRle(block(10, 10, 50, 50)) }]);
  expect(instances).toMatchObject([{ area: 1600, attributes: {} }]);
});

test('no iscrowd, no area, no bbox, no info, no licenses: area and box come from the mask', async () => {
  const { instances, skipped } = await imported([{ id: 1, image_id: 1, segmentation: [square(10, 10, 50, 50)] }]);
  expect(instances).toMatchObject([{ area: 1600, bbox: [10, 10, 40, 40], category: null }]);
  expect(skipped).toEqual({});
});

test('no categories and no annotations: the photos are known, and the report says what is not there', async () => {
  const project = await projectOf({ 'a.jpg': '100x80' });
  const report = await importJson(project, { images });
  expect(report.kept).toEqual({ images: 1, instances: 0, queries: 0, categories: 0 });
  expect(report.notes).toEqual(['The file has no "annotations".', 'The file has no "categories".']);
});

test('a flat polygon is read as one polygon', async () => {
  const { instances, mended } = await imported([{ ...plain, segmentation: square(10, 10, 50, 50) }]);
  expect(instances).toMatchObject([{ area: 1600 }]);
  expect(mended).toEqual({ 'flat-polygon': 1 });
});

test('polygons of two corners, none, and boxes without a mask are left out, each with its reason', async () => {
  const { report, skipped, instances } = await imported([
    { ...plain, segmentation: [[10, 10, 50, 50]] },
    { ...plain, id: 2, segmentation: [] },
    { ...plain, id: 3, segmentation: [], bbox: [10, 10, 40, 40] },
    { ...plain, id: 4 },
    { ...plain, id: 5, segmentation: [[10, 10, 50, 50], square(10, 10, 20, 20)] },
    { ...plain, id: 6, segmentation: [[10, 10, 20, 10, 20]] },
    { ...plain, id: 7, segmentation: [[10, 'x', 20, 10, 20, 20]] },
    { ...plain, id: 8, segmentation: [square(200, 200, 300, 300)] },
  ]);
  expect(skipped).toEqual({ 'no-mask': 4, 'only-box': 1, 'mask-damaged': 1, 'mask-empty': 1 });
  expect(instances).toMatchObject([{ area: 100 }]);
  expect(report.read.instances).toBe(8);
  expect(report.skipped.flatMap(({ examples }) => examples)).toContain('annotation 2');
});

test('an inner ring stays a hole where the area says so, and is filled where it does not', async () => {
  const rings = [square(10, 10, 50, 50), square(20, 20, 40, 40)];
  const { project, mended } = await imported([
    { ...plain, segmentation: rings, area: 1200 },
    { ...plain, id: 2, segmentation: rings, area: 1600 },
    { ...plain, id: 3, segmentation: rings },
  ]);
  expect([0, 1, 2].map((n) => pixelsOf(project, n).area)).toEqual([1200, 1600, 1600]);
  expect(pixelsOf(project, 0).at(30, 30)).toBe(false);
  expect(mended).toEqual({ hole: 1 });
});

test('two parts are one instance', async () => {
  const { instances } = await imported([{ ...plain, segmentation: [square(0, 0, 10, 10), square(50, 50, 60, 60)] }]);
  expect(instances).toMatchObject([{ area: 200, bbox: [0, 0, 60, 60] }]);
});

test('a mask that runs along rows is turned where its box tells; without one nothing can tell', async () => {
  const mask = block(60, 5, 90, 15);
  const rows: number[] = [0];
  for (const value of mask.data) {
    if (value === (rows.length - 1) % 2) rows[rows.length - 1]!++;
    else rows.push(1);
  }
  const segmentation = { size: [height, width], counts: rows };
  const { instances, mended } = await imported([{ ...plain, segmentation, bbox: [60, 5, 30, 10] }]);
  expect(instances).toMatchObject([{ rle: encodeRle(mask), bbox: [60, 5, 30, 10] }]);
  expect(mended).toEqual({ 'row-major': 1 });
});

test('a box that is nowhere near the mask is told, and the mask taken', async () => {
  const { instances, mended } = await imported([
    { ...plain, segmentation: encodeRle(block(10, 10, 50, 50)), bbox: [70, 60, 9, 9] },
  ]);
  expect(instances).toMatchObject([{ bbox: [10, 10, 40, 40] }]);
  expect(mended).toEqual({ 'box-differs': 1 });
});

test('width and height swapped, another size, a run too few, a text that is none: left out and named', async () => {
  const mask = encodeRle(block(10, 10, 50, 50));
  const runs = maskToRuns(block(10, 10, 50, 50));
  const { skipped, instances } = await imported([
    { ...plain, segmentation: { ...mask, size: [width, height] } },
    { ...plain, id: 2, segmentation: { ...mask, size: [40, 50] } },
    { ...plain, id: 3, segmentation: rleOf(runs.slice(0, -1), height, width) },
    { ...plain, id: 4, segmentation: { size: [height, width], counts: [...runs.slice(0, -1)] } },
    { ...plain, id: 5, segmentation: { size: [height, width], counts: '~~' } },
  ]);
  expect(skipped).toEqual({ 'mask-swapped': 1, 'mask-size': 1, 'mask-damaged': 3 });
  expect(instances).toEqual([]);
});

test('two annotations with one id are both taken; the same one twice is taken once', async () => {
  const first = { ...plain, segmentation: [square(10, 10, 50, 50)] };
  const { instances, mended, skipped } = await imported([
    first,
    first,
    { ...plain, segmentation: [square(0, 0, 5, 5)] },
  ]);
  expect(instances.map(({ area }) => area)).toEqual([1600, 25]);
  expect(mended).toEqual({ 'id-twice': 1 });
  expect(skipped).toEqual({ twice: 1 });
});

test('counts that were written as Python bytes are read', async () => {
  const mask = encodeRle(block(10, 10, 50, 50));
  const counts = `b'${mask.counts.replaceAll('\\', '\\\\')}'`;
  const { instances, mended } = await imported([{ ...plain, segmentation: { ...mask, counts } }]);
  expect(instances).toMatchObject([{ rle: mask }]);
  expect(mended).toEqual({ 'bytes-text': 1 });
});

test('polygons have the pixels that COCO gives them: edges exact, centres a row and a column less', async () => {
  const { instances } = await imported([
    { ...plain, segmentation: [square(10, 10, 50, 50)] },
    { ...plain, id: 2, segmentation: [square(10, 10, 49, 49)] },
    { ...plain, id: 3, segmentation: [square(10, 10, 19, 19)] },
  ]);
  expect(instances.map(({ area }) => area)).toEqual([1600, 1521, 81]);
});

test('ids as texts, references that lead nowhere, names twice', async () => {
  const segmentation = [square(10, 10, 50, 50)];
  const { instances, skipped, mended, report } = await imported(
    [
      { id: '1', image_id: '1', category_id: '1', segmentation },
      { id: 'x7', image_id: 1, category_id: '2', segmentation: [square(0, 0, 5, 5)] },
      { id: 3, image_id: 99, category_id: 1, segmentation },
      { id: 4, image_id: 1, category_id: 77, segmentation: [square(0, 0, 6, 6)] },
      null as never,
    ],
    { categories: [...categories, { id: 2, name: 'cup' }, { id: 3 }] },
  );
  expect(instances.map(({ category }) => category)).toEqual(['cup', 'cup', null]);
  expect(skipped).toEqual({ dangling: 1, unreadable: 2 });
  expect(mended).toEqual({ 'category-twice': 1, 'category-unknown': 1 });
  expect(report.kept).toMatchObject({ categories: 1, instances: 3 });
});

test("an id that two photos have is nobody's", async () => {
  const project = await projectOf({ 'a.jpg': '100x80', 'b.jpg': '100x80' });
  const both = [...images, { ...images[0], file_name: 'b.jpg' }];
  const report = await importJson(project, {
    images: both,
    annotations: [{ ...plain, segmentation: [square(0, 0, 5, 5)] }],
  });
  expect(reasons(report.skipped)).toEqual({ 'photo-twice': 1, 'photo-left-out': 1 });
  expect(stored(project).instances).toEqual([]);
});

test('sections in any order, a byte order mark, NaN, and a reader that is cut in blocks', async () => {
  const project = await projectOf({ 'a.jpg': '100x80' });
  const annotations = Array.from({ length: 3000 }, (_, k) => ({
    ...plain,
    id: k + 1,
    area: Number.NaN,
    segmentation: [square(k % 90, k % 70, (k % 90) + 5, (k % 70) + 5)],
  }));
  const parts = Object.entries({ annotations, categories, images }).map(
    ([key, value]) => `"${key}":${JSON.stringify(value)}`,
  );
  const text = `\ufeff{${parts.join(',')}}`.replaceAll('"area":null', '"area":NaN');
  const report = await importJson(project, text);
  expect(report.kept).toMatchObject({ instances: 3000, categories: 1 });
  expect(report.read.instances).toBe(3000);
});
