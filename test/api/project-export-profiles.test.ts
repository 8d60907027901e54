/** @file Every profile from a real project through the application: what is there, what is said, what can be fetched. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guessFormat } from '../../src-main/api/import-guess.ts';
import { exportProfiles, profileFacts } from '../../src-main/contract/export-profiles.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { lacks, runPython } from '../formats/export/python.ts';
import { startProjectApp, type TestApp, withProject } from './project-app.ts';

/** A frame around a hole, and a block: for the 8 x 6 photos. */
function masksOf() {
  const mask = (inside: (x: number, y: number) => boolean) =>
    encodeRle({ width: 8, height: 6, data: Uint8Array.from({ length: 48 }, (_, i) => Number(inside(i % 8, i >> 3))) });
  return [mask((x, y) => x < 5 && y < 5 && !(x === 2 && y === 2)), mask((x, y) => x > 3 && y > 3)];
}

async function annotated(page: TestApp) {
  const project = await withProject(page, 'a.png', 'sub/b é.png', 'none.png');
  const [a, b] = project.images.map(({ id }) => id);
  for (const imageId of [a!, b!]) {
    const { queryId } = await page.call('query.add', { imageId, text: '무엇이 둘인가?' });
    for (const rle of masksOf()) await page.call('instance.add', { imageId, queryIds: [queryId], rle });
  }
  return project;
}

test('each profile lies in the project under a name of its own and says what it lost', async () => {
  const page = startProjectApp();
  const { folder } = await annotated(page);
  for (const profile of exportProfiles) {
    const isFolder = profileFacts[profile].target === 'folder';
    const stages = new Set<string>();
    const result = await page.call(
      'project.export',
      { profile, archive: true },
      { onProgress: ({ stage }) => stages.add(stage) },
    );
    const name = `photos${profile === 'coco' ? '' : `-${profile}`}${isFolder ? '' : '.json'}`;
    expect(result).toMatchObject({
      profile,
      name,
      file: join(folder, 'exports', name),
      download: isFolder ? `${name}.zip` : name,
      annotations: 4,
      queries: profile === 'yolo-seg' ? 0 : 2,
      images: ['coco', 'yolo-seg'].includes(profile) ? 3 : 2,
    });
    expect([...stages]).toEqual(['write', 'check', ...(isFolder ? ['pack'] : [])]);
    for (const { text } of result.losses) expect(result.notes).toContain(text);
    expect(result.fidelity.exact, profile).toBe(result.fidelity.masks);
    expect(await page.app.exports(result.download!)).toBe(join(folder, 'exports', result.download!));
    if (isFolder) expect(await page.app.exports(name)).toBeNull();
    if (profile === 'reasonseg' || profile === 'yolo-seg') expect(await guessFormat(result.file)).toBe(profile);
  }
});

test('photos lie beside the labels where readers look for them; one that is gone is counted', async () => {
  const page = startProjectApp();
  const { folder, photos } = await annotated(page);
  rmSync(join(photos, 'a.png'));
  await page.call('project.scan', {});
  const yolo = await page.call('project.export', { profile: 'yolo-seg', name: 'mine' });
  expect(yolo.download).toBeNull();
  const train = join(folder, 'exports', 'mine', 'images', 'train');
  expect(readdirSync(train, { recursive: true }).sort()).toEqual(['none.png', 'sub', join('sub', 'b é.png')]);
  expect(readFileSync(join(train, 'sub', 'b é.png')).equals(readFileSync(join(photos, 'sub', 'b é.png')))).toBe(true);
  expect(yolo.notes).toContain('1 photo missing or changed: the labels are there without it.');
  const samples = await page.call('project.export', { profile: 'reasonseg', photos: 'none' });
  expect(readdirSync(join(samples.file, 'train')).every((name) => name.endsWith('.json'))).toBe(true);
});

test('a folder of that name that is not an export, or holds more, stays as it is', async () => {
  const page = startProjectApp();
  const { folder } = await annotated(page);
  const first = await page.call('project.export', { profile: 'png', name: 'out' });
  writeFileSync(join(first.file, 'mine.txt'), 'mine');
  expect(await page.fails('project.export', { profile: 'png', name: 'out' })).toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('mine.txt'),
  });
  expect(readFileSync(join(first.file, 'mine.txt'), 'utf8')).toBe('mine');
  expect(readdirSync(join(folder, 'exports'))).toEqual(['out']);
});

test.skipIf(lacks('pycocotools.coco'))(
  'pycocotools reads coco, riseg, sa-co and refcoco, every mask of its size',
  async () => {
    const page = startProjectApp();
    await annotated(page);
    const files = [];
    for (const profile of ['coco', 'riseg', 'sa-co', 'refcoco'] as const) {
      const { file } = await page.call('project.export', { profile });
      files.push(profile === 'refcoco' ? join(file, 'instances.json') : file);
    }
    const script = `
import contextlib, io, json, sys
from pycocotools.coco import COCO
out = []
for name in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(name)
    out.append([int(coco.annToMask(a).sum()) for a in coco.loadAnns(coco.getAnnIds())])
print(json.dumps(out))`;
    const areas = [24, 8, 24, 8];
    expect(await runPython(script, ...files)).toEqual([areas, areas, areas, areas]);
  },
);
