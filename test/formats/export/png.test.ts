/** @file png: two pictures an answer, read by other libraries. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeRle } from '../../../src-main/contract/rle.ts';
import { unionAll } from '../../../src-main/mask/boolean.ts';
import { asked, everything, image, instance, koreanName, maskOf } from '../coco/project.ts';
import { lost, tryExport } from './try-export.ts';

type Index = {
  queries: {
    id: number;
    mask: string;
    numbered: string;
    text: string;
    no_target: boolean;
    covered?: number[];
    instances: { id: number; category: string; rank: number | null }[];
  }[];
};

/** Values of a picture as sharp has them. */
async function values(file: string) {
  const picture = sharp(await readFile(file));
  const { depth, width, height, channels } = await picture.metadata();
  const raw = await picture
    .toColourspace(depth === 'ushort' ? 'grey16' : 'b-w')
    .raw({ depth: depth! })
    .toBuffer();
  const data = depth === 'ushort' ? [...new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2)] : [...raw];
  return { depth, width: width!, height: height!, channels, data };
}

test('where the answer is, and which instance by its place in the answer', async () => {
  const records = everything();
  const { report, target } = await tryExport('png', {}, records);
  const { queries } = JSON.parse(await readFile(join(target, 'queries.json'), 'utf8')) as Index;
  expect(queries.map(({ id, no_target }) => [id, no_target])).toEqual([
    [1, false],
    [2, false],
    [3, true],
    [6, false],
    [7, false],
  ]);
  expect(queries[1]).toMatchObject({
    mask: `masks/train/${koreanName.replace('.png', '')}_q2.png`,
    instances: [
      { id: 4, category: 'cup', rank: 1 },
      { id: 1, category: '의자', rank: 2 },
      { id: 3, category: 'object', rank: null },
    ],
  });
  for (const { mask, numbered, instances, covered } of queries) {
    const [semantic, index] = [await values(join(target, mask)), await values(join(target, numbered))];
    const { width, height } = semantic;
    expect(new Set([...semantic.data, 0, 255])).toEqual(new Set([0, 255]));
    const rles = instances.map(({ id }) => records.instances.find((each) => each.id === id)!.rle);
    const found = encodeRle({ width, height, data: Uint8Array.from(semantic.data, (v) => v / 255) });
    expect(found).toEqual(rles.length > 0 ? unionAll(rles) : maskOf(width, height, () => false));
    for (const [k, rle] of rles.entries()) {
      if (covered?.includes(k + 1)) continue;
      const one = encodeRle({ width, height, data: Uint8Array.from(index.data, (v) => (v === k + 1 ? 1 : 0)) });
      expect(one, `instance ${k + 1} of ${numbered}`).toEqual(rle);
    }
  }
  expect(queries.filter(({ covered }) => covered).map(({ id, covered }) => [id, covered])).toEqual([
    [1, [2]],
    [2, [2]],
  ]);
  expect(lost(report)).toMatchObject({ covered: 2, unasked: 3, 'no-query': 1, 'no-pixel': 1 });
});

test('more than 255 instances: 16 bits, and no number is lost', async () => {
  const count = 300;
  const instances = Array.from({ length: count }, (_, k) =>
    instance(
      k + 1,
      1,
      maskOf(300, 2, (x) => x === k),
    ),
  );
  const ids = instances.map(({ id }) => id);
  const records = { images: [image(1, 'a.jpg', 300, 2)], instances, queries: [asked(1, 1, ids)] };
  const { target } = await tryExport('png', {}, records);
  const { depth, data } = await values(join(target, 'instances/train/a_q1.png'));
  expect(depth).toBe('ushort');
  expect(data.slice(0, 300)).toEqual(ids);
});
