/** @file What a project exports, an empty project imports, and exports again as the same bytes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cocoSource } from '../../src-main/api/export-source.ts';
import { importInto } from '../../src-main/api/import-run.ts';
import { exportCoco } from '../../src-main/formats/coco/export.ts';
import { ensureCategory } from '../../src-main/store/categories.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { addInstance, instancesOf, rankInstances } from '../../src-main/store/instances.ts';
import type { Project } from '../../src-main/store/project.ts';
import { propose } from '../../src-main/store/proposals.ts';
import { addQuery, editQuery, setNoTarget } from '../../src-main/store/queries.ts';
import { masks } from './coco/project.ts';
import { dump, projectOf, put, reasons, stored, tempFolder } from './import-helper.ts';

const photos = { 'a 거실/사진 #1 100%.jpg': '32x20', 'b/2.jpg': '20x41', 'b/empty.jpg': '9x9' };
const kim = { who: 'Kim' };

async function exported(project: Project): Promise<string> {
  const file = join(tempFolder(), 'out.json');
  const { source, release } = await cocoSource(project);
  try {
    await exportCoco(source, file, { statuses: ['draft', 'proposed', 'accepted', 'rejected'] });
  } finally {
    release();
  }
  return file;
}

/** Every kind of mask, of answer and of verdict. */
async function everything(): Promise<Project> {
  const project = await projectOf(photos);
  const { db } = project;
  const cup = ensureCategory(db, 'cup', kim, 'kitchen').result.id;
  ensureCategory(db, '의자', kim);
  const first = masks(32, 20);
  const add = (name: string, given: object = {}) =>
    addInstance(db, { imageId: 1, rle: first[name]!, ...given }, kim).result.id;
  const text = '아이가 선반에 닿으려면 "무엇"을\n밟을까?';
  const asked = addQuery(db, { imageId: 1, text, form: 'long', reasoningType: 'context', note: 'ok' }, kim).result.id;
  const run = { pack: 'mobile-sam', reasoner: null, prompts: {}, answer: 'There.', timing: null };
  propose(db, asked, { run, proposals: [] }, kim);
  const ids = ['block', 'hole', 'parts', 'pixel', 'corners'].map((name, k) =>
    add(
      name,
      k === 0 ? { categoryId: cup, score: 0.75, source: 'model', attributes: { edited: true, note: 'a "b"' } } : {},
    ),
  );
  for (const id of [ids[3]!, ids[0]!, ids[1]!]) {
    db.prepare('INSERT INTO query_instance VALUES (?, ?, NULL)').run(asked, id);
  }
  rankInstances(db, asked, [ids[3]!, ids[0]!], kim);
  editQuery(db, asked, { status: 'accepted', clear: true, correct: false, exhaustive: false }, kim);
  setNoTarget(db, addQuery(db, { imageId: 1, text: 'nothing' }, kim).result.id, true, kim);
  editQuery(db, addQuery(db, { imageId: 2, text: 'silly' }, kim).result.id, { status: 'rejected' }, { who: 'Lee' });
  addQuery(db, { imageId: 2, text: 'open', source: 'model' }, {});
  const shared = addInstance(db, { imageId: 2, rle: masks(20, 41)['full']!, categoryId: cup }, kim).result.id;
  for (const name of ['this', 'that']) {
    const { id } = addQuery(db, { imageId: 2, text: name }, kim).result;
    addInstance(db, { imageId: 2, rle: masks(20, 41)['round']!, queryIds: [id] }, kim);
    db.prepare('INSERT INTO query_instance VALUES (?, ?, NULL)').run(id, shared);
  }
  return project;
}

test('the same bytes: masks, answers, ranks, verdicts, attributes, models, categories', async () => {
  const from = await everything();
  const file = await exported(from);
  const into = await projectOf(photos);
  const report = await importInto(into, file);
  expect(report).toMatchObject({ format: 'coco', guessed: true, skipped: [], mended: [], answered: 0 });
  expect(report.kept).toEqual({ images: 3, instances: 8, queries: 6, categories: 2 });
  expect(await readFile(await exported(into), 'utf8')).toBe(await readFile(file, 'utf8'));
  expect(await checkProject(into)).toEqual(await checkProject(from));
  expect(stored(into).queries.map(({ version: _, ...rest }) => rest)).toEqual(
    stored(from).queries.map(({ version: _, ...rest }) => rest),
  );
});

test('importing again adds nothing', async () => {
  const file = await exported(await everything());
  const into = await projectOf(photos);
  await importInto(into, file);
  const before = dump(into.db);
  const report = await importInto(into, file);
  expect(report.kept).toMatchObject({ instances: 0, queries: 0, categories: 0 });
  expect(report).toMatchObject({ known: { instances: 8, queries: 6 }, conflicts: { count: 0 } });
  expect(dump(into.db)).toBe(before);
});

test('a dry run says the same and changes nothing', async () => {
  const file = await exported(await everything());
  const into = await projectOf(photos);
  const before = dump(into.db);
  const events = () => into.db.prepare('SELECT count(*) FROM event').pluck().get();
  const count = events();
  const would = await importInto(into, file, { dryRun: true });
  expect([dump(into.db), events()]).toEqual([before, count]);
  expect(would.backup).toBeNull();
  const did = await importInto(into, file);
  expect({ ...did, dryRun: true, backup: null }).toEqual(would);
  expect(events()).toBe(Number(count) + 1);
});

test('a part of the answer that cannot be read makes the query a draft, never a smaller answer', async () => {
  const into = await projectOf({ 'a.jpg': '32x20' });
  const annotations = [
    { id: 1, image_id: 1, segmentation: masks(32, 20)['block'] },
    { id: 2, image_id: 1, segmentation: [] },
  ];
  const queries = [
    { id: 1, image_id: 1, text: 'both', annotation_ids: [1, 2], status: 'accepted', ranks: [1, 2] },
    { id: 2, image_id: 1, text: 'one', annotation_ids: [1] },
    { id: 3, image_id: 1, text: 'none of it', annotation_ids: [2], no_target: true },
    { id: 4, image_id: 1, text: 'both said', annotation_ids: [1], no_target: true, status: 'accepted' },
    { id: 5, image_id: 1, text: 'gaps', annotation_ids: [1], ranks: [7], status: 'accepted', clear: 'yes' },
    { id: 6, image_id: 1, text: '  ', annotation_ids: [1] },
    { id: 7, image_id: 1, text: 'waits', annotation_ids: [], status: 'proposed' },
    { id: 8, image_id: 9, text: 'elsewhere', annotation_ids: [] },
  ];
  const images = [{ id: 1, file_name: 'a.jpg', width: 32, height: 20 }];
  const report = await importInto(into, put(join(tempFolder(), 'in.json'), { images, annotations, queries }));
  expect(stored(into).queries.map(({ text, status, noTarget }) => [text, status, noTarget])).toEqual([
    ['both', 'draft', false],
    ['one', 'accepted', false],
    ['none of it', 'draft', false],
    ['both said', 'accepted', false],
    ['gaps', 'accepted', false],
    ['waits', 'draft', false],
  ]);
  expect(stored(into).links.filter(({ queryId }) => queryId === 5)).toMatchObject([{ rank: 1 }]);
  const mended = { 'links-lost': 2, 'no-target': 1, ranks: 1, status: 1, 'field-dropped': 1 };
  expect(reasons(report.mended)).toEqual(mended);
  expect(reasons(report.skipped)).toEqual({ 'no-mask': 1, 'text-missing': 1, dangling: 1 });
  expect(await checkProject(into)).toEqual([]);
});

test('only the images that were chosen, with what is theirs', async () => {
  const from = await everything();
  const into = await projectOf(photos);
  const report = await importInto(into, await exported(from), { only: new Set([2]) });
  expect(new Set(stored(into).instances.map(({ path }) => path))).toEqual(new Set(['b/2.jpg']));
  expect(stored(into).queries.map(({ text }) => text)).toEqual(['silly', 'open', 'this', 'that']);
  expect(report.kept.images).toBe(1);
  expect(instancesOf(into.db, 1)).toEqual([]);
});
