/** @file The compact list of an import's drafts gives back what was put into it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InstanceDraft } from '../../src-main/contract/import.ts';
import { sources } from '../../src-main/contract/records.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { draftList } from '../../src-main/formats/draft-list.ts';

const rle = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.boolean()))
  .map(([width, height, bits]) =>
    encodeRle({ width, height, data: Uint8Array.from({ length: width * height }, () => Number(bits.next().value)) }),
  );
const count = fc.integer({ min: 0, max: 2 ** 28 });
const draft: fc.Arbitrary<InstanceDraft> = fc.record({
  imageId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  rle,
  area: count,
  bbox: fc.tuple(count, count, count, count),
  category: fc.option(fc.integer({ min: 0, max: 100_000 })),
  score: fc.option(fc.double({ noNaN: true })),
  source: fc.constantFrom(...sources),
  attributes: fc.oneof(fc.constant({}), fc.dictionary(fc.string(), fc.string())),
});

test('a list answers like an array of the same drafts, over the borders of its blocks', () => {
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1, maxLength: 30 }), (drafts) => {
      const list = draftList();
      const many = Array.from({ length: 9000 }, (_, k) => drafts[k % drafts.length]!);
      for (const [k, each] of many.entries()) if (list.push(each) !== k + 1) throw new Error('not the new length');
      expect(list.length).toBe(many.length);
      for (const k of [0, 4095, 4096, 8191, 8192, 8999, -1]) expect(list.at(k)).toEqual(many.at(k));
      for (const k of [9000, 12_288, -9001]) expect(list.at(k)).toBeUndefined();
      expect([...list].slice(-40)).toEqual(many.slice(-40));
    }),
    { numRuns: 20 },
  );
});

test('a mask of any length fits between short ones', () => {
  const counts = ['0'.repeat(5), '1'.repeat(3_000_000), '2'.repeat(7), '3'.repeat(1_048_576), '4'];
  const list = draftList();
  for (const text of counts) {
    list.push({
      ...{ imageId: 1, rle: { size: [1, 1], counts: text }, area: 1, bbox: [0, 0, 1, 1], category: null },
      ...{ score: null, source: 'import', attributes: {} },
    });
  }
  expect([...list].map((each) => each.rle.counts)).toEqual(counts);
});
