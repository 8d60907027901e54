/**
 * @file Queries that are decided one after another: the first is worked on, those behind it were fetched ahead so that the
 * next one is there at once. Pure; the same for validation and for alignment.
 */
import type { ImageRecord, Query } from '../../src-main/contract/records.ts';
import type { Failure } from './state.ts';

export type Queued = { readonly query: Query; readonly image: ImageRecord };

/** Something that was done in a stage and can be taken back there. */
export type Done = {
  readonly queryId: number;
  readonly imageId: number;
  /** Number of the change: only the last one of an image can be taken back. */
  readonly seq: number;
  /** For people: "your verdict". */
  readonly what: string;
};

export type WorkQueue<I extends Queued> = {
  readonly items: readonly I[];
  /** How many wait, these included; null until the first answer. */
  readonly left: number | null;
  readonly state: 'idle' | 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  /** The last query that was fetched: what follows comes after it. */
  readonly cursor: number | null;
  /** Counts fresh starts: late answers of an earlier one are dropped. */
  readonly generation: number;
  /** When the first item came on screen (`performance.now()`). */
  readonly shownAt: number;
  /** Newest last. */
  readonly done: readonly Done[];
  /**
   * Queries that were counted off here, newest last, and when the application said that this is stored
   * (`performance.now()`; null before). A list that was read earlier still has them.
   */
  readonly decided: readonly { readonly queryId: number; readonly storedAt: number | null }[];
};

export const emptyQueue = {
  items: [],
  left: null,
  state: 'idle',
  failure: null,
  cursor: null,
  generation: 0,
  shownAt: 0,
  done: [],
  decided: [],
} as const satisfies WorkQueue<Queued>;

/**
 * Puts items behind those that are there; ones that are there already are left out, and ones that were decided here but
 * not yet stored when the list was read.
 * @param readAt when the list was asked for (`performance.now()`).
 */
export function withItems<I extends Queued>(
  queue: WorkQueue<I>,
  items: readonly I[],
  left: number,
  now: number,
  readAt: number,
): WorkQueue<I> {
  const known = new Set(queue.items.map(({ query }) => query.id));
  const late = new Set(
    queue.decided.flatMap(({ queryId, storedAt }) => (storedAt === null || storedAt > readAt ? [queryId] : [])),
  );
  const waiting = items.filter(({ query }) => !late.has(query.id));
  const all = [...queue.items, ...waiting.filter(({ query }) => !known.has(query.id))];
  const cursor = items.at(-1)?.query.id ?? queue.cursor;
  const shownAt = queue.items.length === 0 ? now : queue.shownAt;
  const stillLeft = Math.max(0, left - (items.length - waiting.length));
  return { ...queue, items: all, left: stillLeft, state: 'ready', failure: null, cursor, shownAt };
}

const keptSteps = 200;

/** Goes on to the next; `decided` counts it off. */
export function withoutFirst<I extends Queued>(queue: WorkQueue<I>, decided: boolean, now: number): WorkQueue<I> {
  const [first, ...items] = queue.items;
  const gone = { ...queue, items, shownAt: now };
  if (!decided || !first) return gone;
  const others = queue.decided.filter(({ queryId }) => queryId !== first.query.id);
  return {
    ...gone,
    left: queue.left === null ? null : Math.max(0, queue.left - 1),
    decided: [...others, { queryId: first.query.id, storedAt: null }].slice(-keptSteps),
  };
}

/** Comes back to an item: it is worked on now. */
export const withFirst = <I extends Queued>(queue: WorkQueue<I>, item: I, now: number): WorkQueue<I> => ({
  ...queue,
  items: [item, ...queue.items.filter(({ query }) => query.id !== item.query.id)],
  decided: queue.decided.filter(({ queryId }) => queryId !== item.query.id),
  state: 'ready',
  shownAt: now,
});

/** An item as it is stored now. */
export const withFresh = <I extends Queued>(queue: WorkQueue<I>, item: I): WorkQueue<I> => ({
  ...queue,
  items: queue.items.map((each) => (each.query.id === item.query.id ? item : each)),
});

/** Without queries that are gone or decided. */
export function withoutQueries<I extends Queued>(
  queue: WorkQueue<I>,
  ids: readonly number[],
  now: number,
): WorkQueue<I> {
  const items = queue.items.filter(({ query }) => !ids.includes(query.id));
  if (items.length === queue.items.length) return queue;
  return { ...queue, items, shownAt: items[0] === queue.items[0] ? queue.shownAt : now };
}

/** A step that is stored now. */
export const withDone = <I extends Queued>(queue: WorkQueue<I>, done: Done, now: number): WorkQueue<I> => ({
  ...queue,
  done: [...queue.done, done].slice(-keptSteps),
  decided: queue.decided.map((each) => (each.queryId === done.queryId ? { ...each, storedAt: now } : each)),
});
