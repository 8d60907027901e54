/** @file The queue of alignment: filling it, keeping it as it is stored, going on. */
import type { AlignItem } from '../../src-main/contract/methods-align.ts';
import type { AlignState } from '../document/align.ts';
import { failureOf } from '../document/notices.ts';
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
import { later } from './queue.ts';
import { ahead, fetchPictures, watchItems, whenMissed } from './stage-queue.ts';

/** Nothing of a choice is left for the next query. */
export const untouched = { chosen: null, ordered: null, hover: null } as const;

export function setAlign({ store }: App, edit: (align: AlignState) => Partial<AlignState>): void {
  store.setState(({ align }) => ({ align: { ...align, ...edit(align) } }));
}

const setQueue = (app: App, edit: (queue: WorkQueue<AlignItem>) => WorkQueue<AlignItem>): void =>
  setAlign(app, ({ queue }) => ({ queue: edit(queue) }));

/** While the stage is on screen. Answers the function that leaves it. */
export function enterAlignment(app: App): () => void {
  const stale = new Set<number>();
  const stop = watchItems(app, {
    gone: (ids) => setQueue(app, (queue) => withoutQueries(queue, ids, performance.now())),
    stale: (ids) => {
      for (const id of ids) stale.add(id);
      later(app, 'alignment items', 200, () => {
        const wanted = [...stale];
        stale.clear();
        void readItems(app, wanted);
      });
    },
  });
  const idsOf = () => app.store.getState().align.queue.items.map(({ query }) => query.id);
  const missed = whenMissed(app, () => void readItems(app, idsOf()).then(() => countLeft(app)));
  const ids = idsOf();
  // What was shown when the stage was left is shown again, as it is now: its masks may have been mended meanwhile.
  if (ids.length === 0) void restart(app);
  else void readItems(app, ids);
  return () => {
    stop();
    missed();
  };
}

export async function restart(
  app: App,
  change: Partial<Pick<AlignState, 'name' | 'validatedOnly'>> = {},
): Promise<void> {
  setAlign(app, ({ queue }) => ({
    ...change,
    ...untouched,
    queue: { ...emptyQueue, generation: queue.generation + 1, done: queue.done },
  }));
  await fill(app);
}

/** Fetches what is missing of the items ahead; at the end of the list once more from its beginning, for those put off. */
export async function fill(app: App): Promise<void> {
  const { name, validatedOnly, queue } = app.store.getState().align;
  if (queue.items.length >= ahead || queue.state === 'loading') return;
  const { generation } = queue;
  const isCurrent = () => app.store.getState().align.queue.generation === generation;
  setQueue(app, (now) => ({ ...now, state: 'loading' }));
  try {
    const readAt = performance.now();
    const read = (after: number | null) =>
      app.host.call('align.queue', { queue: name, validatedOnly, after, limit: ahead });
    let answer = await read(queue.cursor);
    if (answer.items.length === 0 && queue.cursor !== null) answer = await read(null);
    if (!isCurrent()) return;
    const { items, left, notValidated, withoutCandidates } = answer;
    setAlign(app, (now) => ({
      notValidated,
      withoutCandidates,
      queue: withItems(now.queue, items, left, performance.now(), readAt),
    }));
    void fetchPictures(app, app.store.getState().align.queue.items);
  } catch (thrown) {
    if (isCurrent() && !isCancelled(thrown)) {
      setQueue(app, (now) => ({ ...now, state: 'failed', failure: failureOf(thrown) }));
    }
  }
}

/** How many wait, where that has not changed by going on. */
export async function countLeft(app: App): Promise<void> {
  const { name, validatedOnly } = app.store.getState().align;
  const input = { queue: name, validatedOnly, limit: 1 };
  const answer = await app.host.call('align.queue', input).catch(() => null);
  if (answer) setQueue(app, (now) => ({ ...now, left: answer.left }));
}

/** Goes on to the next query. @param decided: it does not wait any more. */
export const advance = (app: App, decided: boolean): void =>
  setAlign(app, ({ queue }) => ({ ...untouched, queue: withoutFirst(queue, decided, performance.now()) }));

/** Items as they are stored now. The one on screen stays, whatever was done to it elsewhere. */
export async function readItems(app: App, ids: readonly number[]): Promise<void> {
  for (const queryId of ids) {
    const { queue } = app.store.getState().align;
    const at = queue.items.findIndex(({ query }) => query.id === queryId);
    if (at < 0) continue;
    const item = await readItem(app, queryId);
    const isOver = item === null || (at > 0 && !waits(item));
    setQueue(app, (now) => (isOver ? withoutQueries(now, [queryId], performance.now()) : withFresh(now, item)));
  }
  await fill(app);
}

const waits = ({ query, answer }: AlignItem): boolean =>
  query.status === 'draft' || query.status === 'proposed' || (query.status === 'accepted' && answer.length > 1);

/** Null where it is gone. */
export async function readItem(app: App, queryId: number): Promise<AlignItem | null> {
  const answer = await app.host.call('align.read', { queryId }).catch(() => null);
  return answer?.item ?? null;
}
