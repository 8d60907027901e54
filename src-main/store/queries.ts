/**
 * @file Queries: what is asked of an image, and whether it has been answered.
 */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Actor, Query } from '../contract/records.ts';
import { change, newVersion, type Writer } from './change.ts';
import { need, newId, select } from './records.ts';
import { settleReviews } from './review-outcome.ts';
import { eraseInstance, settle } from './settle.ts';
import { all, type Db, get } from './statements.ts';

/** A new query: what is not said has the value of `blankQuery`. */
export type NewQuery = Pick<Query, 'imageId' | 'text'> & Partial<Omit<Query, 'id' | 'version'>>;

/** What an annotator or a reviewer may edit. */
export type QueryEdit = Partial<Omit<Query, 'id' | 'imageId' | 'version' | 'noTarget'>>;

/** What a new query is where nothing is said. */
export const blankQuery = {
  form: 'short',
  reasoningType: null,
  source: 'human',
  status: 'draft',
  noTarget: false,
  exhaustive: true,
  clear: null,
  correct: null,
  reviewer: null,
  note: '',
} as const satisfies Partial<Query>;

/** Queries of an image in the order they were added. */
export const queriesOf = (db: Db, imageId: number): Query[] => select(db, 'query', 'image_id = ? ORDER BY id', imageId);

/**
 * Texts of queries, those added last first, each once; without those that image `except` has. Looks at the last few
 * thousand queries only, so that it costs the same in a large project.
 */
export function recentTexts(db: Db, limit: number, except: number | null = null): string[] {
  return all<{ text: string }>(
    db,
    `SELECT text FROM (SELECT id, text FROM query ORDER BY id DESC LIMIT 5000)
     WHERE text NOT IN (SELECT text FROM query WHERE image_id IS ?)
     GROUP BY text ORDER BY max(id) DESC LIMIT ?`,
    except,
    limit,
  ).map(({ text }) => text);
}

/** The query of an image with this very text. */
export const queryWithText = (db: Db, imageId: number, text: string): Query | undefined =>
  select(db, 'query', 'image_id = ? AND text = ?', imageId, text)[0];

/**
 * A new version for a query that a person decides on: its reviewer is who decided last. @throws AppError conflict as
 * `touch`.
 */
export function review(writer: Writer, queryId: number, actor: Actor, version?: number): Query {
  const query = writer.touch(queryId, version);
  return actor.who ? writer.put('query', { ...query, reviewer: actor.who }) : query;
}

/** Adds queries; many at once are one change and one flush to the disk. */
export function addQueries(db: Db, queries: readonly NewQuery[], actor: Actor): Change & { result: Query[] } {
  return change(
    db,
    actor,
    'query.add',
    (writer) =>
      queries.map((query) => {
        need(db, 'image', query.imageId);
        return writer.put('query', { ...blankQuery, ...query, id: newId(db, 'query'), version: newVersion(db) });
      }),
    (added) => (added.length === 1 ? { queryId: added[0]!.id, imageId: added[0]!.imageId } : {}),
  );
}

/** Adds one query. @throws AppError not-found for the image, bad-request for the text. */
export function addQuery(db: Db, query: NewQuery, actor: Actor): Change & { result: Query } {
  const { result, ...done } = addQueries(db, [query], actor);
  return { ...done, result: result[0]! };
}

/** Edits that judge a query: who makes one is its reviewer. */
const judgements: readonly (keyof QueryEdit)[] = ['status', 'clear', 'correct', 'exhaustive'];

/**
 * Edits a query. The status `draft` takes back a rejection: then the status is what follows from its answer. Verdicts on
 * another text count no longer.
 * @param version the one that the editor has seen. @throws AppError conflict when it has changed since.
 */
export function editQuery(
  db: Db,
  queryId: number,
  edit: QueryEdit,
  actor: Actor,
  version?: number,
): Change & { result: Query } {
  return change(
    db,
    actor,
    'query.edit',
    (writer) => {
      const judged = judgements.some((field) => edit[field] !== undefined);
      const query = judged ? review(writer, queryId, actor, version) : writer.touch(queryId, version);
      writer.put('query', { ...query, ...edit });
      const isReworded = edit.text !== undefined && edit.text !== query.text;
      const edited = isReworded ? settleReviews(db, writer, queryId) : need(db, 'query', queryId);
      return edit.status === 'draft' ? settle(db, writer, queryId) : edited;
    },
    ({ imageId }) => ({ queryId, imageId }),
  );
}

/**
 * Says that nothing in the image matches (or, with `false`, takes that back): an accepted answer. What was still
 * proposed is rejected. @throws AppError conflict when the query has instances: somebody found something.
 */
export function setNoTarget(
  db: Db,
  queryId: number,
  noTarget: boolean,
  actor: Actor,
  version?: number,
): Change & { result: Query } {
  return change(
    db,
    actor,
    noTarget ? 'query.no-target' : 'query.target',
    (writer) => {
      const query = review(writer, queryId, actor, version);
      const instances = get<{ n: number }>(db, 'SELECT count(*) AS n FROM query_instance WHERE query_id = ?', queryId)!;
      if (noTarget && instances.n > 0) {
        throw new AppError('conflict', `"${query.text}" has ${instances.n} accepted instances.`, {
          hint: 'Delete them first, if nothing matches.',
        });
      }
      if (noTarget) {
        for (const proposal of select(db, 'proposal', "query_id = ? AND status = 'pending'", queryId)) {
          writer.put('proposal', { ...proposal, status: 'rejected' });
        }
      }
      writer.put('query', { ...query, noTarget });
      return settle(db, writer, queryId);
    },
    ({ imageId }) => ({ queryId, imageId }),
  );
}

/** Deletes a query with its runs, its proposals, and the instances that no other query has. */
export function deleteQuery(db: Db, queryId: number, actor: Actor, version?: number): Change & { result: Query } {
  return change(
    db,
    actor,
    'query.delete',
    (writer) => {
      const query = writer.touch(queryId, version);
      for (const { id } of select(db, 'proposal', 'query_id = ?', queryId)) writer.remove('proposal', id);
      for (const { id } of select(db, 'run', 'query_id = ?', queryId)) writer.remove('run', id);
      for (const { id } of select(db, 'review', 'query_id = ?', queryId)) writer.remove('review', id);
      for (const { instanceId } of select(db, 'queryInstance', 'query_id = ?', queryId)) {
        writer.remove('queryInstance', queryId, instanceId);
        const others = get(db, 'SELECT 1 FROM query_instance WHERE instance_id = ?', instanceId);
        if (!others) eraseInstance(db, writer, instanceId);
      }
      writer.remove('query', queryId);
      return query;
    },
    ({ imageId }) => ({ queryId, imageId }),
  );
}
