/**
 * @file Folders of photos: every file is accounted for, names are anything a disk allows, and a photo that moves keeps
 * its annotations.
 */
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addImages, relink } from '../../src-main/store/add-images.ts';
import { applyDiff } from '../../src-main/store/change.ts';
import { countImages, listImages, positionOf } from '../../src-main/store/images.ts';
import { addInstance } from '../../src-main/store/instances.ts';
import { naturalKey } from '../../src-main/store/natural-order.ts';
import { openProject } from '../../src-main/store/project.ts';
import { propose } from '../../src-main/store/proposals.ts';
import { addQueries, addQuery, queriesOf, setNoTarget } from '../../src-main/store/queries.ts';
import { removeImages } from '../../src-main/store/remove-images.ts';
import { addReview } from '../../src-main/store/reviews.ts';
import { addRoot, imageFile, listRoots, moveRoot } from '../../src-main/store/roots.ts';
import { addRecords, dump, kept, newProject, photo, readers, row, someRun, tempFolder } from './helper.ts';

async function withPhotos(...paths: string[]) {
  const folder = tempFolder();
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  for (const path of paths) photo(photos, path);
  const project = await newProject(folder, [photos]);
  const report = await addImages(project, readers());
  return { folder, photos, project, report };
}

const pathsOf = (project: { db: Parameters<typeof listImages>[0] }) => listImages(project.db).map(({ path }) => path);

test('folders are read recursively and listed in natural order', async () => {
  const names = [
    'img10.jpg',
    'img2.jpg',
    'IMG1.JPG',
    'img02.jpg',
    'a/9.png',
    'a/10.png',
    'a b/1.png',
    '나.jpg',
    '가.jpg',
  ];
  const { project, report } = await withPhotos(...names, 'notes.txt', '.hidden.jpg');
  expect(report).toMatchObject({ files: 9, added: 9, others: 1, skippedCount: 0 });
  expect(pathsOf(project)).toEqual([
    ...['a/9.png', 'a/10.png', 'a b/1.png', 'IMG1.JPG', 'img02.jpg', 'img2.jpg', 'img10.jpg', '가.jpg', '나.jpg'],
  ]);
  expect(naturalKey('x9') < naturalKey('x10')).toBe(true);
  expect(naturalKey(`x${'9'.repeat(200)}`) < naturalKey(`x1${'0'.repeat(200)}`)).toBe(true);
});

test('names in Korean, with # % quotes and spaces, of 255 bytes, in NFD, all find their files', async () => {
  const nfd = '카페.jpg'.normalize('NFD');
  const long = `${'가'.repeat(83)}ab.jpg`; // 255 bytes
  const odd = ['사진 #1 100%.jpg', `it's "so".jpg`, long, nfd, 'a?b&c=d.jpg', '日本/é@#.png'];
  const { project, report } = await withPhotos(...odd);
  expect(report).toMatchObject({ added: odd.length, skippedCount: 0 });
  for (const image of listImages(project.db)) {
    expect(image.path).toBe(image.path.normalize('NFC'));
    expect(await readers().hash(await imageFile(project, image))).toBe(image.contentHash);
  }
  expect(await addImages(project, readers())).toMatchObject({ added: 0, unchanged: odd.length, missingCount: 0 });
  expect(listImages(project.db, { text: '100%' })).toHaveLength(1);
  expect(listImages(project.db, { text: nfd })).toHaveLength(1);
  expect(listImages(project.db, { text: '_' })).toHaveLength(0);
});

test('what cannot be read is reported with its reason, and the rest is added', async () => {
  const { photos, project } = await withPhotos('good.jpg');
  writeFileSync(join(photos, 'broken.jpg'), 'no size');
  symlinkSync('/nowhere/x.jpg', join(photos, 'dead.jpg'));
  symlinkSync(photos, join(photos, 'loop'));
  photo(photos, 'more/later.jpg');
  const report = await addImages(project, readers());
  expect(report).toMatchObject({ added: 1, unchanged: 1, skippedCount: 2 });
  expect(report.skipped.map(({ path }) => path).toSorted()).toEqual(['broken.jpg', 'dead.jpg']);
  expect(pathsOf(project)).toEqual(['good.jpg', 'more/later.jpg']);
});

test('a file that was read is not read again until its size or time changes', async () => {
  const { photos, project } = await withPhotos('a.jpg', 'b.jpg');
  utimesSync(join(photos, 'a.jpg'), 1, 1);
  const read = readers();
  await addImages(project, read);
  expect(read.hashed).toEqual([join(photos, 'a.jpg')]);
});

test('renamed, moved and exchanged photos keep their ids; copies are images of their own; gone ones are marked', async () => {
  const { photos, project } = await withPhotos('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg');
  const id = Object.fromEntries(listImages(project.db).map((image) => [image.path[0]!, image.id]));
  addQuery(project.db, { imageId: id['a']!, text: 'what?' }, {});
  mkdirSync(join(photos, 'sub'));
  renameSync(join(photos, 'a.jpg'), join(photos, 'sub', 'renamed.jpg'));
  renameSync(join(photos, 'b.jpg'), join(photos, 'x'));
  renameSync(join(photos, 'c.jpg'), join(photos, 'b.jpg'));
  renameSync(join(photos, 'x'), join(photos, 'c.jpg'));
  cpSync(join(photos, 'd.jpg'), join(photos, 'd copy.jpg'));
  rmSync(join(photos, 'e.jpg'));
  const report = await relink(project, readers());
  expect(report).toMatchObject({ movedCount: 3, missingCount: 1, changedCount: 0, added: 0, skippedCount: 0 });
  const now = Object.fromEntries(listImages(project.db).map((image) => [image.id, image]));
  expect(now[id['a']!]).toMatchObject({ path: 'sub/renamed.jpg', status: 'present' });
  expect([now[id['b']!]!.path, now[id['c']!]!.path]).toEqual(['c.jpg', 'b.jpg']);
  expect(now[id['e']!]).toMatchObject({ path: 'e.jpg', status: 'missing' });
  expect(queriesOf(project.db, id['a']!)).toHaveLength(1);
  expect(await addImages(project, readers())).toMatchObject({ added: 1, movedCount: 0, missingCount: 1 });
  photo(photos, 'e.jpg');
  expect(await addImages(project, readers())).toMatchObject({ added: 0, missingCount: 0 });
  expect(listImages(project.db, { file: 'missing' })).toEqual([]);
});

test('a photo with another content under its name is reported as changed, and its record stays', async () => {
  const { photos, project } = await withPhotos('a.jpg', 'b.jpg');
  const before = listImages(project.db);
  photo(photos, 'a.jpg', 'another', '9x9');
  renameSync(join(photos, 'b.jpg'), join(photos, 'b2.jpg'));
  photo(photos, 'b.jpg', 'new');
  const report = await addImages(project, readers());
  expect(report).toMatchObject({ changedCount: 1, movedCount: 1 });
  const after = listImages(project.db);
  expect(after.find(({ id }) => id === before[0]!.id)).toMatchObject({ status: 'changed', width: 8, path: 'a.jpg' });
  expect(after.find(({ id }) => id === before[1]!.id)).toMatchObject({ path: 'b2.jpg', status: 'present' });
});

test('a project moved together with its photos works; moved alone it finds them where they were', async () => {
  const { folder, photos, project } = await withPhotos('a.jpg');
  expect(listRoots(project.db)[0]!.relative).toBe('../photos');
  await project.close();
  const elsewhere = join(tempFolder(), 'elsewhere');
  renameSync(folder, elsewhere);
  const moved = await openProject(join(elsewhere, 'project'), { backupEveryMs: 0 });
  expect(await imageFile(moved, listImages(moved.db)[0]!)).toBe(join(elsewhere, 'photos', 'a.jpg'));
  await moved.close();
  mkdirSync(folder);
  renameSync(join(elsewhere, 'photos'), photos);
  const alone = kept(await openProject(join(elsewhere, 'project'), { backupEveryMs: 0 }));
  expect(await imageFile(alone, listImages(alone.db)[0]!)).toBe(join(photos, 'a.jpg'));
});

test('a folder that has gone is reported once, and found again when it is said where', async () => {
  const { folder, photos, project } = await withPhotos('a.jpg', 'b.jpg');
  renameSync(photos, join(folder, 'pictures'));
  expect(await addImages(project, readers())).toMatchObject({ missingCount: 2, missingRoots: [{ folder: photos }] });
  await moveRoot(project, 1, join(folder, 'pictures'));
  expect(await addImages(project, readers())).toMatchObject({ missingCount: 0, unchanged: 2, added: 0 });
  // A folder inside another is a root of its own: no photo is listed twice.
  photo(join(folder, 'pictures', 'sub'), 'c.jpg');
  await addImages(project, readers());
  await addRoot(project, join(folder, 'pictures', 'sub'));
  expect(await addImages(project, readers())).toMatchObject({ movedCount: 1, added: 0, missingCount: 0 });
  expect(countImages(project.db)).toBe(3);
});

test('reading can be cancelled, and goes on where it was', async () => {
  const { photos, project } = await withPhotos();
  for (let i = 0; i < 600; i++) photo(photos, `${i}.jpg`);
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  await expect(addImages(project, readers(), { signal: stop.signal, onProgress })).rejects.toThrow(/abort/i);
  expect(countImages(project.db)).toBe(8); // the first batch is small, so that there is something to look at soon
  expect(await addImages(project, readers())).toMatchObject({ added: 592, unchanged: 8 });
});

test('images are filtered by state, score, text and answer, with counts for the dots', async () => {
  const { db } = await newProject();
  const [a, b] = addRecords(db, ['a.jpg', 'b.jpg', 'c.jpg']);
  const [first, second] = addQueries(
    db,
    [
      { imageId: a!, text: 'the Cup', reasoningType: 'spatial' },
      { imageId: b!, text: 'nothing' },
    ],
    {},
  ).result;
  propose(db, first!.id, { run: someRun, proposals: [{ rle: row(0, 2), score: 0.4 }] }, {});
  setNoTarget(db, second!.id, true, {});
  const found = (filter: Parameters<typeof listImages>[1]) => listImages(db, filter).map(({ id }) => id);
  expect(listImages(db).map(({ state }) => state)).toEqual(['open', 'done', 'new']);
  expect(listImages(db)[0]!.counts).toMatchObject({ proposed: 1, pending: 1, draft: 0, instances: 0 });
  expect(found({ state: 'open' })).toEqual([a]);
  expect(found({ scoreBelow: 0.6 })).toEqual([a]);
  expect(found({ scoreBelow: 0.3 })).toEqual([]);
  expect(found({ text: 'cup' })).toEqual([a]);
  expect(found({ noTarget: true })).toEqual([b]);
  expect(found({ reasoningType: 'spatial', state: 'open' })).toEqual([a]);
  expect(positionOf(db, b!)).toBe(1);
  expect(positionOf(db, b!, { state: 'open' })).toBeNull();
});

test('images added by mistake are taken out again; with annotations only when that is said', async () => {
  const { db } = await newProject();
  const [a, b] = addRecords(db, ['a.jpg', 'b.jpg']);
  const { id: queryId, text } = addQuery(db, { imageId: b!, text: 'what?' }, {}).result;
  propose(db, queryId, { run: someRun, proposals: [{ rle: row(0, 2), score: 0.5, label: null }] }, {});
  addInstance(db, { imageId: b!, rle: row(0, 3), queryIds: [queryId] }, {});
  addInstance(db, { imageId: b!, rle: row(4, 5) }, {});
  addReview(db, { queryId, text, clear: true, correct: true }, { who: 'Ann' });
  const before = dump(db);
  expect(() => removeImages(db, [a!, b!], {})).toThrow(/b.jpg has 1 queries and 2 masks/);
  expect(dump(db)).toBe(before);
  const one = removeImages(db, [a!], {});
  expect(countImages(db)).toBe(1);
  const other = removeImages(db, [b!], { who: 'Ann' }, { annotated: true });
  expect(other.result).toMatchObject({ images: 1, queries: 1, instances: 2 });
  for (const table of ['image', 'query', 'instance', 'query_instance', 'proposal', 'run', 'review']) {
    expect(db.prepare(`SELECT * FROM ${table}`).all(), table).toEqual([]);
  }
  expect(db.pragma('foreign_key_check')).toEqual([]);
  for (const { inverse } of [other, one]) applyDiff(db, inverse, {});
  expect(listImages(db).map(({ id }) => id)).toEqual([a, b]);
  expect(dump(db)).toBe(before);
});

test('a folder whose photos were taken out does not bring them back, and does when it is added again', async () => {
  const { project, photos } = await withPhotos('a.jpg', 'b.jpg', 'c.jpg');
  const id = (path: string) => listImages(project.db).find((image) => image.path === path)!.id;
  rmSync(join(photos, 'c.jpg'));
  await addImages(project, readers());
  // A photo that is gone cannot come back: the folder stays as it is.
  expect(removeImages(project.db, [id('c.jpg')], {}).result.closed).toEqual([]);
  expect(removeImages(project.db, [id('a.jpg')], {}).result.closed).toEqual([1]);
  photo(photos, 'd.jpg');
  await addImages(project, readers());
  expect(pathsOf(project)).toEqual(['b.jpg']);
  await addRoot(project, photos);
  await addImages(project, readers());
  expect(pathsOf(project)).toEqual(['a.jpg', 'b.jpg', 'd.jpg']);
});

test('50,000 images: any window of the list costs less than reading all paths once', async () => {
  const { db } = await newProject();
  for (let part = 0; part < 10; part++) {
    const images = addRecords(
      db,
      Array.from({ length: 5000 }, (_, i) => `folder ${part}/photo ${i}.jpg`),
    );
    addQueries(
      db,
      images.filter((id) => id % 10 === 0).map((imageId) => ({ imageId, text: 'what?' })),
      {},
    );
  }
  const fastest = (work: () => unknown) =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const start = performance.now();
        work();
        return performance.now() - start;
      }),
    );
  const all = db.prepare('SELECT id, path, width, height, status FROM image ORDER BY root_id, sort_key, id');
  const everything = fastest(() => all.all());
  expect(countImages(db)).toBe(50_000);
  expect(listImages(db, {}, { offset: 49_999 }).map(({ path }) => path)).toEqual(['folder 9/photo 4999.jpg']);
  expect(fastest(() => listImages(db, {}, { offset: 0, limit: 100 }))).toBeLessThan(everything);
  expect(fastest(() => listImages(db, {}, { offset: 49_900, limit: 100 }))).toBeLessThan(everything);
  expect(fastest(() => listImages(db, { state: 'open', text: '4999' }))).toBeLessThan(3 * everything);
});
