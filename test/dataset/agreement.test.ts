/** @file Kappa against cases worked out by hand. */
import { expect, test } from 'vitest';
import type { Review } from '../../src-main/contract/review.ts';
import { agreementOf, type Pair, pairsOfPeople } from '../../src-main/dataset/agreement.ts';

/** `both` yes, only the first, only the second, neither. */
type Counts = readonly [both: number, first: number, second: number, neither: number];

const pairs = ([both, first, second, neither]: Counts): Pair[] => [
  ...Array<Pair>(both).fill([true, true]),
  ...Array<Pair>(first).fill([true, false]),
  ...Array<Pair>(second).fill([false, true]),
  ...Array<Pair>(neither).fill([false, false]),
];

// By hand for the first: observed 35/50; yes 25/50 and 30/50, so by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5; (0.7 - 0.5) / 0.5.
test.each([
  [[20, 5, 10, 15], 0.7, 0.5, 0.4],
  [[45, 15, 25, 15], 0.6, 0.54, 0.06 / 0.46],
  [[25, 35, 5, 35], 0.6, 0.46, 0.14 / 0.54],
  [[10, 0, 0, 10], 1, 0.5, 1],
  [[0, 10, 10, 0], 0, 0.5, -1],
  [[81, 9, 9, 1], 0.82, 0.82, 0],
] as const)('%j: observed %f, by chance %f, kappa %f', (counts, observed, expected, kappa) => {
  const found = agreementOf(pairs(counts));
  expect(found.pairs).toBe(counts[0] + counts[1] + counts[2] + counts[3]);
  expect(found.observed).toBeCloseTo(observed, 12);
  expect(found.expected).toBeCloseTo(expected, 12);
  expect(found.kappa).toBeCloseTo(kappa, 12);
});

test('where both always say yes kappa says nothing, and without pairs there is no number', () => {
  expect(agreementOf(pairs([30, 0, 0, 0]))).toEqual({ pairs: 30, observed: 1, expected: 1, kappa: null });
  expect(agreementOf([])).toEqual({ pairs: 0, observed: null, expected: null, kappa: null });
});

test('kappa does not depend on who comes first', () => {
  const all = pairs([31, 4, 11, 17]);
  const swapped = all.map(([a, b]): Pair => [b, a]);
  expect(agreementOf(swapped)).toEqual(agreementOf(all));
});

let nextId = 1;
const says = (who: string, queryId: number, clear: boolean | null, correct: boolean | null, text = 'a'): Review => ({
  ...{ id: nextId++, queryId, who, at: 1, ms: 1, text, clear, correct, rejected: false, reason: '', decides: false },
});

test('answers are paired by query, text and person, whoever was first', () => {
  const found = pairsOfPeople([
    says('ben', 1, true, false),
    says('ann', 1, false, false),
    says('ann', 2, true, true),
    says('cid', 2, true, null),
    says('ann', 3, true, true),
    // Another wording is another question.
    says('ben', 3, false, false, 'b'),
  ]);
  expect(found).toEqual([
    { people: ['ann', 'ben'], clear: [[false, true]], correct: [[false, false]] },
    { people: ['ann', 'cid'], clear: [[true, true]], correct: [] },
  ]);
});
