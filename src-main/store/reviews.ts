/** @file Human validation: verdicts of people on queries. Each is one change, and one step of undo. */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Actor } from '../contract/records.ts';
import type { Review } from '../contract/review.ts';
import { change } from './change.ts';
import { getProjectSetting, type ProjectSettings, setProjectSetting } from './project-settings.ts';
import { newId, select } from './records.ts';
import { settleReviews } from './review-outcome.ts';
import { all, type Db } from './statements.ts';

export type NewReview = Pick<Review, 'queryId' | 'text' | 'clear' | 'correct'> &
  Partial<Pick<Review, 'rejected' | 'reason' | 'decides'>>;

/**
 * Adds the verdict of `actor.who` on a query, in place of the one that they gave on the same text before.
 * @throws AppError conflict when the query has another text by now, bad-request without a name, or without an answer to
 * both questions where the query is not rejected outright.
 */
export function addReview(db: Db, given: NewReview, actor: Actor): Change & { result: Review } {
  const { rejected = false, reason = '', decides = false, ...verdict } = given;
  const who = reviewerOf(actor);
  if (!rejected && (verdict.clear === null || verdict.correct === null)) {
    throw new AppError('bad-request', 'A verdict answers both questions: is it clear, is it correct.', {
      hint: 'Answer both, or reject the query with a reason.',
    });
  }
  const { result, ...done } = change(
    db,
    actor,
    decides ? 'review.decide' : 'review.add',
    (writer) => {
      const query = writer.touch(verdict.queryId);
      if (query.text !== verdict.text) {
        throw new AppError('conflict', `The text was changed meanwhile: it is "${query.text}" now.`, {
          hint: 'Your verdict was not stored. Judge the new text.',
        });
      }
      const mine = 'query_id = ? AND who = ? AND text = ? AND decides = ?';
      for (const { id } of select(db, 'review', mine, query.id, who, query.text, Number(decides))) {
        writer.remove('review', id);
      }
      const review = writer.put('review', {
        ...verdict,
        id: newId(db, 'review'),
        who,
        at: Date.now(),
        ms: actor.ms ?? 0,
        rejected,
        reason: reason.trim(),
        decides,
      });
      const { imageId } = settleReviews(db, writer, query.id);
      return { review, imageId };
    },
    ({ imageId }) => ({ imageId, queryId: verdict.queryId }),
  );
  return { ...done, result: result.review };
}

/** Who judges. @throws AppError bad-request without a name: two reviewers could not be told apart. */
export function reviewerOf({ who = '' }: Actor): string {
  const name = who.trim();
  if (name !== '') return name;
  throw new AppError('bad-request', 'Who reviews is not known.', {
    hint: 'Write your name in the settings: verdicts carry it, and nobody judges a query twice.',
  });
}

/**
 * How many people must judge a query; outcomes of all queries with verdicts follow. One change, which belongs to no image.
 */
export function setReviewersPerQuery(
  db: Db,
  count: ProjectSettings['reviewersPerQuery'],
  actor: Actor,
): Change & { result: number } {
  return change(
    db,
    actor,
    'review.rule',
    (writer) => {
      if (count === getProjectSetting(db, 'reviewersPerQuery')) return 0;
      setProjectSetting(db, 'reviewersPerQuery', count);
      const judged = all<{ id: number }>(db, 'SELECT DISTINCT query_id AS id FROM review ORDER BY id');
      for (const { id } of judged) {
        writer.touch(id);
        settleReviews(db, writer, id);
      }
      return judged.length;
    },
    () => ({}),
  );
}
