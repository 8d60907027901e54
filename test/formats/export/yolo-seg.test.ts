/** @file yolo-seg: lines that Ultralytics reads, and how near their masks come. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rleOf, runsOf } from '../../../src-main/contract/rle.ts';
import { toYoloPolygon } from '../../../src-main/formats/yolo-seg/polygon.ts';
import { byCoco, iouOfRuns, parseYoloLine } from '../../../src-main/formats/yolo-seg/read-label.ts';
import { everything, image, instance, maskOf } from '../coco/project.ts';
import { lacks, runPython } from './python.ts';
import { lost, tryExport } from './try-export.ts';

const lines = async (target: string, name: string) =>
  (await readFile(join(target, name), 'utf8')).split('\n').filter((line) => line !== '');

test('a line an instance, all parts of it, holes open; empty files for photos without; names by number', async () => {
  const records = everything();
  const { report, target } = await tryExport('yolo-seg', {}, records);
  expect((await readdir(join(target, 'labels', 'train'), { recursive: true })).sort()).toEqual(
    ['b', 'b/2.txt', 'empty.txt', '거실', '거실/사진 #1 100%.txt'].map((name) => name.normalize('NFC')).sort(),
  );
  const first = await lines(target, 'labels/train/거실/사진 #1 100%.txt'.normalize('NFC'));
  const written = records.instances.filter(({ imageId, id }) => imageId === 1 && id !== 5);
  expect(first).toHaveLength(written.length);
  for (const [k, { rle }] of written.entries()) {
    const line = parseYoloLine(first[k]!, 32, 20)!;
    expect(rleOf(byCoco(line, 32, 20), 20, 32), `instance ${written[k]!.id}`).toEqual(rle);
  }
  expect(first[0]).toBe('1 0.09375 0.1 0.28125 0.1 0.28125 0.4 0.09375 0.4');
  expect(first.map((line) => line.split(' ')[0])).toEqual(['1', '2', '2', '0', '2']);
  expect(await readFile(join(target, 'labels/train/empty.txt'), 'utf8')).toBe('');
  const yaml = await readFile(join(target, 'data.yaml'), 'utf8');
  expect(yaml).toBe('train: images/train\nval: images/train\nnames:\n  0: "cup"\n  1: "의자"\n  2: "object"\n');
  expect(report).toMatchObject({ images: 3, annotations: 8, queries: 0, categories: 3 });
  expect(report.fidelity).toEqual({ masks: 8, exact: 8, worst: 1, mean: 1 });
  expect(lost(report)).toMatchObject({ joined: 2, opened: 1, texts: 5, 'no-pixel': 1, attributes: 2 });
});

test('photos that would share a label file, and splits', async () => {
  const records = {
    images: ['a.jpg', 'a.png', 'A.jpg'].map((path, k) => image(k + 1, path, 8, 8)),
    instances: [],
    queries: [],
  };
  const splitOf = ({ id }: { id: number }) => (id === 3 ? 'val' : 'train');
  const { target } = await tryExport('yolo-seg', { splitOf }, records);
  expect((await readdir(join(target, 'labels', 'train'))).sort()).toEqual(['a-2.txt', 'a.txt']);
  expect(await readdir(join(target, 'labels', 'val'))).toEqual(['A.txt']);
  expect(await readFile(join(target, 'data.yaml'), 'utf8')).toContain('val: images/val\n');
});

test('two instances that Ultralytics takes for one are counted', async () => {
  const ring = maskOf(20, 20, (x, y) => x > 2 && x < 9 && y > 2 && y < 9 && !(x === 5 && y === 5));
  const block = maskOf(20, 20, (x, y) => x > 2 && x < 9 && y > 2 && y < 9);
  const records = {
    images: [image(1, 'a.jpg', 20, 20)],
    instances: [instance(1, 1, ring), instance(2, 1, block), instance(3, 1, block, { categoryId: 2 })],
    queries: [],
  };
  expect(lost((await tryExport('yolo-seg', {}, records)).report)).toMatchObject({ twins: 1, opened: 1 });
});

test('a long outline is simplified to what Ultralytics keeps, by no more than is said', async () => {
  const [w, h] = [900, 700];
  const wavy = maskOf(w, h, (x, y) => {
    const angle = Math.atan2(y - 350, x - 450);
    return Math.hypot(x - 450, y - 350) < 280 + 30 * Math.sin(17 * angle);
  });
  const runs = runsOf(wavy);
  const { shares } = toYoloPolygon(runs, w, h);
  expect(shares.length / 2).toBeLessThanOrEqual(1000);
  const iou = iouOfRuns(byCoco(parseYoloLine(`0 ${shares.join(' ')}`, w, h)!, w, h), runs);
  expect(iou).toBeGreaterThanOrEqual(0.98);
  expect(iou).toBeLessThan(1);
  const { report } = await tryExport(
    'yolo-seg',
    {},
    { images: [image(1, 'a.jpg', w, h)], instances: [instance(1, 1, wavy)], queries: [] },
  );
  expect(report.fidelity).toMatchObject({ masks: 1, exact: 0 });
  expect(report.fidelity.worst).toBeCloseTo(iou, 12);
});

/** As Ultralytics reads labels: polygons cut to whole pixels and filled by OpenCV. */
const script = `
import glob, json, os, sys
import cv2, numpy as np
w, h = 32, 20
out = []
for line in open(sys.argv[1], encoding='utf-8').read().strip().splitlines():
    x = line.split()
    polygon = np.array(x[1:], dtype=np.float32).reshape(-1, 2) * [w, h]
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, np.asarray([polygon], dtype=np.int32), 1)
    out.append([int(x[0]), int(mask.sum())])
print(json.dumps(out))
`;

test.skipIf(lacks('cv2'))(
  'OpenCV fills as we measured it: the loss that is reported is the one that readers have',
  async () => {
    const { report, target } = await tryExport('yolo-seg');
    const found = (await runPython(
      script,
      join(target, 'labels/train/거실/사진 #1 100%.txt'.normalize('NFC')),
    )) as number[][];
    // A block of 6 x 6 is painted as 7 x 7, a pixel as 2 x 2.
    expect([found[0], found[3]]).toEqual([
      [1, 49],
      [0, 4],
    ]);
    expect(report.losses[0]).toMatchObject({ what: 'filled', text: expect.stringContaining('0.250 at worst') });
  },
);
