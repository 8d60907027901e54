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

/** How many copies stay: the newest of all, the newest of each of the last days, the newest before migrations. */
const keep = { newest: 5, days: 7, migrations: 3 } as const;

const namePattern = /^project-(\d{4}-\d{2}-\d{2})T[\d-]+Z(-before-v\d+)?\.sqlite$/;

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
  const path = join(folder, `project-${stamp}${label === undefined ? '' : `-${label}`}.sqlite`);
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

/** Names among `names` that are not worth keeping any more. Other files are never among them. */
export function expired(names: readonly string[]): string[] {
  const backups = names
    .filter((name) => namePattern.test(name))
    .toSorted()
    .toReversed();
  const migrations = backups.filter((name) => name.includes('-before-v'));
  const regular = backups.filter((name) => !name.includes('-before-v'));
  const day = (name: string) => namePattern.exec(name)?.[1];
  const newestOfDay = regular.filter((name, i) => i === 0 || day(name) !== day(regular[i - 1]!));
  const kept = new Set([
    ...regular.slice(0, keep.newest),
    ...newestOfDay.slice(0, keep.days),
    ...migrations.slice(0, keep.migrations),
  ]);
  return backups.filter((name) => !kept.has(name));
}

export type Rotation = { stop(): Promise<void> };

/**
 * Makes a copy now and every `everyMs`, when something has changed since the last. Failures go to `log`: a full backup
 * disk must not stop anybody's work.
 */
export function startRotation(db: Db, folder: string, everyMs: number, log: (line: string) => void): Rotation {
  let copied = -1;
  let running = Promise.resolve();
  const rotate = async () => {
    const changes = db.prepare('SELECT total_changes()').pluck().get() as number;
    if (changes === copied) return;
    try {
      await backup(db, folder);
      copied = changes;
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
