/**
 * @file 10,000 damaged files: each is imported with a report that counts every entry, or refused with a typed error and
 * what to do; what comes in leaves a project that the check finds nothing wrong with, and what is refused leaves nothing.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readers } from '../../src-main/api/import-readers.ts';
import { AppError } from '../../src-main/contract/errors.ts';
import type { ImportFormat } from '../../src-main/contract/import.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { photoFinder } from '../../src-main/formats/import-photos.ts';
import { importSink } from '../../src-main/formats/import-sink.ts';
import { seededRandom } from '../../src-main/metrics/resample.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { applyImport } from '../../src-main/store/import-apply.ts';
import { projectPhotos } from '../../src-main/store/import-photos.ts';
import type { Project } from '../../src-main/store/project.ts';
import { dump, projectOf, put, tempFolder } from './import-helper.ts';
import { mutateJson, mutateText, type Random } from './import-mutate.ts';

const files = 10_000;
/** Milliseconds that no file of a few hundred bytes may take, on a machine that does much else. */
const longest = 5000;

const width = 12;
const height = 8;
const mask = { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => (i % 5 < 2 ? 1 : 0)) };
const polygon = [1, 1, 6, 1, 6, 5, 1, 5];
const points = [[1, 1], [6, 1], [6, 5], [1, 5]]; // biome-ignore format: one line

const coco = {
  info: { description: 'a' },
  licenses: [],
  images: ['a.jpg', 'b/b.jpg', 'gone.jpg'].map((file_name, k) => ({ id: k + 1, file_name, width, height })),
  annotations: [
    { id: 1, image_id: 1, category_id: 1, iscrowd: 0, area: 20, bbox: [1, 1, 5, 4], segmentation: [polygon] },
    { id: 2, image_id: 1, category_id: 2, segmentation: encodeRle(mask), attributes: { score: 0.5, source: 'model' } },
    { id: 3, image_id: 2, category_id: 1, iscrowd: 1, segmentation: { size: [height, width], counts: [3, 90, 3] } },
    { id: 4, image_id: 2, category_id: 1, area: 16, segmentation: [polygon, [2, 2, 4, 2, 4, 4, 2, 4]] },
  ],
  categories: [
    { id: 1, name: 'cup', supercategory: 'kitchen' },
    { id: 2, name: 'object', supercategory: '' },
  ],
  queries: [
    { id: 1, image_id: 1, text: 'what?', annotation_ids: [1, 2], ranks: [2, 1], status: 'accepted', exhaustive: true },
    { id: 2, image_id: 2, text: 'none', annotation_ids: [], no_target: true, model: { pack: 'p', reasoner: null } },
  ],
};
const labelme = {
  imagePath: '../photos/a.jpg',
  imageWidth: width,
  imageHeight: height,
  shapes: [
    { label: 'cup', shape_type: 'polygon', group_id: 1, points },
    { label: 'cup', shape_type: 'circle', group_id: 1, points: [[8, 4], [8, 6]] }, // biome-ignore format: one line
    { label: 'box', shape_type: 'rectangle', points: [[1, 1], [3, 3]], flags: { x: true } }, // biome-ignore format: one line
  ],
};
const reasonseg = {
  text: ['the cup', 'Which one?'],
  is_sentence: false,
  shapes: ['target', 'ignore', 'flag'].map((label) => ({ label, points })),
};
const yolo = '0 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.5\n1 0 0 1 0 1 1 0.9\n';
const yaml = "names:\n  0: cup\n  1: 'big cup'\n";

/** Each writes one damaged file and answers what is to be imported. */
const kinds: readonly { format: ImportFormat; write(at: string, random: Random): string }[] = [
  { format: 'coco', write: (at, random) => put(join(at, 'coco.json'), JSON.stringify(mutateJson(coco, random))) },
  { format: 'coco', write: (at, random) => put(join(at, 'coco.json'), mutateText(JSON.stringify(coco), random)) },
  {
    format: 'labelme',
    write: (at, random) => join(put(join(at, 'l/a.json'), JSON.stringify(mutateJson(labelme, random))), '..'),
  },
  {
    format: 'reasonseg',
    write: (at, random) => join(put(join(at, 'r/a.json'), JSON.stringify(mutateJson(reasonseg, random))), '..'),
  },
  {
    format: 'yolo-seg',
    write(at, random) {
      put(join(at, 'y/data.yaml'), random() < 0.3 ? mutateText(yaml, random) : yaml);
      return join(put(join(at, 'y/labels/a.txt'), mutateText(yolo, random)), '../..');
    },
  },
];

/** What a project may have after an import: the source itself may ask the same twice. */
const allowed = ['same-query', 'duplicate-instance'];

async function importOne(
  project: Project,
  find: ReturnType<typeof photoFinder>,
  format: ImportFormat,
  path: string,
  check: boolean,
) {
  const sink = importSink(find);
  await readers[format](path, sink, { project });
  const { db } = project;
  db.exec('BEGIN');
  try {
    applyImport(db, sink.plan, {}, { what: 'import.test', source: 'test' });
    if (check) expect((await checkProject(project)).filter(({ code }) => !allowed.includes(code))).toEqual([]);
  } finally {
    db.exec('ROLLBACK');
  }
  return sink.tallied();
}

test(`${files} damaged files`, { timeout: 300_000 }, async () => {
  const project = await projectOf({ 'a.jpg': `${width}x${height}`, 'b/b.jpg': `${width}x${height}` });
  const find = photoFinder(await projectPhotos(project));
  const before = dump(project.db);
  const at = tempFolder();
  const random = seededRandom(20_261_123);
  const outcomes = { imported: 0, refused: 0, skipped: 0 };
  let slowest = 0;
  for (let k = 0; k < files; k++) {
    const { format, write } = kinds[k % kinds.length]!;
    const path = write(at, random);
    const start = performance.now();
    try {
      const { skipped, read } = await importOne(project, find, format, path, k % 7 === 0);
      outcomes.imported++;
      if (skipped.length > 0) outcomes.skipped++;
      expect(read.images).toBeGreaterThan(0);
      for (const { text, count, examples } of skipped) expect(text && count >= 1 && examples.length > 0).toBeTruthy();
    } catch (error) {
      if (!(error instanceof AppError)) throw new Error(`file ${k} (${format}, ${path}): ${(error as Error).stack}`);
      expect(['bad-request', 'not-found', 'io']).toContain(error.code);
      expect(error.message).toMatch(/\S{3}/);
      outcomes.refused++;
    }
    slowest = Math.max(slowest, performance.now() - start);
    if (k % 10 === 0) expect(dump(project.db)).toBe(before);
  }
  rmSync(at, { recursive: true });
  expect(dump(project.db)).toBe(before);
  expect(outcomes.imported + outcomes.refused).toBe(files);
  // The damage is neither so small that nothing notices nor so large that nothing is read.
  expect(Math.min(outcomes.imported, outcomes.skipped, outcomes.refused)).toBeGreaterThan(files / 10);
  expect(slowest).toBeLessThan(longest);
});
