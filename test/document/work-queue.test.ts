/** @file Queues of queries that are decided one after another: what a list that was read too early may not bring back. */
import { expect, test } from 'vitest';
import type { ImageRecord, Query } from '../../src-main/contract/records.ts';
import {
  emptyQueue,
  type Queued,
  type WorkQueue,
  withDone,
  withFirst,
  withItems,
  withoutFirst,
} from '../../src-renderer/document/work-queue.ts';

const item = (id: number): Queued => ({ query: { id } as Query, image: { id: 1 } as ImageRecord });
const ids = (queue: WorkQueue<Queued>) => queue.items.map(({ query }) => query.id);
const done = (queryId: number) => ({ queryId, imageId: 1, seq: 1, what: 'your verdict' });
const filled = withItems<Queued>(emptyQueue, [item(1), item(2), item(3)], 3, 0, 0);

test('a query that is being stored does not come again with a list that was read meanwhile', () => {
  const decided = withoutFirst(filled, true, 10);
  expect([ids(decided), decided.left]).toEqual([[2, 3], 2]);
  const refilled = withItems(decided, [item(1), item(4)], 4, 30, 12);
  expect([ids(refilled), refilled.left]).toEqual([[2, 3, 4], 3]);
});

test('nor with one that was read before it was stored and comes after; one that is read later has the last word', () => {
  const stored = withDone(withoutFirst(filled, true, 10), done(1), 20);
  expect(ids(withItems(stored, [item(1)], 3, 30, 15))).toEqual([2, 3]);
  // Its text was changed elsewhere, and it waits again.
  expect(ids(withItems(stored, [item(1)], 3, 40, 25))).toEqual([2, 3, 1]);
});

test('put off, it comes again; taken back, it is in front, and may come again when it is decided anew', () => {
  expect(ids(withItems(withoutFirst(filled, false, 10), [item(1)], 3, 20, 15))).toEqual([2, 3, 1]);
  const back = withFirst(withoutFirst(filled, true, 10), item(1), 20);
  expect(ids(back)).toEqual([1, 2, 3]);
  expect(back.decided).toEqual([]);
});
