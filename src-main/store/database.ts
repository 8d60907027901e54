/**
 * @file Opening the project's database. Every commit is flushed to the disk before it is acknowledged (WAL with
 * synchronous = FULL): neither a killed process nor a power cut loses an action that the screen has shown as stored.
 * The cost of that is in docs/project.md.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';
import { latestVersion, type Migration, migrate, migrations, refuseNewer, schemaVersion } from './migrations/index.ts';
import { damagedPages, sqliteError } from './sqlite-error.ts';
import type { Db } from './statements.ts';

/** "Novo" in ASCII: tells a project from any other SQLite file (PRAGMA application_id). */
export const applicationId = 0x4e6f766f;

/** How long a statement waits for another process's short transaction. */
const busyTimeoutMs = 5000;

/** Bytes of a database that is read into memory as a whole. */
const maxInMemory = 2 ** 30;

export type OpenOptions = {
  /** Reads only, beside a host that writes; the schema must be up to date. */
  readonly readonly?: boolean;
  /** Called before a file is migrated, with the version it has: the place for a backup. */
  readonly beforeMigration?: (db: Db, version: number) => Promise<void>;
  readonly migrations?: readonly Migration[];
};

/** Makes a new database. @throws AppError bad-request when there is a file already, io when it cannot be written. */
export async function createDatabase(path: string): Promise<Db> {
  if (await sizeOf(path).then((size) => size !== null)) {
    throw new AppError('bad-request', `${path} exists already.`, { hint: 'Open it, or choose another folder.' });
  }
  let db: Db | undefined;
  try {
    db = new Database(path, { timeout: busyTimeoutMs });
    configure(db);
    db.pragma(`application_id = ${applicationId}`);
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    await removeDatabase(path);
    throw sqliteError(path, error);
  }
}

/** Removes a database with the files that SQLite keeps beside it. */
async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(path + suffix, { force: true }).catch(() => {});
}

/**
 * Opens a database and brings it up to date. @throws AppError not-found; bad-project when the file is no project,
 * damaged or newer; io when it cannot be read or written; conflict when another program holds it.
 */
export async function openDatabase(path: string, options: OpenOptions = {}): Promise<Db> {
  const { readonly = false, beforeMigration, migrations: list = migrations } = options;
  const size = await sizeOf(path);
  if (size === null) {
    throw new AppError('not-found', `There is no project database ${path}.`, {
      hint: 'Choose the folder that has project.sqlite in it, or make a new project.',
    });
  }
  // SQLite takes an empty file for a new database: that would show a lost project as an empty one.
  if (size === 0) throw damagedPages(path, 'it is empty');
  const db = await connect(path, readonly);
  try {
    guarded(path, () => {
      checkIdentity(db, list);
      if (!readonly) configure(db);
      checkPages(db);
    });
    const found = schemaVersion(db);
    if (found < latestVersion(list)) {
      if (readonly) {
        throw new AppError('bad-project', `${path} has an older format and must be brought up to date first.`, {
          hint: 'Open the project once for writing.',
        });
      }
      await beforeMigration?.(db, found);
      migrate(db, list);
    }
    return db;
  } catch (error) {
    db.close();
    throw sqliteError(path, error);
  }
}

/**
 * On a read-only disk a reader cannot take part in the journal's locks. Where there is no journal nobody writes, and the
 * file is read as a whole.
 */
async function connect(path: string, readonly: boolean): Promise<Db> {
  let db: Db | undefined;
  try {
    db = new Database(path, { timeout: busyTimeoutMs, fileMustExist: true, readonly });
    if (readonly) db.pragma('schema_version'); // the file is only read now
    return db;
  } catch (error) {
    db?.close();
    const cannotLock = /^SQLITE_(CANTOPEN|READONLY)/.test((error as { code?: string }).code ?? '');
    if (!readonly || !cannotLock || (await sizeOf(`${path}-wal`))) throw sqliteError(path, error);
    return inMemory(path);
  }
}

/** A copy in memory, for reading. It cannot have a journal: the two bytes of the header that ask for one are cleared. */
async function inMemory(path: string): Promise<Db> {
  if (((await sizeOf(path)) ?? 0) > maxInMemory) {
    throw new AppError('io', `${path} is on a read-only disk and too large to be read from there.`, {
      hint: 'Copy the project folder to a place where you may write, and open it there.',
    });
  }
  const bytes = await readFile(path);
  bytes.fill(1, 18, 20); // file format versions, SQLite's file format, section 1.3
  return guarded(path, () => new Database(bytes, { readonly: true }));
}

function configure(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  // macOS: fsync alone leaves the data in the drive's cache. Elsewhere these do nothing.
  db.pragma('fullfsync = ON');
  db.pragma('checkpoint_fullfsync = ON');
  db.pragma('foreign_keys = ON');
  db.exec('BEGIN IMMEDIATE; ROLLBACK'); // fails now, not at the first action, where nothing can be written
}

function checkIdentity(db: Db, list: readonly Migration[]): void {
  if (db.pragma('application_id', { simple: true }) !== applicationId) {
    throw new AppError('bad-project', `${db.name} is a database of another program, not a project.`, {
      hint: 'Choose the folder of a Novo Annotate project.',
    });
  }
  refuseNewer(db, list);
}

/** Reads every page once: damage is found when the project is opened, not weeks later in the middle of work. */
function checkPages(db: Db): void {
  const findings = db.pragma('quick_check(1)', { simple: true }) as string;
  if (findings !== 'ok') throw damagedPages(db.name, findings.replaceAll('\n', ' '));
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new AppError('io', `${path} cannot be read: ${message}`, {
      hint: 'Check the drive and the permissions of the folder.',
      cause: error,
    });
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteError(path, error);
  }
}
