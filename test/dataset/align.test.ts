/** @file Masks ranked by Eq. 8 on masks that can be counted by hand: 8 x 6 pixels, pieces of the top row. */
import { expect, test } from 'vitest';
import { asksForOrder, type MaskToAlign, rankMasks, referenceMask } from '../../src-main/dataset/align.ts';
import { row } from '../store/helper.ts';

const mask = (id: number, x0: number, x1: number): MaskToAlign => ({ id, rle: row(x0, x1), area: x1 - x0 });

test('Eq. 8: the part of a mask that lies in the reference, best first', () => {
  const reference = row(0, 4);
  // 0..4 lies in it whole, 3..7 by one pixel of four, 2..5 by two of three, 5..8 not at all.
  const ranked = rankMasks([mask(1, 5, 8), mask(2, 3, 7), mask(3, 2, 5), mask(4, 0, 4)], [], reference);
  expect(ranked.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  expect(ranked.map(({ overlap }) => overlap)).toEqual([1, 2 / 3, 1 / 4, 0]);
});

test('of two that lie in it whole the larger comes first; a reference inside a mask is no full overlap', () => {
  const ranked = rankMasks([mask(1, 0, 1), mask(2, 0, 3), mask(3, 0, 8)], [], row(0, 4));
  expect(ranked.map(({ id, overlap }) => [id, overlap])).toEqual([
    [2, 1],
    [1, 1],
    [3, 0.5],
  ]);
});

test('a small thing that lies on the answer is a part of it and comes after it', () => {
  // 0..4 and 5..8 make the answer; 1..3 lies on the first.
  const ranked = rankMasks(
    [mask(1, 1, 3), mask(2, 0, 4), mask(3, 5, 8)],
    [],
    referenceMask(null, [row(0, 4), row(5, 8)]),
  );
  expect(ranked.map(({ id, overlap, adds }) => [id, overlap, adds])).toEqual([
    [2, 1, 1],
    [3, 1, 1],
    [1, 1, 0],
  ]);
});

test('a proposal whose thing is annotated comes last and says which it is; another one competes', () => {
  const ranked = rankMasks(
    [mask(1, 0, 4)],
    [mask(7, 0, 3), mask(8, 5, 8)],
    referenceMask(null, [row(0, 3), row(5, 8)]),
  );
  expect(ranked.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['proposal 8', 'instance 1', 'proposal 7']);
  expect(ranked[2]!.coveredBy).toEqual({ instanceId: 1, iou: 0.75 });
  expect(ranked[1]).toMatchObject({ overlap: 0.75, coveredBy: null });
});

test('a proposal of several annotated things does not take their place', () => {
  const instances = [mask(1, 0, 2), mask(2, 2, 4), mask(3, 4, 6)];
  const ranked = rankMasks(instances, [mask(9, 0, 6), mask(8, 6, 8)], row(0, 8));
  const own = ranked.filter(({ adds }) => (adds ?? 0) > 0.5);
  expect(own.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['instance 1', 'instance 2', 'instance 3', 'proposal 8']);
});

test('the semantic mask of the run is the reference where it is kept; without any, size decides', () => {
  expect(referenceMask(row(0, 2), [row(4, 6)])).toEqual(row(0, 2));
  expect(referenceMask(null, [row(0, 2), row(4, 6)])!.counts).not.toBe(row(0, 2).counts);
  expect(referenceMask(null, [])).toBeNull();
  const ranked = rankMasks([mask(1, 0, 2), mask(2, 2, 7)], [], null);
  expect(ranked.map(({ id, overlap }) => [id, overlap])).toEqual([
    [2, null],
    [1, null],
  ]);
});

test.each([
  'find the fruits with the highest vitamin content in order',
  'rank the people by how soon they will be served',
  'which books, from the oldest to the newest?',
  'the kites sorted by height',
  'Look at the cups. Sort them by how full they are.',
  'Please rank who waits, from left to right.',
])('asks for an order: %s', (text) => expect(asksForOrder(text)).toBe(true));

test.each([
  'what could one sit on?',
  'which machine is out of order?',
  'who orders a drink?',
  'the person from the left',
  'the book in the middle',
  'What sort of tool opens this?',
  'which is the largest of its sort?',
  'What would she climb on in order to reach the shelf?',
  'the visitor from the left who wants to cross the street',
])('asks for none: %s', (text) => expect(asksForOrder(text)).toBe(false));
