/** @file Choosing images of a COCO file as a page does it: by handles, with real photos, until they are in the project. */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { serveMedia } from '../../src-main/api/media.ts';
import type { Choice } from '../../src-main/contract/selection.ts';
import { cocoOf } from '../dataset/select-coco.ts';
import { startProjectApp, type TestApp, tempFolder } from './project-app.ts';

/** A home with `coco.json` and `photos/0.png` and so on, without those in `gone`. */
async function dataset(images: readonly string[], gone: readonly number[] = []) {
  const home = tempFolder();
  const photos = join(home, 'photos');
  mkdirSync(photos);
  const coco = cocoOf(images);
  writeFileSync(join(home, 'coco.json'), JSON.stringify(coco));
  for (const k of images.keys()) {
    if (gone.includes(k)) continue;
    const background = { r: k, g: 80, b: 160 };
    const png = sharp({ create: { width: 100, height: 80, channels: 3, background } }).png();
    writeFileSync(join(photos, `${k}.png`), await png.toBuffer());
  }
  return { home, photos, coco };
}

/** The application with a project made for choosing, as a page makes it. */
async function choosing(home: string): Promise<TestApp> {
  const page = startProjectApp(home);
  const { files, folders } = await page.call('folders.list', { files: ['json'] });
  const coco = files.find(({ name }) => name === 'coco.json')!.handle;
  const photos = folders.find(({ name }) => name === 'photos')!.handle;
  await page.call('select.create', { coco, photos, name: 'RISeg' });
  return page;
}

const keep = (image: number, category: number): Choice => ({ image, category, verdict: 'keep', by: 'hand' });
const picture = (page: TestApp, media: string) =>
  serveMedia(new Request(`http://127.0.0.1/media/${media}?max=128`), page.app.images);

test('the kept images become the project, with their instances and classes, and no others come', async () => {
  const { home } = await dataset(['cup*3 dog', 'cup', 'dog*2 cup*2', 'cup*2!', 'dog*5'], [4]);
  const page = await choosing(home);
  const state = await page.call('select.state', {});
  expect(state).toMatchObject({ images: 5, absent: 1, problems: [], choices: [], inProject: [] });
  expect(state.categories).toEqual([
    { name: 'cup', supercategory: 'kitchen' },
    { name: 'dog', supercategory: 'animal' },
  ]);
  const found = await page.call('select.find', { settings: state.settings });
  expect(found).toEqual({ images: [0, 2], supply: [2, 1] });
  const { images } = await page.call('select.images', { images: found.images, filter: state.settings.filter });
  expect(images.map(({ name, fits }) => [name, fits])).toEqual([
    ['0.png', [{ category: 0, count: 3 }]],
    [
      '2.png',
      [
        { category: 0, count: 2 },
        { category: 1, count: 2 },
      ],
    ],
  ]);
  expect(images[0]!.instances[1]).toEqual({ category: 0, box: [12, 0, 10, 10], crowd: false });
  await page.call('select.choose', { choices: [keep(2, 1)] });
  const applied = await page.call('select.apply', {});
  expect(applied).toMatchObject({ added: 1, known: 0, instances: 4, notes: [] });
  await page.call('project.scan', {});
  const list = await page.call('images.list', {});
  expect(list.images.map(({ path, counts }) => [path, counts.instances])).toEqual([['2.png', 4]]);
  const document = await page.call('image.read', { imageId: list.images[0]!.id });
  const { categories } = await page.call('categories.list', {});
  const nameOf = new Map(categories.map(({ id, name, supercategory }) => [id, `${supercategory}/${name}`]));
  expect(document.instances.map(({ source, area, categoryId }) => [source, area, nameOf.get(categoryId!)])).toEqual([
    ['import', 100, 'animal/dog'],
    ['import', 100, 'animal/dog'],
    ['import', 100, 'kitchen/cup'],
    ['import', 100, 'kitchen/cup'],
  ]);
  // Doing it again changes nothing, also after a mask was deleted.
  await page.call('instance.delete', { instanceId: document.instances[0]!.id });
  expect(await page.call('select.apply', {})).toMatchObject({ added: 0, known: 1, instances: 0 });
  expect((await page.call('select.state', {})).inProject).toEqual([2]);
});

test('pictures come only of photos of the chosen folder that the open selection has', async () => {
  const { home, photos } = await dataset(['cup*2', 'cup*2']);
  const coco = { ...cocoOf(['cup*2', 'cup*2', 'cup*2']) };
  const outside = join(home, 'secret.png');
  writeFileSync(
    outside,
    await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );
  const images = coco.images.map((image, k) => (k === 2 ? { ...image, file_name: '../secret.png' } : image));
  writeFileSync(join(home, 'coco.json'), JSON.stringify({ ...coco, images }));
  const page = await choosing(home);
  expect((await picture(page, 'pick-1-0')).status).toBe(404); // nothing was read yet
  const state = await page.call('select.state', {});
  expect(state.absent).toBe(1);
  const { images: shown } = await page.call('select.images', { images: [1], filter: state.settings.filter });
  const answered = await picture(page, shown[0]!.media);
  expect([answered.status, answered.headers.get('content-type')]).toEqual([200, 'image/png']);
  for (const media of ['pick-1-2', 'pick-2-0', 'pick-1-99', 'pick-1--1', 'pick-1-0.png', 'pick-1']) {
    expect((await picture(page, media)).status, media).toBe(404);
  }
  rmSync(join(photos, '1.png'));
  expect((await picture(page, shown[0]!.media)).status).not.toBe(200);
  await page.call('project.close', {});
  expect((await picture(page, 'pick-1-0')).status).toBe(404);
});

test('quotas are filled, filled again with other numbers, and leave what a person decided; a restart keeps all', async () => {
  const { home } = await dataset(Array.from({ length: 12 }, (_, k) => (k < 9 ? 'cup*2' : 'dog*2')));
  const page = await choosing(home);
  const { settings } = await page.call('select.state', {});
  const drop: Choice = { image: 10, verdict: 'drop', by: 'hand', category: null };
  await page.call('select.choose', { choices: [keep(0, 0), drop] });
  const quotas = { perClass: 4, own: {}, total: null };
  const filled = await page.call('select.fill', { settings: { ...settings, quotas } });
  expect(filled.short).toEqual([{ category: 1, wanted: 4, got: 2 }]);
  const kept = (choices: readonly Choice[]) => choices.filter(({ verdict }) => verdict === 'keep');
  expect(kept(filled.choices)).toHaveLength(6);
  expect(filled.choices).toContainEqual(keep(0, 0));
  expect(filled.choices).toContainEqual(drop);
  const fewer = await page.call('select.fill', { settings: { ...settings, quotas: { ...quotas, perClass: 1 } } });
  expect(
    kept(fewer.choices)
      .map(({ category }) => category)
      .sort(),
  ).toEqual([0, 1]);
  await page.call('project.close', {});
  const { projects } = await page.call('project.recent', {});
  await page.call('project.open', { recent: projects.find(({ name }) => name === 'RISeg')!.id });
  const state = await page.call('select.state', {});
  expect(state.choices).toEqual(fewer.choices);
  expect(state.settings.quotas.perClass).toBe(1);
  await page.call('select.choose', { choices: [], undecided: fewer.choices.map(({ image }) => image) });
  expect((await page.call('select.state', {})).choices).toEqual([]);
});

test('a second choice adds to the project and keeps what is in it; a changed photo is told and left', async () => {
  const { home, photos } = await dataset(['cup*2', 'cup*3', 'dog*2']);
  const page = await choosing(home);
  await page.call('select.state', {});
  await page.call('select.choose', { choices: [keep(0, 0)] });
  await page.call('select.apply', {});
  await page.call('select.choose', { choices: [keep(1, 0), keep(2, 1)] });
  writeFileSync(join(photos, '2.png'), 'not a picture');
  utimesSync(join(photos, '2.png'), 1, 1);
  const applied = await page.call('select.apply', {});
  expect(applied).toMatchObject({ added: 1, known: 1, instances: 3 });
  expect(applied.notes.join()).toContain('2.png');
  const { images } = await page.call('images.list', {});
  expect(images.map(({ path, counts }) => [path, counts.instances])).toEqual([
    ['0.png', 2],
    ['1.png', 3],
  ]);
});

test('what is no COCO file, and a file that is gone, are refused with what to do; paths are refused at all', async () => {
  const { home } = await dataset(['cup*2']);
  const page = await choosing(home);
  for (const [text, message] of [
    ['{"images": []}', 'has no images'],
    ['{"images": [{"id": 1, "file_name": "a", "width": 1, "height": 1}]}', 'has no instances'],
    ['{"images": [', 'ends too early'],
    ['[]', 'is not a JSON object'],
  ] as const) {
    writeFileSync(join(home, 'coco.json'), text);
    expect(await page.fails('select.state', {})).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(message),
    });
  }
  rmSync(join(home, 'coco.json'));
  const gone = await page.fails('select.state', {});
  expect(gone).toMatchObject({ code: 'not-found', hint: expect.stringContaining('not lost') });
  expect(await page.fails('select.open', { coco: '/etc/passwd', photos: '/etc' })).toMatchObject({
    code: 'bad-request',
  });
  const { handle } = await page.call('folders.list', {});
  expect(await page.fails('select.open', { coco: handle, photos: handle })).toMatchObject({ code: 'not-found' });
  expect(await page.fails('select.find', { settings: {} })).toMatchObject({ code: 'not-found' });
});
