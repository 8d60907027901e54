/**
 * @file Changing a project. Every change is one transaction that writes records, keeps what was there before, and adds
 * an event; it answers the diff and its inverse. Undo and redo are `applyDiff` with one of the two.
 *
 * Versions: `touch` gives a query a number that was never used; an inverse puts the old number back together with the
 * old state. So equal versions are equal states, whatever was done and undone, and comparing versions is enough.
 */
import { type Change, type Diff, type Put, type RecordOf, recordSchemas, type TableName } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import { type Actor, actorSchema, type ImageRecord, type Query } from '../contract/records.ts';
import { addEvent, type Subject } from './events.ts';
import { storedMask } from './masks.ts';
import { erase, find, type Key, need, write } from './records.ts';
import { type Db, get, run, transact } from './statements.ts';

type Entry = { table: TableName; key: Key; before: unknown; after: unknown };

/** What a change may do. All of it is written at once, so that reads within the change see it. */
export type Writer = {
  /** Checks the record against its schema, its mask against its image, and writes it. Returns what was written. */
  put<T extends TableName>(table: T, record: RecordOf<T>): RecordOf<T>;
  remove(table: TableName, ...key: Key): void;
  /** A new version for the query. With `expected`, only if the query has that version. @throws AppError conflict. */
  touch(queryId: number, expected?: number): Query;
  /** Frees the paths of images that are about to be put elsewhere: two of them may exchange their paths. */
  vacate(images: readonly ImageRecord[]): void;
};

const keyOf = (table: TableName, record: Record<string, unknown>): Key =>
  table === 'queryInstance' ? [Number(record['queryId']), Number(record['instanceId'])] : [Number(record['id'])];

/**
 * Runs `work` as one change that is on disk when this returns. @param subject what the event tells of; it is asked
 * after `work`, when the ids of new records are known. @throws AppError; then nothing was changed.
 */
export function change<T>(
  db: Db,
  actor: Actor,
  what: string,
  work: (writer: Writer) => T,
  subject: (result: T) => Subject,
): Change & { result: T } {
  return transact(db, () => {
    const entries = new Map<string, Entry>();
    const result = work(writerOf(db, entries));
    const eventId = addEvent(db, { ...actorSchema.parse(actor), what, ...subject(result) });
    const done = [...entries.values()].filter(({ before, after }) => before !== undefined || after !== undefined);
    return { result, eventId, diff: diffOf(done, 'before', 'after'), inverse: diffOf(done, 'after', 'before') };
  });
}

/**
 * Applies a diff that a change or an earlier `applyDiff` answered: undo and redo. @param what 'undo' or 'redo'.
 * @throws AppError conflict when a query was changed since, or something else refers to what is removed; bad-request
 * when a record is not valid. Then nothing was changed.
 */
export function applyDiff(db: Db, diff: Diff, actor: Actor, what = 'undo'): Change {
  const { result: _, ...done } = change(
    db,
    actor,
    what,
    (writer) => {
      for (const { queryId, version } of diff.expect) expectVersion(find(db, 'query', queryId), queryId, version);
      for (const entry of diff.remove) {
        const { table, ...key } = entry;
        writer.remove(table, ...keyOf(table, key));
      }
      writer.vacate(diff.put.flatMap(({ table, record }) => (table === 'image' ? [record] : [])));
      for (const { table, record } of parentsFirst(diff.put)) writer.put(table, record);
    },
    () => subjectOf(diff),
  );
  return done;
}

function writerOf(db: Db, entries: Map<string, Entry>): Writer {
  const note = (table: TableName, key: Key): Entry => {
    const name = `${table} ${key.join(' ')}`;
    const known = entries.get(name);
    if (known) return known;
    const entry: Entry = { table, key, before: find(db, table, ...key), after: undefined };
    entries.set(name, entry);
    return entry;
  };
  const put: Writer['put'] = (table, record) => {
    const valid = fitted(db, table, parse(table, record));
    const entry = note(table, keyOf(table, valid as Record<string, unknown>));
    write(db, table, valid);
    entry.after = valid;
    return valid;
  };
  return {
    put,
    remove(table, ...key) {
      note(table, key).after = undefined;
      erase(db, table, ...key);
    },
    touch(queryId, expected) {
      const query = need(db, 'query', queryId);
      if (expected !== undefined) expectVersion(query, queryId, expected);
      return put('query', { ...query, version: newVersion(db) });
    },
    vacate(images) {
      for (const { id, rootId, path } of images) {
        const elsewhere = 'SELECT 1 FROM image WHERE id = ? AND (root_id, path) <> (?, ?)';
        if (!get(db, elsewhere, id, rootId, path)) continue;
        note('image', [id]); // before it loses its path
        run(db, "UPDATE image SET path = '/' || id WHERE id = ?", id);
      }
    },
  };
}

/** A version that no query of this project has ever had. */
export function newVersion(db: Db): number {
  const next = "UPDATE counter SET value = value + 1 WHERE name = 'version' RETURNING value";
  return get<{ value: number }>(db, next)!.value;
}

function expectVersion(query: Query | undefined, queryId: number, expected: number | null): void {
  if ((query?.version ?? null) === expected) return;
  const what = query ? `was changed meanwhile ("${query.text}")` : 'was deleted meanwhile';
  throw new AppError('conflict', `Query ${queryId} ${expected === null ? 'exists already' : what}.`, {
    hint: 'Nothing was changed. Look at the query as it is now and do it again.',
  });
}

function parse<T extends TableName>(table: T, record: RecordOf<T>): RecordOf<T> {
  const parsed = recordSchemas[table].safeParse(record);
  if (parsed.success) return parsed.data as RecordOf<T>;
  const { path, message } = parsed.error.issues[0]!;
  throw new AppError('bad-request', `The ${table}'s ${path.join('.') || 'record'} does not fit: ${message}.`);
}

/** Masks are checked against their image, and their area and box are computed, whoever wrote them. */
function fitted<T extends TableName>(db: Db, table: T, record: RecordOf<T>): RecordOf<T> {
  if (table === 'instance') {
    const instance = record as RecordOf<'instance'>;
    return { ...instance, ...storedMask(instance.rle, need(db, 'image', instance.imageId)) } as RecordOf<T>;
  }
  if (table === 'proposal') {
    const proposal = record as RecordOf<'proposal'>;
    const image = need(db, 'image', need(db, 'query', proposal.queryId).imageId);
    return { ...proposal, ...storedMask(proposal.rle, image) } as RecordOf<T>;
  }
  return record;
}

const parentTables: readonly TableName[] = ['image', 'category', 'query'];

function parentsFirst(puts: readonly Put[]): Put[] {
  const place = ({ table }: Put) => (parentTables.indexOf(table) + parentTables.length + 1) % (parentTables.length + 1);
  return puts.toSorted((a, b) => place(a) - place(b));
}

function diffOf(entries: readonly Entry[], from: 'before' | 'after', to: 'before' | 'after'): Diff {
  const diff: Diff = { put: [], remove: [], expect: [] };
  for (const entry of entries) {
    const { table, key } = entry;
    const [id = 0, other = 0] = key;
    if (entry[to] !== undefined) diff.put.push({ table, record: entry[to] } as Put);
    else if (entry[from] !== undefined) {
      diff.remove.push(table === 'queryInstance' ? { table, queryId: id, instanceId: other } : { table, id });
    }
    if (table === 'query') {
      diff.expect.push({ queryId: id, version: (entry[from] as Query | undefined)?.version ?? null });
    }
  }
  return diff;
}

function subjectOf(diff: Diff): Subject {
  const query = diff.expect.length === 1 ? diff.expect[0]!.queryId : null;
  const image = diff.put.find(({ table }) => table === 'query')?.record as Query | undefined;
  return { queryId: query, imageId: image?.imageId ?? null };
}
