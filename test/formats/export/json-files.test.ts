/** @file riseg and sa-co: one JSON file each, with every mask exact. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Rle } from '../../../src-main/contract/mask.ts';
import { onlyImages } from '../../../src-main/formats/export/context.ts';
import { exportProfile } from '../../../src-main/formats/profiles.ts';
import { rasteriseCoco } from '../../../src-main/mask/rasterise-coco.ts';
import { asked, everything, koreanName, sourceOf, temporary } from '../coco/project.ts';
import { lost, tryExport } from './try-export.ts';

type Row = Record<string, unknown>;
type File = { images: Row[]; annotations: Row[]; categories: Row[]; queries: Row[] };
const read = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as File;

const maskOf = (row: Row, [height, width]: readonly number[]): Rle =>
  Array.isArray(row['segmentation'])
    ? rasteriseCoco(row['segmentation'] as number[][], width!, height!)
    : (row['segmentation'] as Rle);

test('riseg: images that are asked about, the masks of the answers, forms, kinds, ranks and paraphrases', async () => {
  const records = everything();
  records.queries.push(asked(9, 1, [2, 1], { form: 'long', text: 'The same in many words' }));
  const { report, target } = await tryExport('riseg', {}, records);
  const file = await read(target);
  expect(file.images).toEqual([
    { id: 1, file_name: koreanName, width: 32, height: 20 },
    { id: 2, file_name: 'b/2.jpg', width: 20, height: 41 },
  ]);
  expect(file.annotations.map(({ id }) => id)).toEqual([1, 2, 3, 4, 9]);
  for (const row of file.annotations) {
    const { rle } = records.instances.find(({ id }) => id === row['id'])!;
    expect(maskOf(row, rle.size)).toEqual(rle);
  }
  expect(file.categories).toEqual([
    { id: 1, name: 'cup', supercategory: '', group: 'others' },
    { id: 2, name: '의자', supercategory: 'furniture', group: 'object & furniture' },
    { id: 3, name: 'object', supercategory: '', group: 'others' },
  ]);
  expect(file.queries[0]).toEqual({
    id: 1,
    image_id: 1,
    text: '아이가 선반에 닿으려면 "무엇"을\n밟을까?',
    form: 'short',
    reasoning_type: 'context',
    annotation_ids: [1, 2],
    no_target: false,
    exhaustive: true,
    paraphrases: [9],
  });
  expect(file.queries.map(({ id, ranks, no_target }) => [id, ranks, no_target])).toEqual([
    [1, undefined, false],
    [2, [1, 2, null], false],
    [3, undefined, true],
    [6, undefined, false],
    [9, undefined, false],
    [7, undefined, false],
  ]);
  expect(report).toMatchObject({ profile: 'riseg', images: 2, annotations: 5, queries: 6, categories: 3, files: 1 });
  // One reviewer, two instances with a score or attributes, one without a pixel, three that nobody asks for.
  expect(lost(report)).toEqual({ 'no-pixel': 1, emptied: 1, 'no-query': 1, unasked: 3, review: 1, attributes: 2 });
});

test('sa-co: a pair of photo and text for each query, boxes and areas as shares, negatives without annotations', async () => {
  const records = everything();
  const { report, target } = await tryExport('sa-co', {}, records);
  const file = await read(target);
  expect(file.images.map(({ id, text_input, original_image_id }) => [id, text_input, original_image_id])).toEqual([
    [1, '아이가 선반에 닿으려면 "무엇"을\n밟을까?', 1],
    [2, 'What is 2?', 1],
    [3, 'What is 3?', 1],
    [6, 'What is 6?', 1],
    [7, 'What is 7?', 2],
  ]);
  expect(file.images[3]).toMatchObject({ is_instance_exhaustive: 0, is_pixel_exhaustive: 0 });
  expect(file.images.map(({ queried_category }) => queried_category)).toEqual(['0', '0', '0', '0', '3']);
  expect(file.annotations.map(({ id, image_id, instance_id }) => [id, image_id, instance_id])).toEqual([
    [1, 1, 1],
    [2, 1, 2],
    [3, 2, 4],
    [4, 2, 1],
    [5, 2, 3],
    [6, 7, 9],
  ]);
  for (const row of file.annotations) {
    const { rle } = records.instances.find(({ id }) => id === row['instance_id'])!;
    expect(row['segmentation']).toEqual(rle);
  }
  expect(file.annotations[2]).toMatchObject({ area: 1 / 640, bbox: [7 / 32, 5 / 20, 1 / 32, 1 / 20], category_id: 1 });
  expect(file.annotations[5]).toMatchObject({ area: 1, bbox: [0, 0, 1, 1], iscrowd: 0 });
  expect(lost(report)).toMatchObject({ repeated: 1, ranks: 1, kinds: 1, categories: 2, unasked: 3 });
});

test('a part of the images, and no accepted query at all', async () => {
  const source = onlyImages(sourceOf(everything()), ({ id }) => id === 2, 1);
  const file = `${await temporary()}/part.json`;
  expect(await exportProfile('riseg', source, file)).toMatchObject({ images: 1, annotations: 1, queries: 1 });
  const { report } = await tryExport('sa-co', { statuses: ['draft'] });
  expect(report).toMatchObject({ images: 0, queries: 0, annotations: 0 });
});
