/**
 * @file One host at a time writes to a project. The lock is SQLite's write lock on a small database beside the
 * project's, held for as long as the project is open: the system drops it when the process ends, however it ends, so
 * there are no stale locks to guess about. A text file beside it tells who holds it; only people read that.
 */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { sqliteError } from './sqlite-error.ts';

export type Lock = { release(): Promise<void> };

const ownerSchema = z.object({ pid: z.int(), host: z.string(), since: z.string() });

/**
 * Takes the lock of a project folder. @throws AppError conflict when another program, or this one, has the project
 * open; io when the folder cannot be written.
 */
export async function lockProject(folder: string): Promise<Lock> {
  const path = join(folder, 'project.lock');
  const ownerPath = join(folder, 'project.lock.json');
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: 0 });
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    db?.close();
    const { code } = error as { code?: string };
    if (code?.startsWith('SQLITE_BUSY')) throw heldBy(folder, await ownerOf(ownerPath), error);
    throw sqliteError(path, error);
  }
  const held = db;
  const owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  await writeFile(ownerPath, `${JSON.stringify(owner)}\n`).catch(() => {}); // for people only: the lock holds without it
  return {
    async release() {
      if (!held.open) return;
      await rm(ownerPath, { force: true }).catch(() => {});
      held.close();
    },
  };
}

async function ownerOf(path: string): Promise<z.infer<typeof ownerSchema> | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

function heldBy(folder: string, owner: z.infer<typeof ownerSchema> | null, cause: unknown): AppError {
  const by = owner ? ` by process ${owner.pid} on ${owner.host} since ${owner.since}` : '';
  return new AppError('conflict', `The project ${folder} is open already${by}.`, {
    hint: 'Close it there first: two programs that write at once would undo each other.',
    cause,
  });
}
