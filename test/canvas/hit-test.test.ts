/** @file The mask under the pointer, by runs alone: the same answer as pixels give, and small things win over large ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle, rleArea, rleBox, runsOf } from '../../src-main/contract/rle.ts';
import { covers, hitTest, nearestPoint } from '../../src-renderer/canvas/hit-test.ts';
import type { MaskIndex } from '../../src-renderer/worker/messages.ts';

function indexOf(id: string, mask: Mask): MaskIndex {
  const rle = encodeRle(mask);
  const [x, y, width, height] = rleBox(rle);
  let end = 0;
  const ends = runsOf(rle).map((run) => {
    end += run;
    return end;
  });
  return { id, box: [x, y, x + width, y + height], area: rleArea(rle), ends, height: mask.height };
}

function filled(x1: number, y1: number, x2: number, y2: number): Mask {
  const data = new Uint8Array(100 * 80);
  for (let y = y1; y < y2; y++) data.fill(1, y * 100 + x1, y * 100 + x2);
  return { width: 100, height: 80, data };
}

test('a pixel is hit when it is set, and only then', () => {
  const masks = fc
    .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
    .chain(({ width, height }) =>
      fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
        .map((values) => ({ width, height, data: Uint8Array.from(values) })),
    );
  fc.assert(
    fc.property(masks, (mask) => {
      const index = indexOf('a', mask);
      for (let y = 0; y < mask.height; y++) {
        for (let x = 0; x < mask.width; x++) {
          expect(covers(index, x + 0.5, y + 0.99)).toBe(mask.data[y * mask.width + x] === 1);
        }
      }
      expect(covers(index, -0.5, 0)).toBe(false);
      expect(covers(index, mask.width, 0)).toBe(false);
      expect(covers(index, 0, mask.height)).toBe(false);
    }),
  );
});

test('of masks over each other the smallest is found, in whatever order they lie', () => {
  const table = indexOf('table', filled(0, 0, 100, 80));
  const cup = indexOf('cup', filled(40, 30, 50, 40));
  const plate = indexOf('plate', filled(30, 20, 60, 50));
  for (const masks of [
    [table, cup, plate],
    [cup, plate, table],
    [plate, table, cup],
  ]) {
    expect(hitTest(masks, 45, 35)?.id).toBe('cup');
    expect(hitTest(masks, 55, 45)?.id).toBe('plate');
    expect(hitTest(masks, 5, 5)?.id).toBe('table');
  }
  expect(hitTest([cup], 5, 5)).toBeNull();
});

test('a hole is not hit, what lies in it is', () => {
  const ring = filled(10, 10, 60, 60);
  for (let y = 20; y < 50; y++) ring.data.fill(0, y * 100 + 20, y * 100 + 50);
  const masks = [indexOf('far', filled(0, 0, 100, 80)), indexOf('ring', ring)];
  expect(hitTest(masks, 12, 12)?.id).toBe('ring');
  expect(hitTest(masks, 30, 30)?.id).toBe('far');
});

test('of prompt points in reach the nearest one is meant', () => {
  const points = [
    [10, 10],
    [16, 10],
    [50, 50],
  ];
  expect(nearestPoint(points, 14, 10, 8)).toBe(1);
  expect(nearestPoint(points, 12, 10, 8)).toBe(0);
  expect(nearestPoint(points, 30, 30, 8)).toBe(-1);
});
