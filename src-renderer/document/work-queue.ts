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
} as const satisfies WorkQueue<Queued>;

/** Puts items behind those that are there; ones that are there already are left out. */
export function withItems<I extends Queued>(
  queue: WorkQueue<I>,
  items: readonly I[],
  left: number,
  now: number,
): WorkQueue<I> {
  const known = new Set(queue.items.map(({ query }) => query.id));
  const all = [...queue.items, ...items.filter(({ query }) => !known.has(query.id))];
  const cursor = items.at(-1)?.query.id ?? queue.cursor;
  const shownAt = queue.items.length === 0 ? now : queue.shownAt;
  return { ...queue, items: all, left, state: 'ready', failure: null, cursor, shownAt };
}

/** Goes on to the next; `decided` counts it off. */
export const withoutFirst = <I extends Queued>(queue: WorkQueue<I>, decided: boolean, now: number): WorkQueue<I> => ({
  ...queue,
  items: queue.items.slice(1),
  left: queue.left === null ? null : Math.max(0, queue.left - Number(decided)),
  shownAt: now,
});

/** Comes back to an item: it is worked on now. */
export const withFirst = <I extends Queued>(queue: WorkQueue<I>, item: I, now: number): WorkQueue<I> => ({
  ...queue,
  items: [item, ...queue.items.filter(({ query }) => query.id !== item.query.id)],
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

const keptSteps = 200;
export const withDone = <I extends Queued>(queue: WorkQueue<I>, done: Done): WorkQueue<I> => ({
  ...queue,
  done: [...queue.done, done].slice(-keptSteps),
});
