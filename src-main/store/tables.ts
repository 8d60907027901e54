/**
 * @file Records <-> rows, one entry a table. Columns are the fields in snake_case; `columns` names those that SQLite
 * cannot hold as they are.
 */

import type { RecordOf, TableName } from '../contract/diff.ts';
import type { Rle } from '../contract/mask.ts';
import { naturalKey } from './natural-order.ts';
import type { Row, SqlValue } from './statements.ts';

type Json = { readonly [key: string]: unknown };

export type Table = {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly toRow: (record: Json) => SqlValue[];
  readonly toRecord: (row: Row) => Json;
};

type Codec = {
  readonly columns: readonly string[];
  readonly write: (value: unknown, record: Json) => SqlValue[];
  readonly read: (row: Row) => unknown;
};

const snake = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const plain = (field: string): Codec => {
  const column = snake(field);
  return { columns: [column], write: (value) => [value as SqlValue], read: (row) => row[column] };
};

const boolean = (field: string): Codec => {
  const column = snake(field);
  return {
    columns: [column],
    write: (value) => [value === null ? null : Number(value)],
    read: (row) => (row[column] === null ? null : row[column] === 1),
  };
};

const json = (field: string): Codec => {
  const column = snake(field);
  return {
    columns: [column],
    write: (value) => [value === null ? null : JSON.stringify(value)],
    read: (row) => (row[column] === null ? null : JSON.parse(row[column] as string)),
  };
};

const mask: Codec = {
  columns: ['mask_height', 'mask_width', 'counts'],
  write: (value) => {
    const { size, counts } = value as Rle;
    return [size[0], size[1], counts];
  },
  read: (row) => ({ size: [row['mask_height'], row['mask_width']], counts: row['counts'] }),
};

/** The path with the key that images are listed by. */
const path: Codec = {
  columns: ['path', 'sort_key'],
  write: (value) => [value as string, naturalKey(value as string)],
  read: (row) => row['path'],
};

function table(name: string, key: readonly string[], fields: Record<string, (field: string) => Codec>): Table {
  const codecs = Object.entries(fields).map(([field, make]) => ({ field, ...make(field) }));
  return {
    name,
    key,
    columns: codecs.flatMap(({ columns }) => columns),
    toRow: (record) => codecs.flatMap(({ field, write }) => write(record[field], record)),
    toRecord: (row) => Object.fromEntries(codecs.map(({ field, read }) => [field, read(row)])),
  };
}

/** `T` makes the compiler ask for every field of the record, and for no other. */
type Fields<T extends TableName> = { [F in keyof Required<RecordOf<T>>]: (field: string) => Codec };
const of = <T extends TableName>(name: string, key: readonly string[], fields: Fields<T>): Table =>
  table(name, key, fields as Record<string, (field: string) => Codec>);

export const tables: { readonly [T in TableName]: Table } = {
  image: of<'image'>('image', ['id'], {
    id: plain,
    rootId: plain,
    path: () => path,
    diskPath: plain,
    contentHash: plain,
    width: plain,
    height: plain,
    format: plain,
    bytes: plain,
    modifiedMs: plain,
    status: plain,
  }),
  category: of<'category'>('category', ['id'], { id: plain, name: plain, supercategory: plain }),
  query: of<'query'>('query', ['id'], {
    id: plain,
    imageId: plain,
    text: plain,
    form: plain,
    reasoningType: plain,
    source: plain,
    status: plain,
    noTarget: boolean,
    exhaustive: boolean,
    clear: boolean,
    correct: boolean,
    reviewer: plain,
    note: plain,
    version: plain,
  }),
  instance: of<'instance'>('instance', ['id'], {
    id: plain,
    imageId: plain,
    rle: () => mask,
    area: plain,
    bbox: json,
    categoryId: plain,
    score: plain,
    source: plain,
    attributes: json,
  }),
  queryInstance: of<'queryInstance'>('query_instance', ['queryId', 'instanceId'], {
    queryId: plain,
    instanceId: plain,
    rank: plain,
  }),
  run: of<'run'>('run', ['id'], {
    id: plain,
    queryId: plain,
    pack: plain,
    reasoner: plain,
    prompts: json,
    answer: plain,
    timing: json,
    at: plain,
  }),
  proposal: of<'proposal'>('proposal', ['id'], {
    id: plain,
    queryId: plain,
    runId: plain,
    rle: () => mask,
    area: plain,
    bbox: json,
    score: plain,
    label: plain,
    status: plain,
    instanceId: plain,
  }),
  candidate: of<'candidate'>('candidate', ['id'], {
    id: plain,
    imageId: plain,
    requestId: plain,
    text: plain,
    original: plain,
    form: plain,
    reasoningType: plain,
    targets: json,
    flags: json,
    state: plain,
    queryId: plain,
  }),
  review: of<'review'>('review', ['id'], {
    id: plain,
    queryId: plain,
    who: plain,
    at: plain,
    ms: plain,
    text: plain,
    clear: boolean,
    correct: boolean,
    rejected: boolean,
    reason: plain,
    decides: boolean,
  }),
};

/** A row of `table` as its record. */
export const toRecord = <T extends TableName>(name: T, row: Row): RecordOf<T> =>
  tables[name].toRecord(row) as RecordOf<T>;

/** Columns of the primary key. */
export const keyColumns = (name: TableName): string[] => tables[name].key.map(snake);
