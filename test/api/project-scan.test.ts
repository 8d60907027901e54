/** @file Photos that come, go, move and change while the project is open: work goes on, nothing is lost. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveMedia } from '../../src-main/api/media.ts';
import { photo, photosIn, startProjectApp, tempFolder, withProject } from './project-app.ts';

test('a photo that is deleted while it is open: said clearly everywhere, marked, and its annotations stay', async () => {
  const page = startProjectApp();
  const { photos, images } = await withProject(page, 'a.png', 'b.png');
  const [a] = images;
  await page.call('query.add', { imageId: a!.id, text: 'what is left?' });
  rmSync(join(photos, 'a.png'));
  const answer = await serveMedia(new Request(`http://host/media/${a!.id}`), page.app.images);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('a.png') } });
  expect(await page.fails('segment.click', { image: { id: a!.id }, points: [[1, 1, 1]] })).toMatchObject({
    code: 'io',
    message: expect.stringContaining('a.png is not there any more'),
    hint: expect.stringContaining('annotations are kept'),
  });
  expect(page.app.engine.pid).toBeUndefined(); // the models were not even asked
  expect(await page.call('project.scan', {})).toMatchObject({ missing: 1, unchanged: 1 });
  const listed = (await page.call('images.list', { filter: { file: 'missing' } })).images;
  expect(listed).toMatchObject([{ id: a!.id, status: 'missing', state: 'open' }]);
  expect((await page.call('image.read', { imageId: a!.id })).queries).toMatchObject([{ text: 'what is left?' }]);
  expect((await page.call('project.check', {})).findings).toMatchObject([{ code: 'file-missing', imageId: a!.id }]);
});

test('images of no project, and ids that are made up, have no file', async () => {
  const page = startProjectApp();
  await withProject(page, 'a.png');
  for (const id of ['0', '2', '1.5', '-1', '1e3', '../1', '99999999999999999999', 'a']) {
    expect(await page.app.images(id), id).toBeNull();
  }
  expect(await page.fails('image.encode', { image: { id: 77 } })).toMatchObject({ code: 'not-found' });
  expect(await page.fails('image.encode', { image: { path: '/etc/passwd' } })).toMatchObject({ code: 'forbidden' });
  const overlay = { image: { id: 1 }, instances: [], file: join(page.home, 'x.png') };
  expect(await page.fails('overlay.write', overlay)).toMatchObject({ code: 'forbidden' });
});

test('photos that were moved and renamed while the project was closed are found when it is opened', async () => {
  const page = startProjectApp();
  const { photos, folder, images } = await withProject(page, 'a.png', 'b.png');
  await page.call('query.add', { imageId: images[0]!.id, text: 'where am I?' });
  await page.call('project.close', {});
  mkdirSync(join(photos, 'sub'));
  renameSync(join(photos, 'a.png'), join(photos, 'sub', 'other name.png'));
  await photo(photos, 'new.png');
  const done = page.next('scan.done');
  await page.call('project.open', { folder: await page.grant(folder) });
  expect((await done).result).toMatchObject({ moved: 1, added: 1, missing: 0, unchanged: 1 });
  const { images: now } = await page.call('images.list', {});
  expect(now.find(({ id }) => id === images[0]!.id)).toMatchObject({ path: 'sub/other name.png', state: 'open' });
});

test('a folder that has gone is named, and found again when somebody says where it is', async () => {
  const page = startProjectApp();
  const { photos, project } = await withProject(page, 'a.png', 'b.png');
  const elsewhere = `${photos} moved`;
  renameSync(photos, elsewhere);
  expect(await page.call('project.scan', {})).toMatchObject({ missing: 2, missingRoots: [photos] });
  expect((await page.call('project.state', {})).project?.roots).toMatchObject([{ folder: photos, present: false }]);
  const { id } = project.roots[0]!;
  await page.call('project.moveRoot', { rootId: id, photos: await page.grant(elsewhere) });
  expect(await page.call('project.scan', {})).toMatchObject({ missing: 0, unchanged: 2 });
  expect((await page.call('project.state', {})).project?.roots).toMatchObject([{ folder: elsewhere, present: true }]);
  expect(await page.fails('project.moveRoot', { rootId: 9, photos: await page.grant(elsewhere) })).toMatchObject({
    code: 'not-found',
  });
});

test('work goes on while photos are read: the first are there at once, more folders join, closing ends it', async () => {
  const page = startProjectApp();
  const names = Array.from({ length: 1500 }, (_, i) => `photo ${i}.png`);
  const photos = await photosIn(join(tempFolder(), 'many'), ...names);
  const first = page.next('images.changed');
  await page.call('project.create', { photos: await page.grant(photos) });
  const { total } = await first;
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThan(1500);
  const { images } = await page.call('images.list', { limit: 5 });
  await page.call('query.add', { imageId: images[0]!.id, text: 'is there work already?' });
  expect((await page.call('project.state', {})).project?.scanning).toBe(true);
  // A second folder, while the first is being read.
  const more = await photosIn(join(tempFolder(), 'more'), 'x.png', 'y.png');
  const done = page.next('scan.done');
  const { project } = await page.call('project.addPhotos', { photos: await page.grant(more) });
  expect(project?.roots).toHaveLength(2);
  const counts: number[] = [];
  const result = await page.call('project.scan', {}, { onProgress: ({ files }) => counts.push(files) });
  expect(result).toEqual((await done).result);
  expect(counts.at(-1)).toBe(1502);
  expect((await page.call('images.list', {})).total).toBe(1502);
});

test('closing ends a reading; whoever waits for it hears that, and the rest is read at the next opening', async () => {
  const page = startProjectApp();
  const names = Array.from({ length: 600 }, (_, i) => `photo ${i}.png`);
  const photos = await photosIn(join(tempFolder(), 'many'), ...names);
  const first = page.next('images.changed');
  const { project } = await page.call('project.create', { photos: await page.grant(photos) });
  await first;
  const waiting = page.fails('project.scan', {});
  await page.call('project.close', {});
  expect(await waiting).toMatchObject({ code: 'cancelled' });
  expect(page.heard('scan.done')).toEqual([]);
  await page.call('project.open', { folder: await page.grant(project!.folder) });
  const again = await page.call('project.scan', {});
  expect(again.unchanged).toBeGreaterThan(0);
  expect(again.added + again.unchanged).toBe(600);
});

test('a call that is cancelled stops waiting, and the photos are read on', async () => {
  const page = startProjectApp();
  const photos = await photosIn(tempFolder(), ...Array.from({ length: 100 }, (_, i) => `${i}.png`));
  const done = page.next('scan.done');
  await page.call('project.create', { photos: await page.grant(photos) });
  const stop = new AbortController();
  const waiting = page.fails('project.scan', {}, { signal: stop.signal });
  stop.abort();
  expect(await waiting).toMatchObject({ code: 'cancelled' });
  expect((await done).result).toMatchObject({ added: 100 });
});
