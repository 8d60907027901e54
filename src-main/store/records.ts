/**
 * @file Reading and writing single records: the statements that every function of the store is made of.
 */
import type { RecordOf, TableName } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import { all, type Db, get, type Row, run, type SqlValue } from './statements.ts';
import { keyColumns, tables, toRecord } from './tables.ts';

/** Values of the primary key, in the order of the table's `key`. */
export type Key = readonly number[];

const names: { readonly [T in TableName]: string } = {
  image: 'image',
  category: 'category',
  query: 'query',
  instance: 'instance',
  queryInstance: 'instance of the query',
  run: 'run',
  proposal: 'proposal',
  candidate: 'candidate',
  review: 'verdict',
};

const whereKey = (table: TableName) => keyColumns(table).map((column) => `${column} = ?`).join(' AND '); // biome-ignore format: one line

const upserts = new Map<TableName, string>();

function upsert(table: TableName): string {
  let text = upserts.get(table);
  if (text === undefined) {
    const { name, columns } = tables[table];
    const key = keyColumns(table);
    const others = columns.filter((column) => !key.includes(column));
    text = `INSERT INTO ${name} (${columns}) VALUES (${columns.map(() => '?')})
      ON CONFLICT (${key}) DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`)}`;
    upserts.set(table, text);
  }
  return text;
}

/** The record, or undefined. */
export function find<T extends TableName>(db: Db, table: T, ...key: Key): RecordOf<T> | undefined {
  const row = get(db, `SELECT * FROM ${tables[table].name} WHERE ${whereKey(table)}`, ...key);
  return row && toRecord(table, row);
}

/** The record. @throws AppError not-found. */
export function need<T extends TableName>(db: Db, table: T, ...key: Key): RecordOf<T> {
  const record = find(db, table, ...key);
  if (record) return record;
  throw new AppError('not-found', `There is no ${names[table]} ${key.join(', ')} in this project.`, {
    hint: 'It was deleted meanwhile, or undone. Open the image again.',
  });
}

/** All records that fit `where`, a condition from the code with ? for `values`. */
export function select<T extends TableName>(db: Db, table: T, where: string, ...values: SqlValue[]): RecordOf<T>[] {
  return all<Row>(db, `SELECT * FROM ${tables[table].name} WHERE ${where}`, ...values).map((row) =>
    toRecord(table, row),
  );
}

/** Writes the record over the one with its key, or as a new one. */
export function write<T extends TableName>(db: Db, table: T, record: RecordOf<T>): void {
  run(db, upsert(table), ...tables[table].toRow(record));
}

export function erase(db: Db, table: TableName, ...key: Key): void {
  run(db, `DELETE FROM ${tables[table].name} WHERE ${whereKey(table)}`, ...key);
}

/** An id that was never used in this table. Valid until the transaction that asks for it ends. */
export function newId(db: Db, table: Exclude<TableName, 'queryInstance'>): number {
  const name = tables[table].name;
  const used = get<{ seq: number }>(db, 'SELECT seq FROM sqlite_sequence WHERE name = ?', name);
  return (used?.seq ?? 0) + 1;
}
