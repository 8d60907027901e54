/** @file ReasonSeg: one sample a query, and the very mask for those who read it by LISA's rules. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeRle, encodeRle } from '../../../src-main/contract/rle.ts';
import { paintReasonSeg, readReasonSeg } from '../../../src-main/formats/reasonseg/read.ts';
import { unionAll } from '../../../src-main/mask/boolean.ts';
import { asked, everything, instance, maskOf, type Records, temporary } from '../coco/project.ts';
import { lacks, runPython } from './python.ts';
import { lost, tryExport } from './try-export.ts';

/** Everything, and more shapes that outlines get wrong: rings in rings, noise, single pixels on the borders. */
function hard(): Records {
  const records = everything();
  const [w, h] = [32, 20];
  const rings = maskOf(w, h, (x, y) => Math.max(Math.abs(x - 15), Math.abs(y - 9)) % 3 === 0);
  const noise = maskOf(w, h, (x, y) => (x * 7919 + y * 104_729 + x * y * 31) % 5 < 2);
  const dots = maskOf(w, h, (x, y) => (x === 0 || x === w - 1) && y % 2 === 0);
  records.instances.push(instance(12, 1, rings), instance(13, 1, noise), instance(14, 1, dots));
  records.queries.push(asked(20, 1, [12]), asked(21, 1, [13], { form: 'long' }), asked(22, 1, [14, 12], {}, [1, 2]));
  records.queries.push(asked(23, 1, [2]), asked(24, 2, [10]), asked(25, 2, [11]));
  return records;
}

/** The mask that the sample of each query must have. */
function wanted(records: Records, queryId: number) {
  const { query, links } = records.queries.find((each) => each.query.id === queryId)!;
  const rles = links.map((link) => records.instances.find(({ id }) => id === link.instanceId)!.rle);
  const { width, height } = records.images.find(({ id }) => id === query.imageId)!;
  return rles.length === 0 ? maskOf(width, height, () => false) : unionAll(rles);
}

/** The photos as files, which need not be pictures here: they are copied. */
async function withPhotos(records: Records) {
  const folder = await temporary();
  for (const each of records.images) {
    await mkdir(join(folder, each.path, '..'), { recursive: true });
    await writeFile(join(folder, each.path), 'p');
  }
  return (image: { path: string }) => join(folder, image.path);
}

test('a sample a query, in the folder of its split, and our reader gets every mask back', async () => {
  const records = hard();
  const { report, target } = await tryExport('reasonseg', {}, records, await withPhotos(records));
  expect((await readdir(target)).sort()).toEqual(['novo-export.json', 'train']);
  const problems: string[] = [];
  const samples = await readReasonSeg(join(target, 'train'), (problem) => problems.push(problem));
  expect(problems).toEqual([]);
  expect(samples.map(({ name }) => Number(name.split('_q').at(-1))).sort((a, b) => a - b)).toEqual([
    1, 2, 3, 6, 7, 20, 21, 22, 23, 24, 25,
  ]);
  for (const { name, shapes, text, form } of samples) {
    const id = Number(name.split('_q').at(-1));
    const { query } = records.queries.find((each) => each.query.id === id)!;
    const mask = wanted(records, id);
    expect(paintReasonSeg(shapes, mask.size[1], mask.size[0]), name).toEqual({ target: mask, ignore: null });
    expect([text, form]).toEqual([query.text, query.form]);
  }
  expect(report).toMatchObject({ queries: 11, images: 2, fidelity: { masks: 11, exact: 11, worst: 1 } });
  expect(lost(report)).toMatchObject({ merged: 3, ranks: 2, unasked: 1, 'no-query': 1, renamed: 1, emptied: 1 });
  expect(report.losses.map(({ text }) => text)).toContain('3 answers of several instances became one mask.');
});

test('names without dots, ASCII inside, splits as asked, no photo where none is', async () => {
  const records = everything();
  const splitOf = ({ id }: { id: number }) => (id === 1 ? 'val' : 'test');
  const { report, target } = await tryExport('reasonseg', { splitOf }, records);
  expect(await readdir(join(target, 'test'))).toEqual(['b_2_q7.json']);
  const names = await readdir(join(target, 'val'));
  expect(names.sort()).toEqual(['1', '2', '3', '6'].map((id) => `거실_사진 #1 100%_q${id}.json`.normalize('NFC')));
  const bytes = await readFile(join(target, 'val', names[0]!));
  expect(bytes.every((byte) => byte < 128)).toBe(true);
  expect(lost(report)['no-photo']).toBe(2);
  const without = await tryExport('reasonseg', { photos: 'none' }, records, await withPhotos(records));
  expect(await readdir(join(without.target, 'train'))).toHaveLength(5);
  expect(lost(without.report)).not.toHaveProperty('no-photo');
});

/** The rules of LISA's loader, written down anew: see docs/formats.md. */
const loader = `
import glob, json, os, sys
import cv2, numpy as np
out = {}
for jpg in sorted(glob.glob(os.path.join(glob.escape(sys.argv[1]), '*.jpg'))):
    with open(jpg.replace('.jpg', '.json'), 'r') as f:
        anno = json.load(f)
    w, h = anno['width'], anno['height']
    layers = []
    for shape in anno['shapes']:
        if shape['label'].lower() == 'flag':
            continue
        points = np.array([shape['points']], dtype=np.int32)
        one = np.zeros((h, w), np.uint8)
        cv2.polylines(one, points, True, 1, 1)
        cv2.fillPoly(one, points, 1)
        layers.append((int(one.sum()), shape['label'], points))
    mask = np.zeros((h, w), np.uint8)
    for k in np.argsort([area for area, _, _ in layers])[::-1].astype(int):
        _, label, points = layers[k]
        value = 255 if 'ignore' in label.lower() else 1
        cv2.polylines(mask, points, True, value, 1)
        cv2.fillPoly(mask, points, value)
    out[os.path.basename(jpg)[:-4]] = {'mask': mask.tolist(), 'text': anno['text'][0].strip(), 'long': anno['is_sentence']}
print(json.dumps(out))
`;

test.skipIf(lacks('cv2'))("a loader by LISA's rules, with OpenCV, gets the same masks and texts", async () => {
  const records = hard();
  const { target } = await tryExport('reasonseg', {}, records, await withPhotos(records));
  const found = (await runPython(loader, join(target, 'train'))) as Record<
    string,
    { mask: number[][]; text: string; long: boolean }
  >;
  expect(Object.keys(found)).toHaveLength(11);
  for (const [name, { mask, text, long }] of Object.entries(found)) {
    const id = Number(name.split('_q').at(-1));
    const rle = wanted(records, id);
    const data = Uint8Array.from(mask.flat());
    expect(encodeRle({ width: rle.size[1], height: rle.size[0], data }), name).toEqual(encodeRle(decodeRle(rle)));
    const { query } = records.queries.find((each) => each.query.id === id)!;
    expect([text, long]).toEqual([query.text, query.form === 'long']);
  }
});
