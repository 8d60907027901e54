/** @file Strokes on a mask change the pixels that they cover and no others, wherever the mask was before. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import {
  type ActivePixels,
  emptyPixels,
  pixelsOf,
  snapshotOf,
  stamp,
  usedCrop,
} from '../../src-renderer/canvas/active-pixels.ts';
import { capsuleSpans } from '../../src-renderer/canvas/capsule.ts';
import { contains } from '../../src-renderer/canvas/rect.ts';

const [width, height] = [900, 700];

/** The whole image of what is kept of it. */
function whole({ region, data }: ActivePixels): Mask {
  const pixels = new Uint8Array(width * height);
  const stride = region.x2 - region.x1;
  for (let y = region.y1; y < region.y2; y++) {
    const from = (y - region.y1) * stride;
    pixels.set(data.subarray(from, from + stride), y * width + region.x1);
  }
  return { width, height, data: pixels };
}

function square(x1: number, y1: number, x2: number, y2: number): Mask {
  const data = new Uint8Array(width * height);
  for (let y = y1; y < y2; y++) data.fill(1, y * width + x1, y * width + x2);
  return { width, height, data };
}

const place = fc.tuple(fc.integer({ min: -20, max: 920 }), fc.integer({ min: -20, max: 720 }));
const strokes = fc.array(
  fc.record({
    from: place,
    to: place,
    radius: fc.integer({ min: 1, max: 40 }),
    value: fc.constantFrom(0 as const, 1 as const),
  }),
  { minLength: 1, maxLength: 6 },
);

test('strokes give the mask that painting the whole image gives', () => {
  fc.assert(
    fc.property(strokes, fc.boolean(), (drawn, fromMask) => {
      const before = fromMask ? square(300, 200, 360, 280) : square(0, 0, 0, 0);
      const pixels = fromMask ? pixelsOf(encodeRle(before)) : emptyPixels(width, height);
      const expected = before.data;
      for (const { from, to, radius, value } of drawn) {
        const capsule = { x1: from[0], y1: from[1], x2: to[0], y2: to[1], radius };
        const old = whole(pixels).data;
        const dirty = stamp(pixels, capsule, value);
        capsuleSpans(capsule, width, height, (y, start, end) =>
          expected.fill(value, y * width + start, y * width + end),
        );
        const now = whole(pixels).data;
        expect(Buffer.compare(now, expected)).toBe(0);
        // What changed lies in the rectangle that is uploaded.
        let outside = 0;
        for (let i = 0; i < now.length; i++) {
          if (now[i] === old[i]) continue;
          const [x, y] = [i % width, Math.floor(i / width)];
          if (dirty === null || x < dirty.x1 || x >= dirty.x2 || y < dirty.y1 || y >= dirty.y2) outside++;
        }
        expect(outside).toBe(0);
      }
    }),
    { numRuns: 40 },
  );
});

test('what goes to the worker is small and holds every pixel', () => {
  const pixels = pixelsOf(encodeRle(square(300, 200, 360, 280)));
  stamp(pixels, { x1: 380, y1: 240, x2: 400, y2: 240, radius: 10 }, 1);
  const { box, data } = usedCrop(pixels)!;
  expect(box).toEqual({ x1: 300, y1: 200, x2: 410, y2: 280 });
  const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);
  expect(sum(data)).toBe(sum(pixels.data));
  expect(contains(pixels.region, box)).toBe(true);
});

test('an empty mask has nothing to send, and erasing on it takes no memory', () => {
  const pixels = emptyPixels(width, height);
  expect(stamp(pixels, { x1: 10, y1: 10, x2: 90, y2: 90, radius: 20 }, 0)).toBeNull();
  expect(pixels.data.length).toBe(0);
  expect(usedCrop(pixels)).toBeNull();
});

test('a dropped stroke leaves the mask as it was', () => {
  const pixels = pixelsOf(encodeRle(square(300, 200, 360, 280)));
  const before = snapshotOf(pixels);
  stamp(pixels, { x1: 100, y1: 100, x2: 500, y2: 400, radius: 20 }, 1);
  expect(whole({ ...pixels, ...before })).toEqual(square(300, 200, 360, 280));
});

test('the mask of a large photo takes memory for its box, not for the photo', () => {
  const pixels = emptyPixels(16384, 16384);
  stamp(pixels, { x1: 8000, y1: 8000, x2: 8200, y2: 8100, radius: 10 }, 1);
  expect(pixels.data.length).toBeLessThan(1_000_000);
});
