/** @file Queries that people have decided and what models answered to them, as an evaluation reads them. */
import type { AnsweringModel } from '../contract/methods-evaluate.ts';
import type { Instance, Query } from '../contract/records.ts';
import { select } from './records.ts';
import { type RunAnswer, runAnswerOf } from './run-answers.ts';
import { all, type Db, get, type Row } from './statements.ts';
import { toRecord } from './tables.ts';

const profile = "json_extract(run.prompts, '$.profile')";

export type AnsweredQueries = { readonly model: AnsweringModel; readonly queries: number; readonly lastAt: number };

/** Models that were asked accepted queries, those that were asked most first. */
export function modelsOfRuns(db: Db): AnsweredQueries[] {
  const rows = all<Row>(
    db,
    `SELECT run.pack, run.reasoner, ${profile} AS profile, count(DISTINCT run.query_id) AS queries, max(run.at) AS lastAt
     FROM run JOIN query ON query.id = run.query_id WHERE query.status = 'accepted'
     GROUP BY 1, 2, 3 ORDER BY queries DESC, lastAt DESC`,
  );
  const text = (value: unknown) => (value === null ? null : String(value));
  return rows.map((row) => ({
    model: { pack: String(row['pack']), reasoner: text(row['reasoner']), profile: text(row['profile']) },
    queries: Number(row['queries']),
    lastAt: Number(row['lastAt']),
  }));
}

/** The last run of a model for each accepted query, and the last of any model for the same query. */
export const lastRuns = (db: Db, { pack, reasoner, profile: name }: AnsweringModel) =>
  all<{ queryId: number; runId: number; newest: number }>(
    db,
    `SELECT run.query_id AS queryId, max(run.id) AS runId,
       (SELECT max(id) FROM run AS other WHERE other.query_id = run.query_id) AS newest
     FROM run JOIN query ON query.id = run.query_id
     WHERE query.status = 'accepted' AND run.pack = ? AND run.reasoner IS ? AND ${profile} IS ?
     GROUP BY run.query_id`,
    pack,
    reasoner,
    name,
  );

/**
 * All that a model answered in a run. An older run kept its proposals only: they are all of its answer where no other run
 * came after it, which removes those that nobody decided, and where the query had none of them already.
 * @param isNewest whether the run is the last of its query. null: some of the answer may be missing.
 */
export function wholeAnswer(db: Db, runId: number, isNewest: boolean): RunAnswer | null {
  const kept = runAnswerOf(db, runId);
  if (kept) return kept;
  const duplicates = "SELECT json_extract(prompts, '$.duplicates') AS n FROM run WHERE id = ?";
  if (!isNewest || Number(get<Row>(db, duplicates, runId)?.['n'] ?? 0) > 0) return null;
  const proposals = select(db, 'proposal', 'run_id = ? ORDER BY id', runId);
  return { semantic: null, refined: null, instances: proposals.map(({ rle, score }) => ({ rle, score })) };
}

/** How many queries are accepted, and how many of them say that nothing matches. */
export function countAccepted(db: Db): { accepted: number; noTarget: number } {
  const counts =
    "SELECT count(*) AS accepted, coalesce(sum(no_target), 0) AS noTarget FROM query WHERE status = 'accepted'";
  return get<{ accepted: number; noTarget: number }>(db, counts)!;
}

/** Accepted queries after `last`, in the order of their ids. */
export const acceptedAfter = (db: Db, last: number, limit: number): Query[] =>
  select(db, 'query', "status = 'accepted' AND id > ? ORDER BY id LIMIT ?", last, limit);

/** What a query's answer is made of, without its masks. */
export const targetsOfQuery = (db: Db, queryId: number) =>
  all<{ area: number; category: string | null; supercategory: string | null }>(
    db,
    `SELECT instance.area, category.name AS category, category.supercategory FROM query_instance AS link
     JOIN instance ON instance.id = link.instance_id LEFT JOIN category ON category.id = instance.category_id
     WHERE link.query_id = ? ORDER BY instance.id`,
    queryId,
  );

/** The masks of a query's answer. */
export const answerOfQuery = (db: Db, queryId: number): Instance[] =>
  all<Row>(
    db,
    `SELECT instance.* FROM query_instance AS link JOIN instance ON instance.id = link.instance_id
     WHERE link.query_id = ? ORDER BY instance.id`,
    queryId,
  ).map((row) => toRecord('instance', row));
