/** @file An exported file holds the project, in a form that no COCO reader trips over. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rleArea, rleBox } from '../../../src-main/contract/rle.ts';
import { exportCoco } from '../../../src-main/formats/coco/export.ts';
import type { CocoOptions } from '../../../src-main/formats/coco/source.ts';
import { rasteriseCoco } from '../../../src-main/mask/rasterise-coco.ts';
import { asked, type Coco, everything, koreanName, type Records, sourceOf, temporary } from './project.ts';

async function exported(records: Records, options: CocoOptions = {}) {
  const file = join(await temporary(), 'out.json');
  const report = await exportCoco(sourceOf(records), file, options);
  const bytes = await readFile(file);
  return { report, bytes, coco: JSON.parse(bytes.toString('utf8')) as Coco };
}

for (const segmentation of ['auto', 'rle'] as const) {
  test(`${segmentation}: every mask once, the same pixels, with its own area and box`, async () => {
    const records = everything();
    const { coco } = await exported(records, { segmentation });
    const kept = records.instances.filter(({ id }) => id !== 5);
    expect(coco.annotations.map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
    for (const [k, { imageId, rle }] of kept.entries()) {
      const found = coco.annotations[k]!;
      const [height, width] = rle.size;
      const mask = Array.isArray(found.segmentation)
        ? rasteriseCoco(found.segmentation, width, height)
        : found.segmentation;
      expect(mask).toEqual(rle);
      expect(found).toMatchObject({ image_id: imageId, iscrowd: 0, area: rleArea(rle), bbox: rleBox(rle) });
      const [x, y, w, h] = found.bbox;
      expect([x >= 0, y >= 0, w >= 1, h >= 1, x + w <= width, y + h <= height]).not.toContain(false);
    }
  });
}

test('polygons where they are exact, RLE where a hole would be filled', async () => {
  const { coco, report } = await exported(everything());
  const kinds = coco.annotations.map(({ id, segmentation }) => [
    id,
    Array.isArray(segmentation) ? segmentation.map((ring) => ring.length) : 'rle',
  ]);
  expect(Object.fromEntries(kinds)).toMatchObject({ 1: [8], 2: 'rle', 3: [8, 8], 4: [8], 8: [8, 8], 9: [8] });
  expect(coco.annotations[0]!.segmentation).toEqual([[3, 2, 9, 2, 9, 8, 3, 8]]);
  expect(report.polygons).toBe(coco.annotations.filter(({ segmentation }) => Array.isArray(segmentation)).length);
});

test('every section is there, ids count from 1, images without masks are kept, text is UTF-8 without a mark', async () => {
  const { coco, bytes } = await exported(everything());
  expect(Object.keys(coco).toSorted()).toEqual(['annotations', 'categories', 'images', 'info', 'licenses', 'queries']);
  expect(coco.images).toEqual([
    { id: 1, file_name: koreanName, width: 32, height: 20 },
    { id: 2, file_name: 'b/2.jpg', width: 20, height: 41 },
    { id: 5, file_name: 'empty.jpg', width: 9, height: 9 },
  ]);
  expect(bytes[0]).toBe('{'.charCodeAt(0));
  expect(bytes.toString('utf8')).toContain(koreanName);
  for (const list of [coco.images, coco.annotations, coco.categories, coco.queries]) {
    const ids = list.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(1);
  }
});

test('categories are numbered without gaps, and an instance without one is an object', async () => {
  const { coco } = await exported(everything());
  expect(coco.categories).toEqual([
    { id: 1, name: 'cup', supercategory: '' },
    { id: 2, name: '의자', supercategory: 'furniture' },
    { id: 3, name: 'object', supercategory: '' },
  ]);
  expect(coco.annotations.map(({ category_id }) => category_id)).toEqual([2, 3, 3, 1, 3, 3, 3, 3]);
  const named = everything();
  for (const one of named.instances) one.categoryId = 2;
  expect((await exported(named)).coco.categories).toHaveLength(2);
  expect((await exported(everything(), { defaultCategory: 'cup' })).coco.categories).toHaveLength(2);
});

test('accepted queries with their answers, ranks beside the ids, and nothing matches as an answer', async () => {
  const { coco, report } = await exported(everything());
  expect(coco.queries.map(({ id, annotation_ids }) => [id, annotation_ids])).toEqual([
    [1, [1, 2]],
    [2, [4, 1, 3]],
    [3, []],
    [6, []],
    [7, [9]],
  ]);
  expect(coco.queries[0]).toMatchObject({ image_id: 1, reviewer: 'Kim', no_target: false, exhaustive: true });
  expect(coco.queries[0]).toMatchObject({ text: '아이가 선반에 닿으려면 "무엇"을\n밟을까?', status: 'accepted' });
  expect(coco.queries[0]).not.toHaveProperty('ranks');
  expect(coco.queries[1]).toMatchObject({ ranks: [1, 2, null], model: { pack: 'mobile-sam', reasoner: null } });
  expect(coco.queries[2]).toMatchObject({ no_target: true });
  expect(report).toMatchObject({ images: 3, annotations: 8, categories: 3, queries: 5 });
  expect(report.leftOut).toEqual([{ instanceId: 5, imageId: 1 }]);
  expect(report.emptied).toEqual([6]);
});

test('attributes are scalars, and what the project knows goes before them', async () => {
  const { coco } = await exported(everything());
  expect(coco.annotations[0]!.attributes).toEqual({ score: 0.75, source: 'model', query_ids: '1,2' });
  const second = { colour: 'red', size: '{"cm":[1,2]}', score: 9, source: 'human', query_ids: '1' };
  expect(coco.annotations[1]!.attributes).toEqual(second);
});

test('other statuses and only what was asked, on request', async () => {
  const all = await exported(everything(), { statuses: ['accepted', 'proposed', 'rejected', 'draft'] });
  expect(all.coco.queries.map(({ id }) => id)).toEqual([1, 2, 3, 4, 6, 7, 8]);
  const only = await exported(everything(), { onlyQueried: true });
  expect(only.coco.annotations.map(({ id }) => id)).toEqual([1, 2, 3, 4, 9]);
});

test('an empty project is a file that can be read', async () => {
  const { coco } = await exported({ images: [], instances: [], queries: [] });
  expect(coco).toMatchObject({ images: [], annotations: [], queries: [], licenses: [] });
});

test('the same project gives the same bytes', async () => {
  expect((await exported(everything())).bytes.equals((await exported(everything())).bytes)).toBe(true);
});

test('records that contradict each other are named', async () => {
  const link = everything();
  link.queries.push(asked(9, 1, [9]));
  await expect(exported(link)).rejects.toMatchObject({
    code: 'bad-project',
    message: expect.stringMatching(/Query 9 has instance 9/),
  });
  const size = everything();
  size.instances[0]!.rle = { size: [32, 20], counts: size.instances[0]!.rle.counts };
  await expect(exported(size)).rejects.toMatchObject({
    code: 'bad-project',
    message: expect.stringMatching(/Instance 1 is 20 x 32/),
  });
  const category = everything();
  category.instances[0]!.categoryId = 99;
  await expect(exported(category)).rejects.toMatchObject({
    code: 'bad-project',
    message: expect.stringMatching(/category 99/),
  });
});
