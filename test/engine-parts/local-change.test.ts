/** @file A correction keeps to the parts of the change that its points mean. */
import { expect, test } from 'vitest';
import { decodeRle, encodeRle } from '../../src-main/contract/rle.ts';
import type { Point } from '../../src-main/contract/segmentation.ts';
import { changedAt } from '../../src-main/engine/local-change.ts';

/** Rows of text: # is inside. */
const mask = (...rows: string[]) =>
  encodeRle({
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (letter) => Number(letter === '#')),
  });
const rows = (rle: ReturnType<typeof mask>) => {
  const { width, height, data } = decodeRle(rle);
  return Array.from({ length: height }, (_, y) =>
    [...data.subarray(y * width, (y + 1) * width)].map((pixel) => (pixel ? '#' : '.')).join(''),
  );
};
const changed = (old: string[], next: string[], points: Point[]) =>
  rows(changedAt(mask(...old), mask(...next), points));

const old = ['##......', '##......', '........', '......##'];
const next = ['####....', '.#.#....', '....#..#', '.......#'];

test('what was added at a positive point is taken, with what touches it at a corner; all else stays', () => {
  expect(changed(old, next, [[2.5, 0.5, 1]])).toEqual(['####....', '##.#....', '....#...', '......##']);
  expect(changed(old, next, [[7.9, 2.2, 1]])).toEqual(['##......', '##......', '.......#', '......##']);
});

test('what was taken away at a negative point goes; several points are several parts', () => {
  expect(changed(old, next, [[0.5, 1.5, 0]])).toEqual(['##......', '.#......', '........', '......##']);
  const both: Point[] = [[0.5, 1.5, 0], [6.2, 3.9, 0], [7.5, 2.5, 1]]; // biome-ignore format: one line
  expect(changed(old, next, both)).toEqual(['##......', '.#......', '.......#', '.......#']);
});

test('a point that nothing of its kind was changed at leaves the new mask as it is', () => {
  expect(changed(old, next, [[2.5, 0.5, 0]])).toEqual(next);
  expect(changed(old, next, [[5.5, 1.5, 1]])).toEqual(next);
  expect(changed(old, old, [[0.5, 0.5, 1]])).toEqual(old);
  expect(changed(old, next, [])).toEqual(next);
});

test('whole columns, the first and the last pixel', () => {
  const full = ['####', '####'];
  expect(changed(['....', '....'], full, [[4, 2, 1]])).toEqual(full);
  expect(changed(full, ['....', '....'], [[0, 0, 0]])).toEqual(['....', '....']);
  expect(changed(['#...', '....'], ['#..#', '...#'], [[3.5, 1.5, 1]])).toEqual(['#..#', '...#']);
});
