/** @file The stage of writing queries as data: a decision shows at once, in the candidates and in the counts of the list. */
import { expect, test } from 'vitest';
import type { Candidate, Generation } from '../../src-main/contract/generate.ts';
import {
  emptyWriting,
  withDecided,
  withGeneration,
  withOpened,
  withRead,
} from '../../src-renderer/document/writing.ts';

const candidate = (id: number, state: Candidate['state'] = 'new'): Candidate => ({
  ...{ id, imageId: 5, requestId: 1, text: `candidate ${id}`, original: `candidate ${id}`, form: 'long' },
  ...{ reasoningType: null, targets: [], flags: [], state, queryId: null },
});
const row = (id: number) => ({ id, path: `${id}.jpg`, width: 8, height: 6, new: 2, kept: 0, dropped: 0, queries: 0 });
const opened = withOpened(
  { ...emptyWriting, images: [row(4), row(5)] },
  { image: row(5), candidates: [candidate(1), candidate(2)], boxes: [], captions: [], queries: [] },
  0,
);

test('a candidate that was kept no longer waits, and the row of its image says so', () => {
  const { open, images } = withDecided(opened, candidate(1, 'kept'));
  expect(open?.candidates.map(({ state }) => state)).toEqual(['kept', 'new']);
  expect(images).toEqual([row(4), { ...row(5), new: 1, kept: 1 }]);
});

test('one of an image that is no longer open changes nothing', () => {
  expect(withDecided(opened, candidate(9, 'dropped'))).toBe(opened);
  expect(withDecided(emptyWriting, candidate(1, 'kept'))).toBe(emptyWriting);
});

const job = (id: number, answered: number) => ({ id, answered }) as Generation;

test('jobs are newest first, each as it was heard of last', () => {
  const jobs = withGeneration(withGeneration([job(1, 0)], job(2, 0)), job(1, 4));
  expect(jobs).toEqual([job(2, 0), job(1, 4)]);
});

test('an event that overtakes the answer of a read is newer than it; of the other jobs what was read counts', () => {
  const before = [job(2, 3), job(1, 1)];
  const now = withGeneration(before, job(2, 4));
  expect(withRead([job(3, 0), job(2, 3), job(1, 2)], before, now)).toEqual([job(3, 0), job(2, 4), job(1, 2)]);
  // A job that began and was heard of after the list had been read.
  expect(withRead([job(2, 3), job(1, 2)], before, withGeneration(before, job(3, 1)))).toEqual([
    job(3, 1),
    job(2, 3),
    job(1, 2),
  ]);
});
