/** @file The queue of validation: filling it, keeping it as it is stored, going on. */
import type { ReviewItem, ReviewQueueName } from '../../src-main/contract/methods-review.ts';
import { failureOf } from '../document/notices.ts';
import { isSettled, noMarks, type ReviewState } from '../document/review.ts';
import {
  emptyQueue,
  type WorkQueue,
  withFresh,
  withItems,
  withoutFirst,
  withoutQueries,
} from '../document/work-queue.ts';
import { isCancelled } from '../host/error.ts';
import type { App } from './app.ts';
import { later, soon } from './queue.ts';
import { flushSettings } from './settings.ts';
import { ahead, fetchPictures, watchItems, whenMissed } from './stage-queue.ts';

export function setReview({ store }: App, edit: (review: ReviewState) => Partial<ReviewState>): void {
  store.setState(({ review }) => ({ review: { ...review, ...edit(review) } }));
}

const setQueue = (app: App, edit: (queue: WorkQueue<ReviewItem>) => WorkQueue<ReviewItem>): void =>
  setReview(app, ({ queue }) => ({ queue: edit(queue) }));

/** While the stage is on screen. Answers the function that leaves it. */
export function enterValidation(app: App): () => void {
  const stale = new Set<number>();
  const stop = watchItems(app, {
    gone: (ids) => setQueue(app, (queue) => withoutQueries(queue, ids, performance.now())),
    stale: (ids) => {
      for (const id of ids) stale.add(id);
      // Not at once: what this page has decided leaves the queue by itself.
      later(app, 'validation items', 200, () => {
        const wanted = [...stale];
        stale.clear();
        void readItems(app, wanted);
      });
      readProgressSoon(app);
    },
  });
  const missed = whenMissed(app, () => {
    void readItems(app, idsOf(app)).then(() => countLeft(app));
    void readProgress(app);
  });
  const { queue, who } = app.store.getState().review;
  // The application must know the name before it says what waits for it.
  if (queue.items.length === 0 || who !== reviewerOf(app)) void flushSettings(app).then(() => restart(app));
  else void readItems(app, idsOf(app));
  void readProgress(app);
  return () => {
    stop();
    missed();
  };
}

const idsOf = ({ store }: App) => store.getState().review.queue.items.map(({ query }) => query.id);

const reviewerOf = ({ store }: App) => store.getState().settings.reviewer.trim();

/** Begins anew, with another queue or another reviewer. */
export async function restart(app: App, name?: ReviewQueueName): Promise<void> {
  setReview(app, (review) => ({
    name: name ?? review.name,
    who: reviewerOf(app),
    marks: noMarks,
    form: null,
    queue: {
      ...emptyQueue,
      generation: review.queue.generation + 1,
      done: review.who === reviewerOf(app) ? review.queue.done : [],
    },
  }));
  await fill(app);
}

/** Fetches what is missing of the items ahead; at the end of the list once more from its beginning, for those put off. */
export async function fill(app: App): Promise<void> {
  const { name, queue } = app.store.getState().review;
  const missing = ahead - queue.items.length;
  if (missing <= 0 || queue.state === 'loading') return;
  const { generation } = queue;
  const isCurrent = () => app.store.getState().review.queue.generation === generation;
  setQueue(app, (now) => ({ ...now, state: 'loading' }));
  try {
    const readAt = performance.now();
    const read = (after: number | null) => app.host.call('review.queue', { queue: name, after, limit: ahead });
    let answer = await read(queue.cursor);
    if (answer.items.length === 0 && queue.cursor !== null) answer = await read(null);
    if (!isCurrent()) return;
    setQueue(app, (now) => withItems(now, answer.items, answer.left, performance.now(), readAt));
    void fetchPictures(app, app.store.getState().review.queue.items);
  } catch (thrown) {
    if (isCurrent() && !isCancelled(thrown)) {
      setQueue(app, (now) => ({ ...now, state: 'failed', failure: failureOf(thrown) }));
    }
  }
}

/** How many wait, where that has not changed by going on. */
export async function countLeft(app: App): Promise<void> {
  const { name } = app.store.getState().review;
  const answer = await app.host.call('review.queue', { queue: name, limit: 1 }).catch(() => null);
  if (answer) setQueue(app, (now) => ({ ...now, left: answer.left }));
}

/** Goes on to the next query. @param decided: it does not wait any more. */
export const advance = (app: App, decided: boolean): void =>
  setReview(app, ({ queue }) => ({
    queue: withoutFirst(queue, decided, performance.now()),
    marks: noMarks,
    form: null,
  }));

/** Items as they are stored now; those that were settled meanwhile leave the queue. */
export async function readItems(app: App, ids: readonly number[]): Promise<void> {
  for (const queryId of ids) {
    const { queue, name } = app.store.getState().review;
    if (!queue.items.some(({ query }) => query.id === queryId)) continue;
    const item = await readItem(app, queryId);
    const isOver = item === null || (isSettled(item.query) && name === 'mine');
    setQueue(app, (now) => (isOver ? withoutQueries(now, [queryId], performance.now()) : withFresh(now, item)));
  }
  await fill(app);
}

/** Null where it is gone. */
export async function readItem(app: App, queryId: number): Promise<ReviewItem | null> {
  const { name } = app.store.getState().review;
  const answer = await app.host.call('review.read', { queryId, queue: name }).catch(() => null);
  return answer?.item ?? null;
}

export async function readProgress(app: App): Promise<void> {
  const progress = await app.host.call('review.progress', {}).catch(() => null);
  if (progress) setReview(app, () => ({ progress }));
}

export const readProgressSoon = (app: App): void =>
  soon(app, 'validation progress', 1500, () => void readProgress(app));
