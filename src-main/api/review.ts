/** @file Handlers of human validation. */
import type { ReviewProgress, reviewMethods } from '../contract/methods-review.ts';
import { outcomeOf } from '../contract/review.ts';
import { agreementOf, pairsOfPeople } from '../dataset/agreement.ts';
import { getProjectSetting } from '../store/project-settings.ts';
import { splitQuery } from '../store/query-split.ts';
import { need } from '../store/records.ts';
import { reviewsOf } from '../store/review-outcome.ts';
import { countOutcomes, independentReviews, progressOfPeople } from '../store/review-progress.ts';
import { countQueued, queuedQueries } from '../store/review-queue.ts';
import { addReview, setReviewersPerQuery } from '../store/reviews.ts';
import type { Db } from '../store/statements.ts';
import { actorOf, changed } from './changed.ts';
import type { Handlers } from './dispatcher.ts';
import { reviewItem } from './review-item.ts';
import { openSession, type Services } from './services.ts';

export function reviewHandlers(services: Services): Pick<Handlers, keyof typeof reviewMethods> {
  const open = () => {
    const session = openSession(services);
    return { session, db: session.project.db };
  };
  const me = () => (actorOf(services).who ?? '').trim();
  return {
    'review.queue': async ({ queue, after, limit }) => {
      const { db } = open();
      const ids = queuedQueries(db, queue, me(), { after, limit });
      return { items: ids.map((id) => reviewItem(db, id, queue, me())), left: countQueued(db, queue, me()) };
    },
    'review.read': async ({ queryId, queue }) => ({ item: reviewItem(open().db, queryId, queue, me()) }),
    'review.add': async ({ cost, ...verdict }) => {
      const { session, db } = open();
      const { result: _, ...change } = addReview(db, verdict, actorOf(services, cost));
      const told = changed(services, session, change);
      const { text } = need(db, 'query', verdict.queryId);
      const needed = getProjectSetting(db, 'reviewersPerQuery');
      return { changed: told, outcome: outcomeOf(reviewsOf(db, verdict.queryId), text, needed).state };
    },
    'query.split': async ({ queryId, version, parts, cost }) => {
      const { session, db } = open();
      const { result, ...change } = splitQuery(db, queryId, parts, actorOf(services, cost), version);
      return { changed: changed(services, session, change), queryIds: result.map(({ id }) => id) };
    },
    'review.progress': async () => progress(open().db, me()),
    'review.rule': async ({ reviewersPerQuery }) => {
      const { session, db } = open();
      const { result: _, ...change } = setReviewersPerQuery(db, reviewersPerQuery, actorOf(services));
      return { changed: changed(services, session, change) };
    },
  };
}

function progress(db: Db, me: string): ReviewProgress {
  const pairs = pairsOfPeople(independentReviews(db));
  const all = (of: 'clear' | 'correct') => agreementOf(pairs.flatMap((each) => each[of]));
  return {
    reviewersPerQuery: getProjectSetting(db, 'reviewersPerQuery'),
    queries: countOutcomes(db),
    people: progressOfPeople(db, me),
    agreement: {
      clear: all('clear'),
      correct: all('correct'),
      people: pairs.map(({ people: [a, b], clear, correct }) => ({
        people: [a, b],
        clear: agreementOf(clear),
        correct: agreementOf(correct),
      })),
    },
  };
}
