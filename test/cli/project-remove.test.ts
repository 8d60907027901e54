/** @file `project remove-images` as it is started: it tells first, takes out what was named, and leaves every file. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { listImages } from '../../src-main/store/images.ts';
import { openProject } from '../../src-main/store/project.ts';
import { addQuery } from '../../src-main/store/queries.ts';
import { temporaryFolder } from '../engine/scene.ts';
import { novo } from './command.ts';

test('photos go by name, from a list, or because they are gone; with annotations only when that is said', async () => {
  const home = await temporaryFolder();
  const folder = join(home, 'project');
  const photos = join(home, 'photos');
  const names = ['a/1.jpg', 'b/1.jpg', 'b/2.jpg', 'gone.jpg', 'stays.jpg'];
  for (const sub of ['a', 'b']) mkdirSync(join(photos, sub), { recursive: true });
  for (const [k, name] of names.entries()) {
    const create = { width: 8, height: 6, channels: 3, background: { r: 40 * k, g: 9, b: 9 } } as const;
    await sharp({ create }).jpeg().toFile(join(photos, name));
  }
  const project = (...args: string[]) => novo(['project', ...args], { home });
  const left = async () => {
    const { db, close } = await openProject(folder, { readonly: true });
    const paths = listImages(db).map(({ path }) => path);
    await close();
    return paths;
  };
  await project('new', folder, '--images', photos);
  rmSync(join(photos, 'gone.jpg'));
  await project('scan', folder);
  const { db, close } = await openProject(folder, { backupEveryMs: 0 });
  addQuery(db, { imageId: listImages(db).find(({ path }) => path === 'b/2.jpg')!.id, text: 'what?' }, {});
  await close();

  const wrong: [string[], RegExp][] = [
    [[], /Which photos\?/],
    [['none.jpg'], /Not one photo of the project each: none\.jpg\./],
    [['1.jpg'], /1\.jpg \(a\/1\.jpg, b\/1\.jpg\)/],
    [['STAYS.jpg'], /is stays\.jpg meant\?/],
    [['2.jpg', '--yes'], /1 of the photos have queries or masks: b\/2\.jpg[\s\S]*--annotated/],
  ];
  for (const [args, message] of wrong) {
    const done = await project('remove-images', folder, ...args);
    expect([done.code, done.stderr]).toEqual([expect.any(Number), expect.stringMatching(message)]);
    expect(done.code).not.toBe(0);
  }
  writeFileSync(join(home, 'list.txt'), 'a/1.jpg\r\n\nb/2.jpg\n');
  const all = ['remove-images', folder, '--list', join(home, 'list.txt'), '--missing', '--annotated'];
  const would = await project(...all);
  expect(would.stderr).toContain('Would take out 3 photos with 1 queries and 0 masks: a/1.jpg, b/2.jpg, gone.jpg.');
  expect(await left()).toEqual(names);

  const did = await project(...all, '--yes', '--who', 'Ann');
  expect(did).toMatchObject({ code: 0, stderr: expect.stringContaining(`${photos} takes no new photos from now on`) });
  expect(await left()).toEqual(['b/1.jpg', 'stays.jpg']);
  const copy = /was before: (\S+before-remove\.sqlite)/.exec(did.stderr)![1]!;
  expect(readFileSync(copy).length).toBeGreaterThan(0);
  await project('scan', folder);
  expect(await left()).toEqual(['b/1.jpg', 'stays.jpg']);
  expect((await project('check', folder)).stderr).toContain('Nothing is wrong.');
  expect(readdirSync(photos, { recursive: true }).length).toBe(6); // two folders and four files
});
