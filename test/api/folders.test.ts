/** @file The folder chooser of a page: it sees folders of this machine by handles that it was given, never by paths. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFolderHandles } from '../../src-main/api/folders-handles.ts';
import { isRoot, photosIn, startProjectApp, tempFolder } from './project-app.ts';

test('it begins in the home folder, and goes down and up by handles', async () => {
  const home = tempFolder();
  await photosIn(join(home, 'Pictures', 'trip'), 'a.png', 'b.JPG', 'c.png');
  mkdirSync(join(home, '.secret'));
  writeFileSync(join(home, 'Pictures', 'trip', 'notes.txt'), '');
  const page = startProjectApp(home);
  const top = await page.call('folders.list', {});
  expect(top).toMatchObject({ path: home, photos: 0, project: false, more: false });
  expect(top.folders.map(({ name }) => name)).toEqual(['Pictures']);
  expect(top.places.map(({ name }) => name)).toContain('Pictures');
  const pictures = await page.call('folders.list', { handle: top.folders[0]!.handle });
  const trip = await page.call('folders.list', { handle: pictures.folders[0]!.handle });
  expect(trip).toMatchObject({ path: join(home, 'Pictures', 'trip'), photos: 3, folders: [] });
  expect(trip.parents.map(({ name }) => name).slice(-2)).toEqual([pictures.parents.at(-1)!.name, 'Pictures']);
  const up = await page.call('folders.list', { handle: trip.parents.at(-1)!.handle });
  expect(up.path).toBe(pictures.path);
  // What is listed can be made a project of, which is flagged from then on.
  const { project } = await page.call('project.create', { photos: trip.handle, into: up.handle, name: 'work' });
  expect(project?.roots[0]?.folder).toBe(trip.path);
  const after = await page.call('folders.list', { handle: up.handle });
  expect(after.folders.map(({ name, project }) => [name, project])).toEqual([
    ['trip', false],
    ['work', true],
  ]);
});

test('files of the kinds that were asked for are listed, and their handles open no folder', async () => {
  const home = tempFolder();
  mkdirSync(join(home, 'folder.json'));
  for (const name of ['instances 10.json', 'instances 2.JSON', 'a.txt', 'key.pem', '.hidden.json']) {
    writeFileSync(join(home, name), '{}');
  }
  const page = startProjectApp(home);
  expect((await page.call('folders.list', {})).files).toEqual([]);
  const { files, folders } = await page.call('folders.list', { files: ['json'] });
  expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['instances 2.JSON', 2],
    ['instances 10.json', 2],
  ]);
  expect(folders.map(({ name }) => name)).toEqual(['folder.json']);
  const [{ handle } = { handle: '' }] = files;
  expect(await page.fails('folders.list', { handle })).toMatchObject({ code: 'not-found' });
  expect(await page.fails('project.create', { photos: handle })).toMatchObject({ code: 'not-found' });
  expect(await page.fails('project.open', { folder: handle })).toMatchObject({ code: 'not-found' });
  expect(await page.fails('folders.list', { files: ['pem' as 'json'] })).toMatchObject({ code: 'bad-request' });
});

test('handles that nobody gave out open nothing, whatever they look like', async () => {
  const page = startProjectApp();
  for (const handle of ['AAAAAAAAAAAAAAAAAAAAAA', 'etc', '0']) {
    const refused = { code: 'not-found', hint: 'Choose the folder again.' };
    expect(await page.fails('folders.list', { handle })).toMatchObject(refused);
    expect(await page.fails('project.create', { photos: handle })).toMatchObject(refused);
    expect(await page.fails('project.open', { folder: handle })).toMatchObject(refused);
  }
  for (const handle of ['/etc', '../..', 'C:\\', '']) {
    expect(await page.fails('folders.list', { handle })).toMatchObject({ code: 'bad-request' });
  }
  // Another application's handles are not this one's.
  const other = startProjectApp();
  const { handle } = await other.call('folders.list', {});
  expect(await page.fails('folders.list', { handle })).toMatchObject({ code: 'not-found' });
});

test('a folder that is gone or may not be read is said to be so', async (context) => {
  const home = tempFolder();
  mkdirSync(join(home, 'gone'));
  mkdirSync(join(home, 'locked'));
  symlinkSync(join(home, 'nowhere'), join(home, 'dangling'));
  const page = startProjectApp(home);
  const { folders } = await page.call('folders.list', {});
  expect(folders.map(({ name }) => name)).toEqual(['gone', 'locked']);
  rmSync(join(home, 'gone'), { recursive: true });
  expect(await page.fails('folders.list', { handle: folders[0]!.handle })).toMatchObject({
    code: 'not-found',
    message: `The folder ${join(home, 'gone')} is not there any more.`,
  });
  expect(await page.fails('project.create', { photos: folders[0]!.handle })).toMatchObject({ code: 'not-found' });
  await expect(page.app.grantFolder(join(home, 'gone'))).rejects.toMatchObject({ code: 'not-found' });
  if (isRoot) context.skip('root may read everything');
  chmodSync(join(home, 'locked'), 0);
  expect(await page.fails('folders.list', { handle: folders[1]!.handle })).toMatchObject({
    code: 'io',
    message: expect.stringContaining('this user may not open it'),
  });
  chmodSync(join(home, 'locked'), 0o755);
});

test('a folder of thousands is cut and says so', async () => {
  const home = tempFolder();
  for (let i = 0; i < 1100; i++) mkdirSync(join(home, `folder ${i}`));
  const page = startProjectApp(home);
  const { folders, more } = await page.call('folders.list', {});
  expect([folders.length, more]).toEqual([1000, true]);
  expect(folders.slice(0, 3).map(({ name }) => name)).toEqual(['folder 0', 'folder 1', 'folder 2']);
});

test('handles are bounded: the one that was used longest ago goes, and a folder keeps its handle', () => {
  const { grant, folderOf } = createFolderHandles(3);
  const [a, b] = [grant('/a'), grant('/b')];
  expect(grant('/a')).toBe(a);
  grant('/c');
  folderOf(a);
  grant('/d');
  expect(() => folderOf(b)).toThrow(/not chosen here/);
  expect(folderOf(a)).toBe('/a');
  expect(grant('/b')).not.toBe(b);
});
