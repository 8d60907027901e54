/** @file A project from a folder of photos to a COCO file, as somebody does it without a screen. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { cocoSource } from '../../src-main/api/export-source.ts';
import { projectCommand } from '../../src-main/cli/project.ts';
import { exportCoco } from '../../src-main/formats/coco/export.ts';
import { addInstance, linkInstance, rankInstances } from '../../src-main/store/instances.ts';
import { openProject } from '../../src-main/store/project.ts';
import { addQuery, setNoTarget } from '../../src-main/store/queries.ts';
import { select } from '../../src-main/store/records.ts';
import { temporaryFolder } from '../engine/scene.ts';
import { type Coco, koreanName, masks } from '../formats/coco/project.ts';
import { novo } from './command.ts';

let home: string;
let folder: string;
let photos: string;
let created: Awaited<ReturnType<typeof novo>>;

const project = (...args: string[]) => novo(['project', ...args], { home });
const readCoco = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Coco;
const actor = { who: 'Kim' };

async function photo(file: string, width: number, height: number): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const background = { r: width, g: height, b: 90 };
  await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toFile(file);
}

beforeAll(async () => {
  home = await temporaryFolder();
  photos = join(home, 'photos');
  folder = join(home, 'project');
  await photo(join(photos, koreanName), 32, 20);
  await photo(join(photos, 'b.png'), 20, 41);
  created = await project('new', folder, '--images', photos);
  const opened = await openProject(folder, { backupEveryMs: 0 });
  const { db } = opened;
  const image = select(db, 'image', 'width = 32')[0]!;
  const shapes = masks(32, 20);
  const first = addQuery(db, { imageId: image.id, text: '무엇을 밟을까?' }, actor).result;
  const second = addQuery(db, { imageId: image.id, text: 'What has a hole?' }, actor).result;
  const none = addQuery(db, { imageId: image.id, text: 'Where is the dog?' }, actor).result;
  addQuery(db, { imageId: image.id, text: 'A draft' }, actor);
  const add = (name: string, queryIds: number[]) =>
    addInstance(db, { imageId: image.id, rle: shapes[name]!, queryIds }, actor).result;
  const hole = add('hole', [first.id]);
  const parts = add('parts', [first.id]);
  for (const name of ['pixel', 'full', 'borders']) add(name, []);
  linkInstance(db, second.id, hole.id, actor);
  rankInstances(db, first.id, [parts.id, hole.id], actor);
  setNoTarget(db, none.id, true, actor);
  await opened.close();
});

test('new reads the photos, info and check tell of them', async () => {
  expect(created).toMatchObject({ code: 0, stdout: '' });
  expect(created.stderr).toContain('2 photos added, 0 unchanged, 0 moved, 0 missing, 0 changed, 0 could not be read');
  const [text, json, checked, findings] = await Promise.all([
    project('info', folder),
    project('info', folder, '--json'),
    project('check', folder),
    project('check', folder, '--json', '--thorough'),
  ]);
  expect(text).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('2: 1 new, 1 open, 0 done') });
  expect(JSON.parse(json.stdout)).toMatchObject({
    images: { total: 2, new: 1, open: 1 },
    queries: { draft: 1, accepted: 3 },
    instances: 5,
    roots: [photos],
  });
  expect(checked).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing is wrong.\n' });
  expect(findings).toMatchObject({ code: 0, stdout: '[]\n' });
});

test('export writes the accepted queries, every mask once, and the same bytes again', async () => {
  const file = join(home, 'out.json');
  const done = await project('export', folder, file);
  expect(done).toMatchObject({ code: 0, stdout: '' });
  expect(done.stderr).toContain('2 images, 5 annotations, 1 categories, 3 queries');
  expect(done.stderr).toContain(`file_name is relative to ${photos}.`);
  const coco = await readCoco(file);
  expect(coco.images.map(({ file_name }) => file_name).toSorted()).toEqual(['b.png', koreanName].toSorted());
  for (const { file_name } of coco.images) expect((await readFile(join(photos, file_name))).length).toBeGreaterThan(0);
  expect(coco.annotations.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  expect(coco.queries).toMatchObject([
    { text: '무엇을 밟을까?', annotation_ids: [2, 1], ranks: [1, 2], no_target: false },
    { text: 'What has a hole?', annotation_ids: [1] },
    { text: 'Where is the dog?', annotation_ids: [], no_target: true },
  ]);
  const bytes = await readFile(file);
  const again = await project('export', folder, file, '--profile', 'coco');
  expect(again.code).toBe(0);
  expect((await readFile(file)).equals(bytes)).toBe(true);
  expect((await readdir(home)).filter((name) => name.includes('out.json'))).toEqual(['out.json']);
});

test('export with drafts, without what was not asked, as RLE', async () => {
  const file = join(home, 'all.json');
  const done = await project('export', folder, file, '--all', '--only-queried', '--segmentation', 'rle');
  expect(done.code).toBe(0);
  const coco = await readCoco(file);
  expect(coco.queries).toHaveLength(4);
  expect(coco.annotations.map(({ segmentation }) => Array.isArray(segmentation))).toEqual([false, false]);
});

test('an export shows the moment it began, also while somebody works on the project', async () => {
  const file = join(home, 'moment.json');
  const before = await openProject(folder, { readonly: true });
  const writer = await openProject(folder, { backupEveryMs: 0 });
  const { source, release } = await cocoSource(before);
  let added = 0;
  const onProgress = () => {
    const text = `added meanwhile ${++added}`;
    const query = addQuery(writer.db, { imageId: 1, text }, actor).result;
    setNoTarget(writer.db, query.id, true, actor);
  };
  await exportCoco(source, file, { onProgress });
  release();
  await before.close();
  expect(added).toBe(12);
  expect((await readCoco(file)).queries).toHaveLength(3);
  for (const { id } of select(writer.db, 'query', "text LIKE 'added meanwhile%'")) {
    writer.db.prepare('DELETE FROM query WHERE id = ?').run(id);
  }
  await writer.close();
});

test('folders of photos with the same names in them stay apart', async () => {
  const at = await temporaryFolder();
  for (const name of ['one', 'two']) await photo(join(at, name, 'a.png'), 10, name.length + 4);
  await photo(join(at, 'two', 'c.png'), 11, 11);
  expect((await project('new', join(at, 'p'), '--images', join(at, 'one'), '--images', join(at, 'two'))).code).toBe(0);
  const done = await project('export', join(at, 'p'), join(at, 'out.json'));
  expect(done.stderr).toContain(`relative to ${at}.`);
  const names = (await readCoco(join(at, 'out.json'))).images.map(({ file_name }) => file_name);
  expect(names.toSorted()).toEqual(['one/a.png', 'two/a.png', 'two/c.png']);
});

test('what is wrong is found, with exit code 1', async () => {
  const at = await temporaryFolder();
  await photo(join(at, 'photos', 'a.png'), 10, 10);
  await writeFile(join(at, 'photos', 'broken.png'), 'no picture');
  const made = await project('new', join(at, 'p'), '--images', join(at, 'photos'));
  expect(made.code).toBe(1);
  expect(made.stderr).toContain('broken.png: ');
  await rename(join(at, 'photos', 'a.png'), join(at, 'photos', 'b.png'));
  await photo(join(at, 'photos', 'c.png'), 12, 12);
  await rm(join(at, 'photos', 'broken.png'));
  const scanned = await project('scan', join(at, 'p'));
  expect(scanned).toMatchObject({ code: 0, stderr: expect.stringContaining('1 photos added, 0 unchanged, 1 moved') });
  await rm(join(at, 'photos', 'b.png'));
  const checked = await project('check', join(at, 'p'));
  expect(checked).toMatchObject({ code: 1, stdout: expect.stringMatching(/^file-missing: .*b\.png/) });
});

test('wrong commands are refused, and nothing is touched', async () => {
  const sqlite = join(folder, 'project.sqlite');
  const size = (await readFile(sqlite)).length;
  const wrong: [args: string[], code: string, message: string][] = [
    [[], 'bad-request', 'project needs to know what to do'],
    [['delete', folder], 'bad-request', 'There is no "project delete"'],
    [['new', join(home, 'x')], 'bad-request', '--images names their folder'],
    [['new', join(home, 'x'), '--images', join(home, 'nowhere')], 'not-found', 'There is no folder'],
    [['new', folder, '--images', photos], 'bad-request', 'There is a project in'],
    [['info', join(home, 'nowhere')], 'not-found', 'There is no project'],
    [['info', folder, 'more'], 'bad-request', '"more" is too much'],
    [['check', folder, '--all'], 'bad-request', 'has no --all'],
    [['export', folder], 'bad-request', 'Something is missing'],
    [['export', folder, join(home, 'y.json'), '--profile', 'yolo'], 'bad-request', 'There is no profile "yolo"'],
    [['export', folder, join(home, 'y.json'), '--segmentation', 'png'], 'bad-request', '--segmentation is auto or rle'],
    [['export', folder, sqlite], 'bad-request', 'is no JSON file'],
    [['export', folder, join(home, 'nowhere', 'y.json')], 'io', 'cannot be written'],
    [['scan', folder, '--images', join(home, 'nowhere')], 'not-found', 'There is no folder'],
  ];
  for (const [args, code, message] of wrong) {
    const refusal = { code: expect.stringMatching(code), message: expect.stringContaining(message) };
    await expect(projectCommand(args, new AbortController().signal), message).rejects.toMatchObject(refusal);
  }
  const told = await project('delete', folder);
  expect(told).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^Error: There is no "project delete"/),
  });
  expect((await readFile(sqlite)).length).toBe(size);
  const left = (await readdir(home)).map((name) => basename(name));
  expect(left.filter((name) => ['x', 'y.json', 'nowhere'].includes(name))).toEqual([]);
});
