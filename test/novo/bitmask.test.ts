import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { addTo, type Bits, bitsAbove, common, hasBit } from '../../src-main/novo/bitmask.ts';
import { sam1 } from './scene.ts';

const areaOf = (bits: Bits) => common(bits, bits);
const frame = frameOf(1000, 750, sam1); // 192 of 256 rows show the image
const map = fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 40 }).map((on) => {
  const values = new Float32Array(65_536).fill(-1);
  for (const k of on) values[k] = 1;
  return values;
});
const onImage = (values: Float32Array) => [...values.keys()].filter((k) => values[k]! > 0 && k < 192 * 256);

test('bits are the pixels above the level, without the padding', () => {
  fc.assert(
    fc.property(map, map, (a, b) => {
      const [inA, inB] = [onImage(a), onImage(b)];
      const [bitsA, bitsB] = [bitsAbove(a, frame), bitsAbove(b, frame)];
      expect(areaOf(bitsA)).toBe(inA.length);
      expect(inA.every((k) => hasBit(bitsA, k))).toBe(true);
      expect(common(bitsA, bitsB)).toBe(inA.filter((k) => b[k]! > 0).length);
      addTo(bitsA, bitsB);
      expect(areaOf(bitsA)).toBe(new Set([...inA, ...inB]).size);
    }),
    { numRuns: 50 },
  );
});

test('the level itself is outside; all 32 bits of a word count', () => {
  const full = new Float32Array(65_536).fill(3);
  expect(areaOf(bitsAbove(full, frame, 3))).toBe(0);
  expect(areaOf(bitsAbove(full, frame, 2))).toBe(192 * 256);
  expect(hasBit(bitsAbove(full, frame, 2), 31)).toBe(true);
});
