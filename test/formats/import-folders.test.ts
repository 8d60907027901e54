/** @file LabelMe, ReasonSeg and YOLO folders: masks by each format's own rule, and every shape that holds none is named. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { cocoSource } from '../../src-main/api/export-source.ts';
import { guessFormat } from '../../src-main/api/import-guess.ts';
import { importInto } from '../../src-main/api/import-run.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { exportProfile } from '../../src-main/formats/profiles.ts';
import { paintReasonSeg } from '../../src-main/formats/reasonseg/read.ts';
import { namesOfYaml } from '../../src-main/formats/yolo-seg/names.ts';
import { unionAll } from '../../src-main/mask/boolean.ts';
import { rasteriseCoco } from '../../src-main/mask/rasterise-coco.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { listImages } from '../../src-main/store/images.ts';
import { addQuery, setNoTarget } from '../../src-main/store/queries.ts';
import { projectOf, put, reasons, stored, tempFolder } from './import-helper.ts';

const square = (x0: number, y0: number, x1: number, y1: number) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

test('LabelMe: groups are one instance, each type of shape by its own rule', async () => {
  const project = await projectOf({ 'images/a.jpg': '60x40', 'b.jpg': '60x40' });
  const folder = tempFolder();
  const picture = await sharp(Buffer.from([0, 255, 255, 0, 0, 255]), { raw: { width: 3, height: 2, channels: 1 } })
    .png()
    .toBuffer();
  const shapes = [
    { label: 'cup', shape_type: 'polygon', group_id: 4, points: square(0, 0, 5, 5), flags: { old: true, new: false } },
    { label: 'cup', group_id: 4, points: square(10, 10, 15, 15), description: 'handle' },
    { label: 'box', shape_type: 'rectangle', group_id: null, points: [[30, 20], [20, 10]] }, // biome-ignore format: one line
    { label: 'disc', shape_type: 'circle', points: [[30, 20], [30, 30]] }, // biome-ignore format: one line
    { label: 'mask', shape_type: 'mask', points: [[7, 30], [9, 31]], mask: picture.toString('base64') }, // biome-ignore format: one line
    { label: 'dot', shape_type: 'point', points: [[3, 3]] },
    { label: 'way', shape_type: 'linestrip', points: square(1, 1, 9, 9) },
    { label: 'thin', shape_type: 'polygon', points: [[1, 1], [2, 2]] }, // biome-ignore format: one line
    { label: 'bad', shape_type: 'mask', points: [[1, 1]], mask: 'bm8=' },
    { label: 'new', shape_type: 'spiral', points: square(1, 1, 9, 9) },
    { label: 'bad', points: [['1', 2]] },
    7,
  ];
  put(join(folder, 'labels/a.json'), { imagePath: '..\\images\\a.jpg', imageWidth: 60, imageHeight: 40, shapes });
  put(join(folder, 'labels/b.json'), { shapes: [], imagePath: null });
  put(join(folder, 'labels/c.json'), { imagePath: 'gone.jpg', shapes: [{ label: 'x', points: [] }] });
  put(join(folder, 'labels/notes.json'), '[1, 2');
  expect(await guessFormat(join(folder, 'labels'))).toBe('labelme');
  const report = await importInto(project, folder, { format: 'labelme' });
  const { instances } = stored(project);
  expect(instances.map(({ category, area, bbox }) => [category, area, bbox])).toEqual([
    ['cup', 50, [0, 0, 15, 15]],
    ['box', 100, [20, 10, 10, 10]],
    ['disc', instances[2]!.area, [20, 10, 20, 20]],
    ['mask', 3, [8, 30, 2, 2]],
  ]);
  expect(Math.abs(instances[2]!.area - Math.PI * 100)).toBeLessThan(4);
  expect(instances[0]).toMatchObject({ attributes: { old: true, description: 'handle' }, source: 'import' });
  expect(reasons(report.skipped)).toEqual({
    'no-area-shape': 2,
    'no-mask': 1,
    'mask-damaged': 2,
    unreadable: 3,
    'photo-missing': 1,
    'photo-left-out': 1,
  });
  expect(reasons(report.mended)).toEqual({ joined: 1 });
  expect(report.kept.images).toBe(2);
  expect(await checkProject(project)).toEqual([]);
});

test('ReasonSeg: every text a query, the target shapes its instances, together the mask that LISA paints', async () => {
  const project = await projectOf({ 'a.jpg': '60x40', 'renamed.jpg': '30x30', 'c.jpg': '8x8' });
  const folder = tempFolder();
  const photos = join(project.folder, '..', 'photos');
  const shapes = [
    { label: 'target', points: square(2, 2, 40, 30) },
    { label: 'Ignore', points: square(10, 10, 30, 20) },
    { label: 'target', points: square(12.9, 12.2, 16.7, 15.5) },
    { label: 'flag', points: [[0, 0], [1, 1]] }, // biome-ignore format: one line
  ];
  put(join(folder, 'a.json'), {
    text: ['the dry land', 'Where can one stand?', 'the dry land'],
    is_sentence: false,
    shapes,
  });
  // A copy of a photo under another name is known by its content; two samples of one photo share a mask.
  for (const [name, text] of [
    ['b-1', 'first'],
    ['b-2', 'second'],
  ] as const) {
    // biome-ignore format: one line
    put(join(folder, `${name}.jpg`), readFileSync(join(photos, 'renamed.jpg')));
    put(join(folder, `${name}.json`), {
      text,
      is_sentence: true,
      shapes: [{ label: 'target', points: square(0, 0, 9, 9) }],
    });
  }
  put(join(folder, 'c.json'), { text: ['nothing at all'], is_sentence: true, shapes: [] });
  put(join(folder, 'd.json'), { text: ['no photo'], shapes: [] });
  put(join(folder, 'e.json'), { shapes: 'x' });
  expect(await guessFormat(folder)).toBe('reasonseg');
  const report = await importInto(project, folder);
  const { instances, queries, links } = stored(project);
  expect(queries.map(({ text, form, status, noTarget }) => [text, form, status, noTarget])).toEqual([
    ['the dry land', 'short', 'accepted', false],
    ['Where can one stand?', 'short', 'accepted', false],
    ['first', 'long', 'accepted', false],
    ['second', 'long', 'accepted', false],
    ['nothing at all', 'long', 'accepted', true],
  ]);
  const answer = (queryId: number) =>
    links.filter((link) => link.queryId === queryId).map(({ instanceId }) => instances[instanceId - 1]!.rle);
  const painted = paintReasonSeg(shapes as never, 60, 40);
  expect(unionAll(answer(1))).toEqual(painted.target);
  expect(instances.filter(({ attributes }) => attributes['ignore']).map(({ rle }) => rle)).toEqual([painted.ignore]);
  expect(answer(3)).toEqual(answer(4));
  expect(instances.filter(({ path }) => path === 'renamed.jpg')).toMatchObject([{ area: 100 }]); // fillPoly paints edges
  expect(reasons(report.skipped)).toEqual({
    twice: 1,
    'flag-shape': 1,
    'photo-missing': 1,
    'photo-left-out': 1,
    unreadable: 1,
  });
  expect(reasons(report.mended)).toEqual({ joined: 1 });
  expect(await checkProject(project)).toEqual([]);
});

test('ReasonSeg as we export it: photos are counted once, the list of files is no sample, photos need not be copied', async () => {
  const project = await projectOf({ 'dir.x/a.jpg': '60x40', 'b.jpg': '30x30' });
  const [a, b] = listImages(project.db)
    .map(({ id, path }) => ({ id, path }))
    .sort((x, y) => y.path.localeCompare(x.path));
  for (const [{ id }, text] of [
    [a!, 'one'],
    [a!, 'two'],
    [b!, 'three'],
  ] as const) {
    setNoTarget(project.db, addQuery(project.db, { imageId: id, text }, {}).result.id, true, {});
  }
  for (const photos of ['copy', 'none'] as const) {
    const out = join(tempFolder(), 'out');
    const { source, release } = await cocoSource(project);
    await exportProfile('reasonseg', source, out, { photos });
    release();
    const report = await importInto(project, out, { dryRun: true });
    expect(report).toMatchObject({ format: 'reasonseg', skipped: [], mended: [], known: { queries: 3 } });
    expect([report.read, report.kept]).toMatchObject([
      { images: 2, queries: 3 },
      { images: 2, queries: 0 },
    ]);
  }
});

test('YOLO: shares of the photo, names by number, boxes and damaged lines named', async () => {
  const project = await projectOf({ 'images/train/a.jpg': '200x100', 'images/val/a.jpg': '200x100' });
  const folder = tempFolder();
  put(join(folder, 'data.yaml'), 'path: .\nnames:\n  0: cup # the first\n  2: "blue: chair"\nnc: 3\n');
  const lines = [
    '0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4',
    '2 0 0 1 0 1 1 0 1 0.875',
    '1 0.5 0.5 0.6 0.5 0.6 0.6',
    '0 0.5 0.5 0.2 0.2',
    '0 0.5 0.5 0.2',
    '0 10 10 50 10 50 50',
    '0 0.1 0.1 x 0.2 0.3 0.3',
    '0 1.5 1.5 1.6 1.5 1.6 1.6',
  ];
  put(join(folder, 'labels/train/a.txt'), `${lines.join('\r\n')}\n`);
  put(join(folder, 'labels/val/a.txt'), '');
  put(join(folder, 'labels/val/gone.txt'), lines[0]);
  put(join(folder, 'train.txt'), './images/train/a.jpg\n');
  expect(await guessFormat(folder)).toBe('yolo-seg');
  expect(await guessFormat(join(folder, 'data.yaml'))).toBe('yolo-seg');
  const report = await importInto(project, folder);
  const { instances } = stored(project);
  expect(instances.map(({ category, path, score }) => [category, path, score])).toEqual([
    ['cup', 'images/train/a.jpg', null],
    ['blue: chair', 'images/train/a.jpg', 0.875],
    ['class 1', 'images/train/a.jpg', null],
  ]);
  expect(instances[0]!.rle).toEqual(rasteriseCoco([[20, 10, 60, 10, 60, 40, 20, 40]], 200, 100));
  expect(instances[1]!.rle).toEqual(encodeRle({ width: 200, height: 100, data: new Uint8Array(20_000).fill(1) }));
  expect(reasons(report.skipped)).toEqual({
    'only-box': 1,
    'no-mask': 1,
    'mask-damaged': 1,
    unreadable: 1,
    'mask-empty': 1,
    'photo-missing': 1,
    'photo-left-out': 1,
  });
  expect(reasons(report.mended)).toEqual({ 'name-unknown': 1 });
});

test.each([
  ["names: [a, \"b, c\", 'd''e']", ['a', 'b, c', "d'e"]],
  ['names: {0: a, 1: "b"}', ['a', 'b']],
  ['names:\n- a\n- b # no c\n', ['a', 'b']],
  ['names:\n  - a\n\n  - b\ntrain: x', ['a', 'b']],
  ["names:\n  0: a\n  '1': b\n", ['a', 'b']],
  ['names: [\n  a,\n  b\n]', ['a', 'b']],
  ['nc: 3', []],
  ['names: [[[', []],
])('%j', (text, names) => expect([...namesOfYaml(text).values()]).toEqual(names));

test('what no format is, is refused with what to do, and the project is as it was', async () => {
  const project = await projectOf({ 'a.jpg': '20x10' });
  const folder = tempFolder();
  const expected = { code: 'bad-request', hint: expect.stringMatching(/\S/) };
  const file = put(join(folder, 'x.json'), { a: 1 });
  await expect(importInto(project, folder)).rejects.toMatchObject(expected);
  await expect(importInto(project, file)).rejects.toMatchObject(expected);
  for (const format of ['labelme', 'reasonseg', 'yolo-seg'] as const) {
    await expect(importInto(project, folder, { format })).rejects.toMatchObject(expected);
  }
  await expect(importInto(project, file, { format: 'coco' })).rejects.toMatchObject(expected);
  await expect(importInto(project, project.folder)).rejects.toMatchObject(expected);
  await expect(importInto(project, join(folder, 'gone'))).rejects.toMatchObject({ code: 'not-found' });
  await expect(importInto(project, put(join(folder, 'y.json'), '[]'), { format: 'coco' })).rejects.toMatchObject(
    expected,
  );
  expect(project.db.prepare("SELECT count(*) FROM event WHERE what LIKE 'import%'").pluck().get()).toBe(0);
});
