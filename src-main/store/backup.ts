/**
 * @file Copies of the database: before every migration, when the project is opened, and on a rotation while it is.
 * SQLite copies in small steps between other work, and what is written meanwhile is in the copy.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { sqliteError } from './sqlite-error.ts';
import type { Db } from './statements.ts';

/** Pages copied between two turns of the event loop: under a millisecond of work. */
const pagesPerStep = 64;

/** How many copies stay: the newest of all, of each of the last days, before migrations, and before imports and removals. */
const keep = { newest: 5, days: 7, migrations: 3, imports: 3 } as const;

/** Day, and number of the last event in it. */
const namePattern = /^project-(\d{4}-\d{2}-\d{2})T[\d-]+Z-event-(\d+)(?:-before-(?:v\d+|import|remove))?\.sqlite$/;

/**
 * Copies the database into `folder`; the copy has its name only when it is whole and on the disk. Returns its path.
 * @param label `before-v3` for the copy before a migration. @throws AppError io.
 */
export async function backup(db: Db, folder: string, label?: string): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw new AppError('io', `The backup folder ${folder} cannot be made: ${error.message}`, {
      hint: 'Check that you may write to the project folder.',
      cause: error,
    });
  });
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const name = `project-${stamp}-event-${lastEvent(db)}${label === undefined ? '' : `-${label}`}.sqlite`;
  const path = join(folder, name);
  const part = `${path}.part`;
  try {
    await db.backup(part, { progress: () => pagesPerStep });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw sqliteError(path, error);
  }
  return path;
}

/** Removes the copies that `expired` names. A copy that cannot be removed is left. */
export async function prune(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of expired(names)) await rm(join(folder, name), { force: true }).catch(() => {});
}

/** The copies among `names`, newest first. */
export const backupsIn = (names: readonly string[]): string[] =>
  names
    .filter((name) => namePattern.test(name))
    .toSorted()
    .toReversed();

/** Names among `names` that are not worth keeping any more. Other files are never among them. */
export function expired(names: readonly string[]): string[] {
  const backups = names
    .filter((name) => namePattern.test(name))
    .toSorted()
    .toReversed();
  const migrations = backups.filter((name) => name.includes('-before-v'));
  const imports = backups.filter((name) => /-before-(import|remove)\./.test(name));
  const regular = backups.filter((name) => !name.includes('-before-'));
  const day = (name: string) => namePattern.exec(name)?.[1];
  const newestOfDay = regular.filter((name, i) => i === 0 || day(name) !== day(regular[i - 1]!));
  const kept = new Set([
    ...regular.slice(0, keep.newest),
    ...newestOfDay.slice(0, keep.days),
    ...migrations.slice(0, keep.migrations),
    ...imports.slice(0, keep.imports),
  ]);
  return backups.filter((name) => !kept.has(name));
}

/** The number of the last event: what tells one state of a project from an older one. */
function lastEvent(db: Db): number {
  const known = db.prepare("SELECT name FROM sqlite_master WHERE name = 'event'").get();
  return known ? (db.prepare('SELECT ifnull(max(id), 0) FROM event').pluck().get() as number) : 0;
}

export type Rotation = { stop(): Promise<void> };

/**
 * Makes a copy now and every `everyMs`, when something has changed since the newest one. Failures go to `log`: a full backup disk must not stop anybody's work.
 */
export function startRotation(db: Db, folder: string, everyMs: number, log: (line: string) => void): Rotation {
  let running = Promise.resolve();
  const rotate = async () => {
    try {
      const newest = backupsIn(await readdir(folder).catch(() => []))[0] ?? '';
      const copied = Number(namePattern.exec(newest)?.[2] ?? 0);
      if (lastEvent(db) === copied) return;
      await backup(db, folder);
      await prune(folder);
    } catch (error) {
      if (db.open) log(`No backup was made: ${error instanceof Error ? error.message : error}`);
    }
  };
  const next = () => {
    running = running.then(rotate);
  };
  next();
  const timer = setInterval(next, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
