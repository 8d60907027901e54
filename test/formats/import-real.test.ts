/**
 * @file Real files of other makers: the same five photos in COCO, LabelMe and YOLO, one genuine ReasonSeg sample, and 465
 * photos of COCO. Read from NOVO_DATA; skipped where it is absent.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importInto } from '../../src-main/api/import-run.ts';
import { hashFile, readImageInfo } from '../../src-main/engine/image/decode.ts';
import { paintReasonSeg, readReasonSeg } from '../../src-main/formats/reasonseg/read.ts';
import { iou, unionAll } from '../../src-main/mask/boolean.ts';
import { addImages } from '../../src-main/store/add-images.ts';
import { checkProject } from '../../src-main/store/check.ts';
import type { Project } from '../../src-main/store/project.ts';
import { newProject, tempFolder } from '../store/helper.ts';
import { reasons, stored } from './import-helper.ts';

const data = process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const formats = join(data, 'formats');
const five = join(formats, 'isat-coco-labelme-yolo');
const sample = join(formats, 'reasonseg-sample');
const missing = !existsSync(five) || !existsSync(sample);
if (missing) console.warn(`skipped: there is no ${formats} (NOVO_DATA)`);

async function projectWith(photos: string): Promise<Project> {
  const project = await newProject(tempFolder(), [photos]);
  await addImages(project, { head: readImageInfo, hash: hashFile });
  return project;
}

test.skipIf(missing)('COCO and YOLO of the same photos hold the same masks', async () => {
  const coco = await projectWith(join(five, 'images'));
  const report = await importInto(coco, join(five, 'coco_tiny.json'));
  expect(report).toMatchObject({ format: 'coco', kept: { images: 5, instances: 63, categories: 80 }, skipped: [] });
  expect(stored(coco).instances.filter(({ attributes }) => attributes['iscrowd'])).toHaveLength(2);
  const yolo = await projectWith(join(five, 'images'));
  const read = await importInto(yolo, join(five, 'yolo'));
  expect(read).toMatchObject({ format: 'yolo-seg', kept: { images: 5, instances: 61 }, skipped: [] });
  // The converter joins parts by lines, so masks of one part are what can be compared.
  const theirs = stored(coco).instances;
  const close = stored(yolo).instances.filter(({ path, rle }) =>
    theirs.some((other) => other.path === path && iou(other.rle, rle) > 0.95),
  );
  expect(close.length).toBeGreaterThanOrEqual(50);
  expect(await checkProject(coco)).toEqual([]);
});

test.skipIf(missing)('LabelMe: photos one folder up, groups joined, each shape near its COCO instance', async () => {
  const project = await projectWith(join(five, 'images'));
  const report = await importInto(project, join(five, 'labelme'));
  expect(report).toMatchObject({ format: 'labelme', kept: { images: 5, instances: 18 }, skipped: [] });
  expect(reasons(report.mended)).toEqual({ joined: 1 });
  const coco = await projectWith(join(five, 'images'));
  await importInto(coco, join(five, 'coco_tiny.json'));
  const near = stored(project).instances.filter(({ path, rle, category }) =>
    stored(coco).instances.some(
      (other) => other.path === path && other.category === category && iou(other.rle, rle) > 0.5,
    ),
  );
  expect(near.length).toBeGreaterThanOrEqual(12);
});

test.skipIf(missing)('the genuine ReasonSeg sample: its answer is the mask that LISA paints', async () => {
  const project = await projectWith(sample);
  const report = await importInto(project, sample);
  expect(report).toMatchObject({ format: 'reasonseg', kept: { images: 1, instances: 3, queries: 1 }, skipped: [] });
  const { instances, queries, links } = stored(project);
  expect(queries).toMatchObject([{ text: 'the places where the driver can observe the speed', form: 'short' }]);
  const [read] = await readReasonSeg(sample, () => undefined);
  const [height, width] = instances[0]!.rle.size;
  const { target } = paintReasonSeg(read!.shapes, width, height);
  expect(unionAll(links.map(({ instanceId }) => instances[instanceId - 1]!.rle))).toEqual(target);
});
