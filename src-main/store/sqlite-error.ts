/**
 * @file What SQLite's refusals mean to a person: what happened, to which file, what to do.
 */
import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';

const restore = 'Go back to the newest backup of the project; the damaged file is kept beside it.';

/** SQLite's result codes by their first words: the rest says only where inside SQLite it happened. */
const meanings: readonly [prefix: string, (path: string, error: Error) => AppError][] = [
  ['SQLITE_NOTADB', (path, cause) => damaged(`${path} is not a database, or its beginning is damaged.`, cause)],
  ['SQLITE_CORRUPT', (path, cause) => damaged(`${path} is damaged.`, cause)],
  [
    'SQLITE_BUSY',
    (path, cause) =>
      new AppError('conflict', `${path} is busy: another program writes to it.`, {
        hint: 'Wait for it to end, or close it, and do this again.',
        cause,
      }),
  ],
  [
    'SQLITE_FULL',
    (path, cause) =>
      new AppError('io', `The disk of ${path} is full; the last action is not stored.`, {
        hint: 'Free some space and do it again. Everything before it is safe.',
        cause,
      }),
  ],
  ['SQLITE_READONLY', readOnly],
  ['SQLITE_PERM', readOnly],
  ['SQLITE_AUTH', readOnly],
  [
    'SQLITE_CANTOPEN',
    (path, cause) =>
      new AppError('io', `${path} cannot be opened.`, {
        hint: 'Check that the folder exists, that its drive is connected, and that you may write to it.',
        cause,
      }),
  ],
  [
    'SQLITE_IOERR',
    (path, cause) =>
      new AppError('io', `The disk failed while ${path} was read or written; the last action is not stored.`, {
        hint: 'Check the drive, then open the project again. Everything before it is safe.',
        cause,
      }),
  ],
  [
    'SQLITE_CONSTRAINT',
    (_path, cause) =>
      new AppError('conflict', `This does not fit what the project holds (${cause.message}).`, {
        hint: 'Something that belongs to it was changed or deleted meanwhile. Open the image again.',
        cause,
      }),
  ],
];

function damaged(message: string, cause?: unknown): AppError {
  return new AppError('bad-project', message, { hint: restore, cause });
}

function readOnly(path: string, cause: unknown): AppError {
  return new AppError('io', `${path} cannot be written: the file, its folder or its disk is read-only.`, {
    hint: 'Copy the project folder to a place where you may write, and open it there.',
    cause,
  });
}

/** The AppError for what SQLite threw while it worked on `path`; anything else is returned as it is. */
export function sqliteError(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const meaning = meanings.find(([prefix]) => error.code.startsWith(prefix));
  return meaning ? meaning[1](path, error) : error;
}

/** A database that was opened but whose pages do not hold together. */
export function damagedPages(path: string, findings: string): AppError {
  return damaged(`${path} is damaged: ${findings}.`);
}
