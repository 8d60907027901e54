/** @file The stage of writing queries as data: a decision shows at once, in the candidates and in the counts of the list. */
import { expect, test } from 'vitest';
import type { Candidate } from '../../src-main/contract/generate.ts';
import { emptyWriting, withDecided, withOpened } from '../../src-renderer/document/writing.ts';

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
