/** @file A query as it is judged: its photo's record, its answer, and no opinion of anybody that must not be seen. */
import type { ReviewItem, ReviewQueueName } from '../contract/methods-review.ts';
import { linksOf } from '../store/instances.ts';
import { find, need } from '../store/records.ts';
import { reviewsOf } from '../store/review-outcome.ts';
import type { Db } from '../store/statements.ts';

/** @param who is going to judge it. @throws AppError not-found. */
export function reviewItem(db: Db, queryId: number, queue: ReviewQueueName, who: string): ReviewItem {
  const query = need(db, 'query', queryId);
  const reviews = reviewsOf(db, queryId);
  return {
    query,
    image: need(db, 'image', query.imageId),
    instances: linksOf(db, queryId).map(({ instanceId, rank }) => {
      const instance = need(db, 'instance', instanceId);
      return { ...instance, rank, category: categoryName(db, instance.categoryId) };
    }),
    mine: reviews.findLast((review) => review.who === who) ?? null,
    verdicts: queue === 'disagreements' ? reviews.filter(({ text }) => text === query.text) : [],
  };
}

export const categoryName = (db: Db, id: number | null): string | null =>
  id === null ? null : (find(db, 'category', id)?.name ?? null);
