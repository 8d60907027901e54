/** @file The earlier file stays until the new one is whole and right, and nothing else is left in the folder. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { exportCoco } from '../../../src-main/formats/coco/export.ts';
import type { CocoProgress, CocoSource } from '../../../src-main/formats/coco/source.ts';
import { asked, everything, image, instance, maskOf, masks, sourceOf, temporary } from './project.ts';

const old = '{"old":true}\n';

async function withOld() {
  const folder = await temporary();
  const file = join(folder, 'out.json');
  await writeFile(file, old);
  return { folder, file };
}

async function expectOld({ folder, file }: { folder: string; file: string }) {
  expect(await readdir(folder)).toEqual(['out.json']);
  expect(await readFile(file, 'utf8')).toBe(old);
}

for (const stage of ['write', 'check'] as const) {
  test(`cancelled while it ${stage}s: the old file stays`, async () => {
    const place = await withOld();
    const stop = new AbortController();
    const seen: CocoProgress[] = [];
    const onProgress = (progress: CocoProgress) => {
      seen.push(progress);
      if (progress.stage === stage && progress.done === 4) stop.abort();
    };
    const run = exportCoco(sourceOf(everything()), place.file, { signal: stop.signal, onProgress });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen.at(-1)).toEqual({ stage, done: 4, total: 9 });
    await expectOld(place);
  });
}

const changes: [what: string, change: (source: CocoSource, call: number) => Partial<CocoSource>][] = [
  [
    'pixels, with the same area and box',
    () => {
      const within = (x: number, y: number, left: number, right: number) => x >= left && x < right && y >= 4 && y < 7;
      const moved = maskOf(32, 20, (x, y) => x >= 2 && x < 12 && y >= 1 && y < 10 && !within(x, y, 6, 9));
      return {
        instances: ({ id }) => (id === 1 ? [instance(1, 1, moved), instance(2, 1, masks(32, 20)['block']!)] : []),
      };
    },
  ],
  ['a mask', () => ({ instances: ({ id }) => (id === 1 ? [instance(1, 1, masks(32, 20)['round']!)] : []) })],
  ['a size', (source) => ({ images: () => [...(source.images() as never[]), image(9, 'new.jpg', 3, 3)] })],
  ['a name', () => ({ fileName: ({ id }) => `${id}.jpg` })],
  ['a link', () => ({ queries: ({ id }) => (id === 1 ? [asked(1, 1, [2])] : []) })],
  ['a text', () => ({ queries: ({ id }) => (id === 1 ? [asked(1, 1, [1], { text: 'else' })] : []) })],
  ['a query less', () => ({ queries: () => [] })],
];

test.each(changes)('a file that differs from the project in %s does not replace the old one', async (_what, change) => {
  const place = await withOld();
  const source = sourceOf({
    images: [image(1, 'a.jpg', 32, 20)],
    instances: [instance(1, 1, masks(32, 20)['hole']!), instance(2, 1, masks(32, 20)['block']!)],
    queries: [asked(1, 1, [1])],
  });
  let changed: Partial<CocoSource> = {};
  // What the check reads is no longer what was written.
  const shifting = new Proxy(source, {
    get: (target, key) => ({ ...target, ...changed })[key as keyof CocoSource],
  });
  const onProgress = ({ stage, done }: CocoProgress) => {
    if (stage === 'write' && done === 3) changed = change(source, 0);
  };
  await expect(exportCoco(shifting, place.file, { onProgress })).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringMatching(/^The export is not the same as the project: /),
  });
  await expectOld(place);
});

test('a failure in the middle of the records leaves nothing', async () => {
  const folder = await temporary();
  const source = sourceOf(everything());
  const failing: CocoSource = {
    ...source,
    instances: (record) => {
      if (record.id === 2) throw new Error('the drive is gone');
      return source.instances(record);
    },
  };
  await expect(exportCoco(failing, join(folder, 'out.json'))).rejects.toThrow('the drive is gone');
  expect(await readdir(folder)).toEqual([]);
});

test('a place that cannot be written, or holds something else, is refused before any work', async () => {
  const folder = await temporary();
  const source = sourceOf(everything());
  await mkdir(join(folder, 'dir'));
  await writeFile(join(folder, 'photo.jpg'), Buffer.from([0xff, 0xd8, 0xff]));
  const refused: [name: string, code: string][] = [
    ['none/out.json', 'io'],
    ['dir', 'bad-request'],
    ['photo.jpg', 'bad-request'],
  ];
  for (const [name, code] of refused) {
    await expect(exportCoco(source, join(folder, name))).rejects.toMatchObject({ code });
  }
  expect((await readdir(folder)).toSorted()).toEqual(['dir', 'photo.jpg']);
  expect([...(await readFile(join(folder, 'photo.jpg')))]).toEqual([0xff, 0xd8, 0xff]);
});

test('5,000 instances do not pile up in memory', async () => {
  // Noise: each mask is 4 kB of text, all of them 17 MB.
  const noise = maskOf(80, 80, (x, y) => (x * 7919 + y * 104729 + x * y * 31) % 7 < 3);
  const perImage = 50;
  const images = Array.from({ length: 100 }, (_, k) => image(k + 1, `${k}.jpg`, 80, 80));
  const source: CocoSource = {
    ...sourceOf({ images, instances: [], queries: [] }),
    *instances({ id }) {
      for (let k = 1; k <= perImage; k++) {
        yield instance((id - 1) * perImage + k, id, { size: noise.size, counts: `${noise.counts}`.slice() });
      }
    },
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  let most = 0;
  const before = held();
  const onProgress = ({ done }: CocoProgress) => {
    if (done % 50 === 0) most = Math.max(most, held());
  };
  const file = join(await temporary(), 'out.json');
  const report = await exportCoco(source, file, { segmentation: 'rle', onProgress });
  expect(report.annotations).toBe(5000);
  expect(report.bytes).toBeGreaterThan(10e6);
  // All of it in one string or one parsed value would be more; the rest is what the collector has not got to.
  // The ids that the check keeps are far below a megabyte; the file in one piece would be all of it.
  expect(most - before).toBeLessThan(4e6);
});
