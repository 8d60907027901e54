/** @file Export of the open project: where it goes, by what names, and what stays when it cannot be written. */
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { photo, smallDisk, startProjectApp, type TestApp, withProject } from './project-app.ts';

/** A mask of the 8 x 6 photos: some pixels of the top row. */
function mask(width: number) {
  const data = new Uint8Array(48);
  data.fill(1, 0, width);
  return encodeRle({ width: 8, height: 6, data });
}

async function annotate(page: TestApp, imageId: number, text: string, width = 3): Promise<void> {
  const { queryId } = await page.call('query.add', { imageId, text });
  await page.call('instance.add', { imageId, queryIds: [queryId], rle: mask(width) });
}

test('an export lies in the project, says what is in it, and can be fetched by its name', async () => {
  const page = startProjectApp();
  const { folder, images } = await withProject(page, 'a.png', 'b.png');
  await annotate(page, images[0]!.id, 'what can one read?');
  await page.call('query.add', { imageId: images[1]!.id, text: 'a draft' });
  const stages: string[] = [];
  const exported = await page.call('project.export', {}, { onProgress: ({ stage }) => stages.push(stage) });
  const file = join(folder, 'exports', 'photos.json');
  expect(exported).toMatchObject({ name: 'photos.json', file, images: 2, annotations: 1, queries: 1, categories: 1 });
  expect(new Set(stages)).toEqual(new Set(['write', 'check']));
  const coco = JSON.parse(readFileSync(file, 'utf8'));
  expect(coco.queries).toMatchObject([{ text: 'what can one read?', annotation_ids: [1] }]);
  expect(coco.images.map((image: { file_name: string }) => image.file_name)).toEqual(['a.png', 'b.png']);
  expect(await page.app.exports('photos.json')).toBe(file);
  const all = await page.call('project.export', { name: 'with drafts.json', all: true });
  expect(all).toMatchObject({ name: 'with drafts.json', queries: 2 });
});

test('only plain names: neither an export nor a download leaves its folder', async () => {
  const page = startProjectApp();
  const { folder } = await withProject(page, 'a.png');
  for (const name of ['../x', 'a/b', 'a\\b', '.hidden', 'a:b', 'nul', '..', 'x\u0000y']) {
    expect(await page.fails('project.export', { name }), name).toMatchObject({
      code: 'bad-request',
      hint: expect.stringContaining('plain name'),
    });
  }
  expect(readdirSync(folder)).not.toContain('exports');
  await page.call('project.export', { name: 'ok' });
  symlinkSync(join(folder, 'project.sqlite'), join(folder, 'exports', 'link.json'));
  for (const name of ['../project.sqlite', 'link.json', '.', '..', '', 'none.json', 'ok.json/..', '\u0000']) {
    expect(await page.app.exports(name), name).toBeNull();
  }
});

test('what a person should know is noted: photos that are gone, names that differ in capitals only', async () => {
  const page = startProjectApp();
  const { photos } = await withProject(page, 'a.png', 'Photo.png', 'photo.png', 'sub/Photo.png');
  writeFileSync(join(photos, 'a.png'), 'overwritten');
  await page.call('project.scan', {});
  const { notes } = await page.call('project.export', {});
  expect(notes).toEqual([
    `file_name is relative to ${photos}.`,
    '1 of the photos are missing or changed: the check of the project names them.',
    'File names that differ in capitals only, one file on Windows and macOS: Photo.png, photo.png.',
  ]);
});

test('a folder inside another: no photo is exported under the name of another without a word', async () => {
  const page = startProjectApp();
  const { photos } = await withProject(page, 'a.png', 'sub/b.png');
  rmSync(join(photos, 'sub', 'b.png'));
  await page.call('project.scan', {});
  await photo(join(photos, 'sub'), 'b.png'); // other pixels under the old name
  await page.call('project.addPhotos', { photos: await page.grant(join(photos, 'sub')) });
  expect(await page.call('project.scan', {})).toMatchObject({ missing: 1 });
  const { notes } = await page.call('project.export', {});
  expect(notes).toContain('File names that two photos have, one of which is missing: sub/b.png.');
});

test('a full disk: the old export stays, nothing half-written is left, and the reason is said', async (context) => {
  const page = startProjectApp();
  const { folder, images } = await withProject(page, 'a.png');
  const exports = join(folder, 'exports');
  if (!smallDisk(exports, 'size=64k')) context.skip('no small disk can be mounted here');
  await page.call('project.export', { name: 'mine' });
  const before = readFileSync(join(exports, 'mine.json'), 'utf8');
  for (let i = 0; i < 40; i++) await annotate(page, images[0]!.id, `${i} ${'long '.repeat(800)}`);
  expect(await page.fails('project.export', { name: 'mine' })).toMatchObject({
    code: 'io',
    message: expect.stringMatching(/mine\.json cannot be written: ENOSPC/),
    hint: expect.stringContaining('Free some space'),
  });
  expect(readdirSync(exports)).toEqual(['mine.json']);
  expect(readFileSync(join(exports, 'mine.json'), 'utf8')).toBe(before);
});

test('a full disk under the project itself: the action is refused, all before it is there', async (context) => {
  const page = startProjectApp();
  if (!smallDisk(join(page.home, 'projects'), 'size=2m')) context.skip('no small disk can be mounted here');
  const { images } = await withProject(page, 'a.png');
  const imageId = images[0]!.id;
  let stored = 0;
  let refused: unknown;
  while (!refused && stored < 1000) {
    const result = await page.app.dispatch('query.add', { imageId, text: `${stored} ${'long '.repeat(1900)}` });
    if (result.ok) stored++;
    else refused = result.error;
  }
  expect(refused).toMatchObject({ code: 'io', message: expect.stringMatching(/full|disk/) });
  expect(stored).toBeGreaterThan(10);
  expect((await page.call('image.read', { imageId })).queries).toHaveLength(stored);
});

test('an export that is cancelled leaves the one before; closing the project ends one as well', async () => {
  const page = startProjectApp();
  const { folder, images } = await withProject(page, 'a.png');
  await annotate(page, images[0]!.id, 'first');
  await page.call('project.export', {});
  const file = join(folder, 'exports', 'photos.json');
  const before = readFileSync(file, 'utf8');
  await annotate(page, images[0]!.id, 'second');
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  expect(await page.fails('project.export', {}, { signal: stop.signal, onProgress })).toMatchObject({
    code: 'cancelled',
  });
  const closing = page.fails('project.export', {}, { onProgress: () => void page.call('project.close', {}) });
  expect(await closing).toMatchObject({ code: 'cancelled' });
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(readdirSync(join(folder, 'exports'))).toEqual(['photos.json']);
});

test('statistics: states, answers, and the median cost of a mask', async () => {
  const page = startProjectApp();
  const { images } = await withProject(page, 'a.png', 'b.png', 'c.png');
  const [a, b] = images.map(({ id }) => id);
  const cost = { ms: 4000, clicks: 1, strokes: 0 };
  const { queryId } = await page.call('query.add', { imageId: a!, text: 'first', cost });
  const add = (width: number, ms: number, clicks: number) =>
    page.call('instance.add', { imageId: a!, queryIds: [queryId], rle: mask(width), cost: { ms, clicks, strokes: 1 } });
  await add(2, 1000, 2);
  await add(3, 3000, 4);
  const nothing = await page.call('query.add', { imageId: b!, text: 'nothing' });
  await page.call('query.noTarget', { queryId: nothing.queryId, noTarget: true });
  expect(await page.call('project.stats', {})).toEqual({
    images: { total: 3, new: 1, open: 0, done: 2 },
    queries: { draft: 0, proposed: 0, accepted: 2, rejected: 0, noTarget: 1 },
    instances: 2,
    proposals: { accepted: 0, rejected: 0, pending: 0 },
    // Of its own 1 and 3 s, with half of the query's 4 s each: 3 and 5 s; 3 and 5 clicks and strokes, and half a click.
    median: { seconds: 4, clicks: 4.5 },
  });
});
