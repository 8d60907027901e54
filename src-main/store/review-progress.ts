/** @file How far validation is, and how far each person. */
import type { Review } from '../contract/review.ts';
import { countQueries, countQueued } from './review-queue.ts';
import { all, type Db, type Row } from './statements.ts';
import { toRecord } from './tables.ts';

/** A verdict that took longer counts as this long: the person was at lunch, not at the query. Milliseconds. */
export const longestMs = 120_000;

export type PersonProgress = {
  readonly who: string;
  /** Verdicts, also those on texts that were edited since. */
  readonly judged: number;
  /** Queries that wait for this person. */
  readonly left: number;
  /** Verdicts an hour of work; null without any time. */
  readonly perHour: number | null;
};

/** All who have judged, and `me`, by name. */
export function progressOfPeople(db: Db, me: string): PersonProgress[] {
  const rows = all<{ who: string; judged: number; ms: number }>(
    db,
    'SELECT who, count(*) AS judged, sum(min(ms, ?)) AS ms FROM review GROUP BY who ORDER BY who',
    longestMs,
  );
  const people = me === '' || rows.some(({ who }) => who === me) ? rows : [...rows, { who: me, judged: 0, ms: 0 }];
  return people.map(({ who, judged, ms }) => ({
    who,
    judged,
    left: countQueued(db, 'mine', who),
    perHour: ms > 0 ? (judged * 3_600_000) / ms : null,
  }));
}

/** Queries of the project by what validation has come to. Marks that were imported or set by hand count. */
export function countOutcomes(db: Db) {
  const passed = 'query.clear = 1 AND query.correct = 1';
  return {
    total: countQueries(db, 'TRUE'),
    passed: countQueries(db, `${passed} AND query.status <> 'rejected'`),
    failed: countQueries(db, `query.status = 'rejected' OR query.clear = 0 OR query.correct = 0`),
    disagreements: countQueued(db, 'disagreements', ''),
  };
}

/** Every verdict that does not decide between others, for measures of agreement. */
export const independentReviews = (db: Db): Review[] =>
  all<Row>(db, 'SELECT * FROM review WHERE decides = 0 ORDER BY query_id, text, id').map((row) =>
    toRecord('review', row),
  );
