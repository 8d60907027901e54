/**
 * @file Prepared statements, each prepared once for a connection, and the one way to write: a transaction that holds
 * the write lock from its first statement, so that it never fails half-way for being late.
 */
import type Database from 'better-sqlite3';
import { sqliteError } from './sqlite-error.ts';

export type Db = Database.Database;
export type SqlValue = string | number | bigint | null | Uint8Array;
export type Row = Record<string, SqlValue>;

const prepared = new WeakMap<Db, Map<string, Database.Statement>>();

/** The statement for `text`; `text` must come from the code, never from a person. */
export function sql(db: Db, text: string): Database.Statement {
  let statements = prepared.get(db);
  if (!statements) {
    statements = new Map();
    prepared.set(db, statements);
  }
  let statement = statements.get(text);
  if (!statement) {
    statement = db.prepare(text);
    statements.set(text, statement);
  }
  return statement;
}

export const all = <R = Row>(db: Db, text: string, ...values: SqlValue[]): R[] => sql(db, text).all(...values) as R[];

export const get = <R = Row>(db: Db, text: string, ...values: SqlValue[]): R | undefined =>
  sql(db, text).get(...values) as R | undefined;

export const run = (db: Db, text: string, ...values: SqlValue[]) => sql(db, text).run(...values);

/**
 * Runs `work` in one transaction: all of it is on disk when this returns, or nothing of it was done. Inside another
 * transaction it becomes a part of that one. @throws AppError as `sqliteError`, and what `work` throws.
 */
export function transact<T>(db: Db, work: () => T): T {
  try {
    return db.transaction(work).immediate();
  } catch (error) {
    throw sqliteError(db.name, error);
  }
}
