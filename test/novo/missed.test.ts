import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { missedPieces } from '../../src-main/novo/missed.ts';
import { pixelsOf, rectangle, sam1 } from './scene.ts';

const frame = frameOf(1000, 1000, sam1);
const one = rectangle(20, 20, 80, 120);
const other = rectangle(120, 20, 180, 120);
const both = (...maps: Float32Array[]) => maps[0]!.map((_, k) => Math.max(...maps.map((map) => map[k]!)));
const pieces = (s: Float32Array, found: Float32Array, least = 0.3) => {
  const missed = missedPieces(s, found, frame, least);
  return pixelsOf(missed).length === 0 ? null : pixelsOf(missed);
};

test('a piece of S that hardly anything found is in comes back whole, with its logits', () => {
  const s = both(one, other);
  const edge = both(one, rectangle(170, 20, 190, 120)); // a sixth of the other
  expect(pieces(s, edge)).toEqual(pixelsOf(other));
  const missed = missedPieces(s, edge, frame, 0.3);
  const at = pixelsOf(other)[0]!;
  expect(missed[at]).toBe(s[at]);
});

test('a piece that was found in part is left to what was found', () => {
  expect(pieces(both(one, other), both(one, rectangle(150, 20, 180, 120)))).toBeNull();
});

test('crumbs, and a share of 0, bring nothing back', () => {
  expect(pieces(both(one, rectangle(200, 200, 207, 207)), one)).toBeNull();
  expect(pieces(both(one, other), one, 0)).toBeNull();
});
