/**
 * @file Verdicts that come with the queries of another annotator's project. Each stays a record of its own, by whom and
 * when it was given; one of a person who has judged the same words here already is left, and told where it differs. What
 * all of them come to is worked out anew, by the rule of this project: so two people who validated copies of one
 * project agree, or disagree, as if they had worked in one. The status of a query stays as it is.
 */
import type { ReviewDraft } from '../contract/import.ts';
import { agrees, outcomeOf, type Review } from '../contract/review.ts';
import { newVersion } from './change.ts';
import { getProjectSetting } from './project-settings.ts';
import { need, newId, write } from './records.ts';
import { reviewsOf } from './review-outcome.ts';
import type { Db } from './statements.ts';

export type ImportedReviews = {
  readonly added: number;
  /** What of the verdicts a person should look at; null where there is nothing. */
  readonly conflict: string | null;
};

/**
 * Adds the verdicts to a query of the project, in a transaction of the caller's.
 * @param isNew the query came with them: its marks are what they came to under the rule of the other project.
 */
export function importReviews(
  db: Db,
  queryId: number,
  drafts: readonly ReviewDraft[],
  isNew: boolean,
): ImportedReviews {
  const here = reviewsOf(db, queryId);
  const fresh = drafts.filter((draft) => !here.some((own) => sameJudge(own, draft)));
  const differing = drafts.filter((draft) => here.some((own) => sameJudge(own, draft) && !agrees(own, draft)));
  const changed = differing.map(({ who }) => `${who} has another verdict there; the one here stays.`);
  if (fresh.length === 0) return { added: 0, conflict: changed.join(' ') || null };
  for (const draft of fresh) write(db, 'review', { ...draft, id: newId(db, 'review'), queryId });

  const query = need(db, 'query', queryId);
  const rule = getProjectSetting(db, 'reviewersPerQuery');
  const { state, clear, correct, who } = outcomeOf(reviewsOf(db, queryId), query.text, rule);
  // While verdicts are wanted, marks that were set here by hand stay.
  const marks = state === 'waiting' && !isNew ? {} : { clear, correct, reviewer: who ?? query.reviewer };
  write(db, 'query', { ...query, ...marks, version: newVersion(db) });
  if (state === 'disagreement') changed.push('Reviewers disagree: it waits for a third person.');
  if (state === 'failed' && query.status === 'accepted') changed.push(`${who} rejects it, and it stays accepted here.`);
  return { added: fresh.length, conflict: changed.join(' ') || null };
}

type Judged = Pick<Review, 'who' | 'text' | 'decides'>;

const sameJudge = (a: Judged, b: Judged): boolean => a.who === b.who && a.text === b.text && a.decides === b.decides;
