/** @file Releases: the same project gives the same bytes, near-duplicates are on one side, nobody changes them unnoticed. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { datasetCommand } from '../../src-main/cli/dataset.ts';
import type { AppError } from '../../src-main/contract/errors.ts';
import type { ReleaseCard } from '../../src-main/contract/release.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { seededKey } from '../../src-main/dataset/seeded.ts';
import { hashFile, readImageInfo } from '../../src-main/engine/image/decode.ts';
import { addImages } from '../../src-main/store/add-images.ts';
import { addInstance } from '../../src-main/store/instances.ts';
import { createProject, openProject } from '../../src-main/store/project.ts';
import { addQuery } from '../../src-main/store/queries.ts';
import { select } from '../../src-main/store/records.ts';
import { listReleases } from '../../src-main/store/releases.ts';
import { tempFolder } from '../api/project-app.ts';
import { novo } from '../cli/command.ts';

const size = { width: 64, height: 48 };

/** Coarse blocks of colour: two seeds give photos that look different. */
function scene(seed: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: size.width * size.height * 3 }, (_, k) => {
      const [x, y] = [Math.floor(k / 3) % size.width, Math.floor(k / 3 / size.width)];
      return seededKey(seed, `${Math.floor(x / 8)} ${Math.floor(y / 6)}`) % 256;
    }),
  );
}

const picture = (seed: number) => sharp(scene(seed), { raw: { ...size, channels: 3 } });

/** 12 photos with a query each; `copy.jpg` is `00.png` smaller, brighter and in JPEG; `same.png` is the file `01.png`. */
async function project(home: string) {
  const photos = join(home, 'photos');
  mkdirSync(photos, { recursive: true });
  for (let k = 0; k < 12; k++)
    await picture(k)
      .png()
      .toFile(join(photos, `${String(k).padStart(2, '0')}.png`));
  await picture(0).linear(1.05, 4).resize(60, 45).jpeg({ quality: 70 }).toFile(join(photos, 'copy.jpg'));
  cpSync(join(photos, '01.png'), join(photos, 'same.png'));
  const made = await createProject(join(home, 'project'), { images: [photos], backupEveryMs: 0 });
  await addImages(made, { head: readImageInfo, hash: hashFile });
  for (const image of select(made.db, 'image', 'TRUE ORDER BY sort_key')) {
    const { result } = addQuery(
      made.db,
      { imageId: image.id, text: `which of ${image.path}?`, status: 'accepted' },
      {},
    );
    const data = new Uint8Array(image.width * image.height).fill(1, 0, 200);
    const rle = encodeRle({ width: image.width, height: image.height, data });
    addInstance(made.db, { imageId: image.id, rle, queryIds: [result.id] }, { who: 'Ann' });
  }
  await made.close();
  writeFileSync(
    join(home, 'coco.json'),
    JSON.stringify({
      licenses: [{ id: 4, name: 'Attribution', url: 'https://example.org/by' }],
      images: [{ id: 1, file_name: '02.png', license: 4, width: 64, height: 48 }],
      annotations: [],
    }),
  );
  return { home, folder: join(home, 'project') };
}

const release = (folder: string, ...more: string[]) =>
  datasetCommand(['release', folder, ...more], new AbortController().signal).then(
    (code) => `exit ${code}`,
    (error: AppError) => `${error.code}: ${error.message}`,
  );

const filesOf = (folder: string) =>
  (readdirSync(folder, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test('splits, card and checksums; near-duplicates together; the same bytes again; changes are noticed', async () => {
  const { home, folder } = await project(tempFolder());
  cpSync(folder, join(home, 'twin', 'project'), { recursive: true });
  cpSync(join(home, 'photos'), join(home, 'twin', 'photos'), { recursive: true });
  const args = ['--version', '1.0.0', '--profiles', 'coco,reasonseg', '--splits', 'train=0.6,test=0.4', '--by', 'Ann', '--licences', join(home, 'coco.json')]; // biome-ignore format: one line
  const out = join(home, 'out', 'first');
  const done = await novo(['dataset', 'release', folder, ...args, '--out', out], { home });
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('2 groups of photos that are alike') });

  const images = JSON.parse(readFileSync(join(out, 'images.json'), 'utf8')) as { file_name: string; split: string; licence: object | null }[]; // biome-ignore format: one line
  const of = (name: string) => images.find(({ file_name }) => file_name === name)!;
  expect(images).toHaveLength(14);
  expect(of('copy.jpg').split).toBe(of('00.png').split);
  expect(of('same.png').split).toBe(of('01.png').split);
  expect(of('02.png').licence).toEqual({ name: 'Attribution', url: 'https://example.org/by' });

  const card = JSON.parse(readFileSync(join(out, 'card.json'), 'utf8')) as ReleaseCard;
  expect(card.splits.duplicates.groups.map((group) => group.toSorted())).toEqual(
    expect.arrayContaining([
      ['00.png', 'copy.jpg'],
      ['01.png', 'same.png'],
    ]),
  );
  expect(card.photos).toEqual({ licences: [expect.objectContaining({ name: 'Attribution', images: 1 })], unknown: 13 });
  expect(readFileSync(join(out, 'card.md'), 'utf8')).toContain('14 images, 14 queries, 14 instance masks');
  for (const name of ['train', 'test']) {
    const coco = JSON.parse(readFileSync(join(out, 'coco', `${name}.json`), 'utf8')) as { images: { file_name: string }[]; queries: unknown[] }; // biome-ignore format: one line
    expect(coco.images.map(({ file_name }) => file_name).sort()).toEqual(
      images.filter(({ split }) => split === name).map(({ file_name }) => file_name).sort(), // biome-ignore format: one line
    );
    expect(readdirSync(join(out, 'reasonseg', name)).filter((file) => file.endsWith('.json'))).toHaveLength(coco.queries.length); // biome-ignore format: one line
  }
  const summed = spawnSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: out });
  if (summed.error === undefined) expect(summed.status).toBe(0);

  const again = join(home, 'again');
  const twin = join(home, 'twin', 'project');
  expect(await release(twin, ...args, '--out', again)).toBe('exit 0');
  expect(filesOf(again)).toEqual(filesOf(out));
  for (const file of filesOf(out)) expect(readFileSync(join(again, file))).toEqual(readFileSync(join(out, file)));
  expect(await release(folder, ...args, '--out', join(home, 'other'))).toMatch(
    /^conflict: Version 1\.0\.0 was released/,
  );
  expect(await release(folder, ...args.with(1, '1.1.0'), '--out', out)).toMatch(/^bad-request: .* is not empty/);

  const verify = () => novo(['dataset', 'verify', out, '--project', folder], { home });
  const check = () => novo(['project', 'check', folder, '--thorough'], { home });
  expect(await verify()).toMatchObject({ code: 0 });
  expect((await check()).stdout).not.toContain('release-changed');
  appendFileSync(join(out, 'coco', 'test.json'), ' ');
  writeFileSync(join(out, 'notes.txt'), 'mine');
  rmSync(join(out, 'card.md'));
  const changed = await verify();
  expect(changed.code).toBe(1);
  expect(changed.stdout.split('\n').sort()).toEqual([
    '',
    'added: notes.txt',
    'changed: coco/test.json',
    'missing: card.md',
  ]);
  expect((await check()).stdout).toContain('release-changed: Release 1.0.0');
  // Whoever writes the list anew is found out by the project's record.
  const line = (name: string) => `${spawnSync('sha256sum', [name], { cwd: out, encoding: 'utf8' }).stdout}`;
  const kept = filesOf(out).filter((file) => file !== 'SHA256SUMS');
  if (summed.error === undefined) {
    writeFileSync(join(out, 'SHA256SUMS'), kept.map(line).join(''));
    expect(await verify()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not those that the project recorded'),
    });
  }
});

test('what cannot be released is refused with the reason, and nothing is left behind', async () => {
  const { home, folder } = await project(tempFolder());
  const before = readdirSync(home).sort();
  const out = ['--out', join(home, 'out')];
  const wrong: [string[], string][] = [
    [out, '--version and --out'],
    [['--version', 'one', ...out], '--version is numbers with points'],
    [['--version', '1.0.0', ...out, '--splits', 'train'], '--splits is NAME=SHARE'],
    [['--version', '1.0.0', ...out, '--splits', 'a=1,A=2'], 'names a split twice'],
    [['--version', '1.0.0', ...out, '--splits', 'a=0,b=1'], 'shares above 0'],
    [['--version', '1.0.0', ...out, '--near-duplicates', '40'], '--near-duplicates is 0 to 16'],
    [['--version', '1.0.0', ...out, '--profiles', 'voc'], '--profiles is one of coco'],
    [['--version', '1.0.0', ...out, '--date', '2026-02-30'], '--date is a day'],
    [['--version', '1.0.0', ...out, '--licences', join(home, 'none.json')], 'none.json'],
  ];
  for (const [args, message] of wrong) expect(await release(folder, ...args)).toContain(message);
  const aborted = new AbortController();
  aborted.abort();
  await expect(datasetCommand(['release', folder, '--version', '1.0.0', ...out], aborted.signal)).rejects.toThrow();
  const empty = await createProject(join(home, 'empty'), { images: [join(home, 'photos')], backupEveryMs: 0 });
  await empty.close();
  expect(await release(join(home, 'empty'), '--version', '1.0.0', ...out)).toContain(
    'No query of this project is accepted',
  );
  rmSync(join(home, 'empty'), { recursive: true });
  expect(readdirSync(home).sort()).toEqual(before);
  const opened = await openProject(folder, { readonly: true });
  expect(listReleases(opened.db)).toEqual([]);
  await opened.close();
});

test('a record of a release cannot be changed or removed', async () => {
  const { home, folder } = await project(tempFolder());
  expect(await release(folder, '--version', '1.0.0', '--near-duplicates', 'off', '--out', join(home, 'out'))).toBe(
    'exit 0',
  );
  const opened = await openProject(folder, { backupEveryMs: 0 });
  expect(() => opened.db.exec("UPDATE release SET sums_hash = 'x'")).toThrow('never changed');
  expect(() => opened.db.exec('DELETE FROM release')).toThrow('never removed');
  expect(listReleases(opened.db)).toMatchObject([{ version: '1.0.0', card: { splits: { duplicates: { threshold: null, groups: [['01.png', 'same.png']] } } } }]); // biome-ignore format: one line
  await opened.close();
});
