/** @file The outcome of validation, written to the query whenever its verdicts or its text have changed. */
import type { Query } from '../contract/records.ts';
import { outcomeOf, passes, type Review } from '../contract/review.ts';
import type { Writer } from './change.ts';
import { getProjectSetting } from './project-settings.ts';
import { need, select } from './records.ts';
import { settle } from './settle.ts';
import type { Db } from './statements.ts';

/** Verdicts on a query in the order they were given, here or in another project, also those on earlier texts of it. */
export const reviewsOf = (db: Db, queryId: number): Review[] =>
  select(db, 'review', 'query_id = ? ORDER BY at, id', queryId);

/**
 * Writes the outcome to a query that was touched in this change: marks and reviewer, and the status `rejected` where it has
 * failed. Verdicts that no longer come to anything (an edited text, one taken back) take their rejection with them. A query
 * without any verdict is left alone: its marks were set by hand or imported.
 */
export function settleReviews(db: Db, writer: Writer, queryId: number): Query {
  const query = need(db, 'query', queryId);
  const reviews = reviewsOf(db, queryId);
  if (reviews.length === 0) return query;
  const { state, clear, correct, who } = outcomeOf(reviews, query.text, getProjectSetting(db, 'reviewersPerQuery'));
  const marked = { ...query, clear, correct, reviewer: who ?? query.reviewer };
  if (state === 'failed') return writer.put('query', { ...marked, status: 'rejected' });
  const wasFailed = query.status === 'rejected' && reviews.some((review) => !passes(review));
  writer.put('query', wasFailed ? { ...marked, status: 'draft' } : marked);
  return wasFailed ? settle(db, writer, queryId) : need(db, 'query', queryId);
}
