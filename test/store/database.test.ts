/**
 * @file A project file that cannot be trusted is refused in words, and a migration never loses anything.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// biome-ignore lint/style/noRestrictedImports: makes files that the store itself would never write
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { applicationId, createDatabase, openDatabase } from '../../src-main/store/database.ts';
import { listImages } from '../../src-main/store/images.ts';
import { annotations } from '../../src-main/store/migrations/0001-annotations.ts';
import { latestVersion, type Migration, migrations, schemaVersion } from '../../src-main/store/migrations/index.ts';
import { openProject } from '../../src-main/store/project.ts';
import { addQueries, queriesOf } from '../../src-main/store/queries.ts';
import { addRecords, kept, newProject, tempFolder } from './helper.ts';

/** A project as version 1 of the schema left it, with one query. */
function projectOfVersion1(): string {
  const folder = tempFolder();
  const db = new Database(join(folder, 'project.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma(`application_id = ${applicationId}`);
  annotations(db);
  db.pragma('user_version = 1');
  db.exec(`
    INSERT INTO image_root (relative, absolute) VALUES ('.', '/old');
    INSERT INTO image VALUES (1, 1, 'a.jpg', NULL, 'a.jpg', 'hash', 8, 6, 'jpeg', 10, 1.5, 'present');
    INSERT INTO query VALUES (1, 1, 'what?', 'short', NULL, 'human', 'draft', 0, 1, NULL, NULL, NULL, '', 1);`);
  db.close();
  return folder;
}

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

test('a new database has the newest schema and keeps what it acknowledges through a power cut', async () => {
  const db = await createDatabase(join(tempFolder(), 'project.sqlite'));
  expect(schemaVersion(db)).toBe(latestVersion());
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  db.close();
});

test('a project of version 1 is brought up to date, after a backup of it that opens', async () => {
  const folder = projectOfVersion1();
  const project = kept(await openProject(folder, { backupEveryMs: 0 }));
  expect(schemaVersion(project.db)).toBe(latestVersion());
  expect(queriesOf(project.db, 1)).toMatchObject([{ text: 'what?', noTarget: false, exhaustive: true }]);
  expect(listImages(project.db, { state: 'open' }).map(({ path }) => path)).toEqual(['a.jpg']);
  const backups = readdirSync(join(folder, 'backups'));
  expect(backups).toEqual([expect.stringMatching(/-before-v2\.sqlite$/)]);
  const old = new Database(join(folder, 'backups', backups[0]!), { readonly: true });
  expect(schemaVersion(old)).toBe(1);
  expect(old.prepare('SELECT text FROM query').pluck().all()).toEqual(['what?']);
  old.close();
});

test('a migration that fails leaves the file as it was, with all migrations before it', async () => {
  const folder = projectOfVersion1();
  const path = join(folder, 'project.sqlite');
  const broken: Migration[] = [
    ...migrations,
    {
      version: latestVersion() + 1,
      name: 'broken',
      migrate: (db) => {
        db.exec('DROP TABLE query_instance');
        throw new Error('broken on purpose');
      },
    },
  ];
  await expect(openDatabase(path, { migrations: broken })).rejects.toThrow('broken on purpose');
  const db = new Database(path, { readonly: true });
  expect(schemaVersion(db)).toBe(1);
  expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name IN ('query_instance', 'event')").pluck().get()).toBe(
    1,
  );
  db.close();
});

test('a list of migrations with a gap is a bug that shows at once', async () => {
  const path = join(projectOfVersion1(), 'project.sqlite');
  await expect(openDatabase(path, { migrations: [migrations[0]!, { ...migrations[1]!, version: 3 }] })).rejects.toThrow(
    'number 3 in place 2',
  );
});

test('a file of a newer version is refused and not touched', async () => {
  const folder = projectOfVersion1();
  const path = join(folder, 'project.sqlite');
  const db = new Database(path);
  db.pragma(`user_version = ${latestVersion() + 1}`);
  db.close();
  const before = hashOf(path);
  await expect(openProject(folder)).rejects.toMatchObject({
    code: 'bad-project',
    message: expect.stringContaining('newer version'),
    hint: expect.stringContaining('newer version'),
  });
  expect(hashOf(path)).toBe(before);
  expect(readdirSync(folder)).not.toContain('backups');
});

test('what is no project is refused: text, an empty file, another program’s database, no file', async () => {
  const folder = tempFolder();
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  await expect(openDatabase(file('text', 'This is text. '.repeat(100)))).rejects.toMatchObject({ code: 'bad-project' });
  await expect(openDatabase(file('empty', ''))).rejects.toMatchObject({
    code: 'bad-project',
    hint: expect.stringContaining('backup'),
  });
  const other = new Database(join(folder, 'other'));
  other.exec('CREATE TABLE t (x)');
  other.close();
  await expect(openDatabase(join(folder, 'other'))).rejects.toMatchObject({ code: 'bad-project' });
  await expect(openDatabase(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
  expect(statSync(join(folder, 'empty')).size).toBe(0);
});

test('damage in the middle of a file, and a file cut short, are found when it is opened', async () => {
  const project = await newProject();
  const [image] = addRecords(project.db, ['a.jpg']);
  const queries = Array.from({ length: 500 }, (_, i) => ({ imageId: image!, text: `query ${i} ${'x'.repeat(200)}` }));
  addQueries(project.db, queries, {});
  await project.close();
  const path = join(project.folder, 'project.sqlite');
  const good = readFileSync(path);
  const whole = Buffer.from(good);
  for (const page of [10, 20]) whole.fill(0xa5, page * 4096, page * 4096 + 4096);
  writeFileSync(path, whole);
  await expect(openProject(project.folder)).rejects.toMatchObject({
    code: 'bad-project',
    message: expect.stringContaining('damaged'),
    hint: expect.stringContaining('backup'),
  });
  truncateSync(path, 5 * 4096);
  await expect(openProject(project.folder)).rejects.toMatchObject({ code: 'bad-project' });
  truncateSync(path, 50);
  await expect(openProject(project.folder)).rejects.toMatchObject({ code: 'bad-project' });
  // What the hint says works: the lock is free, and a good file in the place of the damaged one opens.
  writeFileSync(path, good);
  const restored = kept(await openProject(project.folder, { backupEveryMs: 0 }));
  expect(queriesOf(restored.db, image!)).toHaveLength(500);
});
