/** @file A mask as a crop is the same mask: to runs and back, and traced. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle, rleOf, runsBox, runsOf } from '../../src-main/contract/rle.ts';
import { chipPlace } from '../../src-renderer/worker/chip-place.ts';
import { cropOfRuns, runsOfCrop } from '../../src-renderer/worker/crop.ts';

/** Masks whose pixels lie in a box, with that box; sparse ones and full ones. */
const masks = fc
  .record({ width: fc.integer({ min: 1, max: 14 }), height: fc.integer({ min: 1, max: 14 }) })
  .chain(({ width, height }) =>
    fc.record({
      x: fc.tuple(fc.integer({ min: 0, max: width - 1 }), fc.integer({ min: 1, max: width })),
      y: fc.tuple(fc.integer({ min: 0, max: height - 1 }), fc.integer({ min: 1, max: height })),
      values: fc.array(fc.constantFrom(0, 1, 1), { minLength: width * height, maxLength: width * height }),
      size: fc.constant({ width, height }),
    }),
  )
  .map(({ x: [x1, x2], y: [y1, y2], values, size: { width, height } }) => {
    const box = [x1, y1, Math.max(x1 + 1, x2), Math.max(y1 + 1, y2)] as const;
    const inside = (i: number) => {
      const [px, py] = [i % width, Math.floor(i / width)];
      return px >= box[0] && py >= box[1] && px < box[2] && py < box[3];
    };
    return { box, mask: { width, height, data: Uint8Array.from(values, (value, i) => (inside(i) ? value : 0)) } };
  });

const cut = ({ width, data }: Mask, [x1, y1, x2, y2]: readonly [number, number, number, number]) =>
  Uint8Array.from({ length: (x2 - x1) * (y2 - y1) }, (_, i) => {
    const columns = x2 - x1;
    return data[(y1 + Math.floor(i / columns)) * width + x1 + (i % columns)]!;
  });

test('the runs of a crop are the runs of the whole mask', () => {
  fc.assert(
    fc.property(masks, ({ mask, box }) => {
      const { width, height } = mask;
      expect(rleOf(runsOfCrop(cut(mask, box), box, width, height), height, width)).toEqual(encodeRle(mask));
    }),
    { numRuns: 500 },
  );
});

test('the crop of runs has the pixels of the box', () => {
  fc.assert(
    fc.property(masks, ({ mask, box }) => {
      expect(cropOfRuns(runsOf(encodeRle(mask)), mask.height, box).data).toEqual(cut(mask, box));
    }),
    { numRuns: 500 },
  );
});

test('a chip stands on its mask', () => {
  fc.assert(
    fc.property(masks, ({ mask }) => {
      fc.pre(mask.data.includes(1));
      const runs = runsOf(encodeRle(mask));
      const [x, y, width, height] = runsBox(runs, mask.height);
      const at = chipPlace(runs, mask.height, [x, y, x + width, y + height]);
      expect(mask.data[Math.floor(at.y) * mask.width + Math.floor(at.x)]).toBe(1);
    }),
  );
});

test('the chip of a bent mask stands in its broad part, and that of a square in its middle', () => {
  const data = new Uint8Array(40 * 40);
  for (let y = 5; y < 35; y++) data.fill(1, y * 40 + 5, y * 40 + 15); // the broad leg of an L
  for (let y = 32; y < 35; y++) data.fill(1, y * 40 + 5, y * 40 + 38);
  const place = chipPlace(runsOf(encodeRle({ width: 40, height: 40, data })), 40, [5, 5, 38, 35]);
  expect(place.x).toBeLessThan(15);
  const square = new Uint8Array(40 * 40);
  for (let y = 10; y < 20; y++) square.fill(1, y * 40 + 10, y * 40 + 20);
  const middle = chipPlace(runsOf(encodeRle({ width: 40, height: 40, data: square })), 40, [10, 10, 20, 20]);
  expect(Math.abs(middle.x - 15)).toBeLessThanOrEqual(1);
  expect(middle.y).toBe(15);
});
