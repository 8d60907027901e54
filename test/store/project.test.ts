/**
 * @file A project folder: made whole or not at all, written by one program at a time, copied while it is used.
 */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { backup, expired } from '../../src-main/store/backup.ts';
import { openDatabase } from '../../src-main/store/database.ts';
import { closeProject, createProject, openProject } from '../../src-main/store/project.ts';
import { addQueries, addQuery, editQuery, queriesOf } from '../../src-main/store/queries.ts';
import { listBackups, restoreBackup } from '../../src-main/store/restore.ts';
import { addRecords, kept, newProject, tempFolder } from './helper.ts';

test('a project that cannot be made leaves nothing behind, and none is made over another', async () => {
  const folder = join(tempFolder(), 'new');
  await expect(createProject(folder, { images: ['/nowhere/photos'] })).rejects.toMatchObject({ code: 'not-found' });
  expect(existsSync(folder)).toBe(false);
  mkdirSync(folder);
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  await expect(createProject(folder, { images: ['/nowhere/photos'] })).rejects.toMatchObject({ code: 'not-found' });
  expect(readdirSync(folder)).toEqual(['mine.txt']);
  await closeProject(await createProject(folder));
  await expect(createProject(folder)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(openProject(join(folder, 'other'))).rejects.toMatchObject({ code: 'not-found' });
});

test('a second writer is told who holds the project; a reader may look; after closing it is free', async () => {
  const { db, folder, close } = await newProject();
  const [image] = addRecords(db, ['a.jpg']);
  await expect(openProject(folder)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`process ${process.pid}`),
    hint: expect.stringContaining('Close it there'),
  });
  const reader = kept(await openProject(folder, { readonly: true }));
  addQuery(db, { imageId: image!, text: 'what?' }, {});
  expect(queriesOf(reader.db, image!)).toHaveLength(1);
  expect(() => addQuery(reader.db, { imageId: image!, text: 'x' }, {})).toThrow(/read-only/);
  await reader.close();
  await close();
  await close();
  expect(readdirSync(folder)).toEqual(['project.lock', 'project.sqlite']);
  kept(await openProject(folder, { backupEveryMs: 0 }));
});

test('a writer that was killed leaves no lock', async () => {
  const project = await newProject();
  addRecords(project.db, ['a.jpg']);
  await project.close();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'durability-child.ts'), project.folder]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await expect(openProject(project.folder)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`process ${child.pid}`),
  });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  kept(await openProject(project.folder, { backupEveryMs: 0 }));
});

test('a project on a read-only place says so, and can be looked at', async () => {
  const project = await newProject();
  await project.close();
  // The superuser may write everywhere: then another user tries.
  const root = process.getuid?.() === 0;
  if (root) chownSync(project.folder, 0, 0);
  chmodSync(join(project.folder, 'project.sqlite'), 0o444);
  chmodSync(project.folder, 0o555);
  chmodSync(join(project.folder, '..'), 0o755);
  const program = `
    import { openProject } from ${JSON.stringify(join(import.meta.dirname, '../../src-main/store/project.ts'))};
    const told = [];
    await openProject(process.argv[1]).catch((error) => told.push([error.code, error.message, error.hint]));
    const project = await openProject(process.argv[1], { readonly: true });
    told.push(project.db.prepare('SELECT count(*) FROM query').pluck().get());
    await project.close();
    console.log(JSON.stringify(told));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, project.folder], {
    ...(root ? { uid: 65_534, gid: 65_534 } : {}),
    cwd: '/',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  await new Promise((resolve) => child.once('close', resolve));
  chmodSync(project.folder, 0o755);
  expect(JSON.parse(output)).toEqual([
    ['io', expect.stringMatching(/cannot be (opened|written)/), expect.stringMatching(/write|Copy/)],
    0,
  ]);
});

test('backups are made while actions are stored, hold all of them so far, and open as projects', async () => {
  const project = await newProject();
  const [image] = addRecords(project.db, ['a.jpg']);
  const texts = Array.from({ length: 3000 }, (_, i) => ({ imageId: image!, text: `${i} ${'x'.repeat(500)}` }));
  const { result } = addQueries(project.db, texts, {});
  const folder = join(project.folder, 'backups');
  const copying = backup(project.db, folder);
  let during = 0;
  let done = false;
  copying.then(() => {
    done = true;
  });
  while (!done) {
    editQuery(project.db, result[during++ % result.length]!.id, { note: 'during' }, {});
    await wait(0);
  }
  const path = await copying;
  expect(during).toBeGreaterThan(1); // it did not block
  expect(readdirSync(folder)).toEqual([path.slice(folder.length + 1)]);
  const copy = await openDatabase(path);
  expect(queriesOf(copy, image!)).toHaveLength(3000);
  copy.close();
});

test('an open project is copied on a rotation, only when something has changed', async () => {
  const project = await newProject();
  const [image] = addRecords(project.db, ['a.jpg']);
  await project.close();
  const open = kept(await openProject(project.folder, { backupEveryMs: 30 }));
  const backups = () => readdirSync(join(project.folder, 'backups')).filter((name) => name.endsWith('.sqlite'));
  await wait(300);
  expect(backups()).toHaveLength(1);
  addQuery(open.db, { imageId: image!, text: 'what?' }, {});
  await wait(300);
  expect(backups()).toHaveLength(2);
  await open.close();
  await kept(await openProject(project.folder)).close();
  expect(backups()).toHaveLength(2);
});

test('of the copies the newest stay, one of each of the last days, and those before migrations', () => {
  const name = (day: number, hour: number, label = '') =>
    `project-2026-01-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}-00-00-000Z-event-1${label}.sqlite`;
  const names = Array.from({ length: 20 }, (_, day) => [8, 12, 18].map((hour) => name(day + 1, hour))).flat();
  const migration = name(2, 9, '-before-v2');
  const gone = new Set(expired([...names, migration, 'notes.txt', 'project.sqlite']));
  const stay = names.filter((one) => !gone.has(one));
  expect(stay.toReversed()).toEqual([
    ...[name(20, 18), name(20, 12), name(20, 8), name(19, 18), name(19, 12)],
    ...[18, 17, 16, 15, 14].map((day) => name(day, 18)),
  ]);
  expect([migration, 'notes.txt', 'project.sqlite'].filter((one) => gone.has(one))).toEqual([]);
});

test('a backup that cannot be made is said and stops nobody', async () => {
  const project = await newProject();
  const [image] = addRecords(project.db, ['a.jpg']);
  await project.close();
  writeFileSync(join(project.folder, 'backups'), 'a file where the folder should be');
  const lines: string[] = [];
  const open = kept(await openProject(project.folder, { log: (line) => lines.push(line) }));
  addQuery(open.db, { imageId: image!, text: 'what?' }, {});
  await open.close();
  expect(lines).toEqual([expect.stringContaining('No backup was made: The backup folder')]);
});

test('a full disk stores nothing of the action, says so, and the next one works when there is room', async () => {
  const { db } = await newProject();
  const [image] = addRecords(db, ['a.jpg']);
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
  const add = () => addQuery(db, { imageId: image!, text: 'x'.repeat(10_000), note: 'y'.repeat(90_000) }, {});
  expect(add).toThrow(expect.objectContaining({ code: 'io', message: expect.stringContaining('full') }));
  expect(queriesOf(db, image!)).toEqual([]);
  db.pragma('max_page_count = 100000');
  add();
  expect(queriesOf(db, image!)).toHaveLength(1);
});

test('a damaged project goes back to its newest backup, and the damaged file is kept', async () => {
  const project = await newProject();
  const [image] = addRecords(project.db, ['a.jpg']);
  addQuery(project.db, { imageId: image!, text: 'before' }, {});
  await backup(project.db, join(project.folder, 'backups'));
  addQuery(project.db, { imageId: image!, text: 'after' }, {});
  const [newest] = await listBackups(project.folder);
  await expect(restoreBackup(project.folder, newest!.name)).rejects.toMatchObject({ code: 'conflict' });
  await project.close();
  writeFileSync(join(project.folder, 'project.sqlite'), 'damaged');
  writeFileSync(join(project.folder, 'project.sqlite-wal'), 'of the damaged one');
  await expect(restoreBackup(project.folder, '../none')).rejects.toMatchObject({ code: 'not-found' });
  const replaced = await restoreBackup(project.folder, newest!.name);
  expect(readFileSync(replaced!, 'utf8')).toBe('damaged');
  const restored = kept(await openProject(project.folder, { backupEveryMs: 0 }));
  expect(queriesOf(restored.db, image!).map(({ text }) => text)).toEqual(['before']);
});
