/**
 * @file Going back to a backup. The database that it replaces is kept beside it, whatever state it is in.
 */
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { backupsIn } from './backup.ts';
import { openDatabase } from './database.ts';
import { lockProject } from './lock.ts';
import { backupFolder, databasePath } from './project.ts';

export type Backup = { readonly name: string; readonly bytes: number; readonly madeMs: number };

/** The backups of a project folder, newest first. None where there is no such folder. */
export async function listBackups(folder: string): Promise<Backup[]> {
  const inside = backupFolder(resolve(folder));
  const backups: Backup[] = [];
  for (const name of backupsIn(await readdir(inside).catch(() => []))) {
    const { size, mtimeMs } = await stat(join(inside, name));
    backups.push({ name, bytes: size, madeMs: mtimeMs });
  }
  return backups;
}

/**
 * Puts a backup in the place of the project's database, brought up to date. @returns where the replaced database is
 * now, null when there was none. @throws AppError not-found, bad-project for a backup that is damaged, conflict while the
 * project is open; then nothing was changed.
 */
export async function restoreBackup(folder: string, name: string): Promise<string | null> {
  const absolute = resolve(folder);
  const source = join(backupFolder(absolute), basename(name));
  if (!(await stat(source).catch(() => null))) {
    throw new AppError('not-found', `There is no backup ${source}.`, { hint: 'Choose one of the list of backups.' });
  }
  const lock = await lockProject(absolute);
  const part = join(absolute, 'project.restoring');
  try {
    await removeAll(part);
    await copyFile(source, part);
    (await openDatabase(part)).close(); // it is checked, and the copy is whole, before anything is replaced
    const file = await open(part, 'r+');
    await file.sync().finally(() => file.close());
    return await exchange(absolute, part);
  } catch (error) {
    await removeAll(part);
    throw error instanceof AppError ? error : ioError(absolute, error);
  } finally {
    await lock.release();
  }
}

/** The journal goes with its database: beside another one it would be written into that. */
async function exchange(folder: string, part: string): Promise<string | null> {
  const path = databasePath(folder);
  const aside = join(folder, `project-replaced-${new Date().toISOString().replace(/[:.]/g, '-')}.sqlite`);
  let replaced: string | null = null;
  for (const suffix of ['', '-wal', '-shm']) {
    if (!(await stat(path + suffix).catch(() => null))) continue;
    await rename(path + suffix, aside + suffix);
    replaced = aside;
  }
  await rename(part, path);
  return replaced;
}

async function removeAll(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(path + suffix, { force: true });
}

function ioError(folder: string, error: unknown): AppError {
  return new AppError('io', `The backup cannot be put back in ${folder}: ${(error as Error).message}`, {
    hint: 'Check the free space and that you may write there. The backup itself is untouched.',
    cause: error,
  });
}
