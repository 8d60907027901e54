/** @file The answers to several similarity maps of one query become one. */
import { expect, test } from 'vitest';
import type { Rle } from '../../src-main/contract/mask.ts';
import { rleArea, rleOf } from '../../src-main/contract/rle.ts';
import { maskToRuns } from '../../src-main/contract/runs.ts';
import { uniteResults } from '../../src-main/novo/unite.ts';

/** Columns `from` to `to` of a 10 x 10 image. */
function columns(from: number, to: number): Rle {
  const data = Uint8Array.from({ length: 100 }, (_, k) => Number(k % 10 >= from && k % 10 < to));
  return rleOf(maskToRuns({ width: 10, height: 10, data }), 10, 10);
}
const result = (mask: Rle, instances: [mask: Rle, score: number][]) => ({
  semantic: mask,
  refined: mask,
  instances: instances.map(([segmentation, score]) => ({ segmentation, score })),
  segmentMs: 1,
  refineMs: 2,
});

test('masks are united, times added, instances by score under the label of their map', () => {
  const book = result(columns(0, 3), [[columns(0, 3), 0.5]]);
  const map = result(columns(2, 6), [[columns(2, 6), 0.9]]);
  const united = uniteResults([book, map], ['the book', '']);
  expect([rleArea(united.semantic), rleArea(united.refined)]).toEqual([60, 60]);
  expect(united.instances.map(({ label, score }) => [label, score])).toEqual([
    [undefined, 0.9],
    ['the book', 0.5],
  ]);
  expect([united.segmentMs, united.refineMs]).toEqual([2, 4]);
});

test('a thing that two maps show is one instance, the better one; a part of it stays', () => {
  const first = result(columns(0, 9), [[columns(0, 9), 0.5]]);
  const second = result(columns(0, 10), [
    [columns(0, 10), 0.8],
    [columns(0, 5), 0.3],
  ]);
  const { instances } = uniteResults([first, second], ['a', 'b']);
  expect(instances.map(({ label, score }) => [label, score])).toEqual([
    ['b', 0.8],
    ['b', 0.3],
  ]);
});
