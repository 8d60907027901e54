import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeRle,
  encodeRle,
  maxMaskPixels,
  rleArea,
  rleBox,
  rleFromCounts,
  runsOf,
  runsToString,
  stringToRuns,
} from '../../src-main/contract/rle.ts';
import fixture from '../fixtures/mask/pycocotools.json' with { type: 'json' };
import { anyMask, draw, maskOf, naiveRuns, picture } from './masks.ts';

test.each([
  [[2, 3, 1, 1], '231N'],
  [[0, 6, 1], '061'],
  [[12], '<'],
  [[6, 1, 40, 4, 5, 4, 5, 4, 21], '61X13mN000`0'],
  [[100000], 'PeQ3'],
  [[5, 3, 2000000, 7], '53PTQm14'],
  [[100120, 2, 425, 15, 411, 15, 422, 4, 171866], 'hhQ32Y==B0;Ed]W5'],
])('%j is written as COCO writes it and read back', (runs, text) => {
  expect(runsToString(Uint32Array.from(runs))).toBe(text);
  expect([...stringToRuns(text)]).toEqual(runs);
});

test('masks encode, decode and measure as in pycocotools', () => {
  expect(fixture.masks.length).toBeGreaterThan(40);
  for (const { rows, counts, area, box } of fixture.masks) {
    const mask = draw(...rows);
    const rle = encodeRle(mask);
    expect(rle).toEqual({ size: [mask.height, mask.width], counts });
    expect(decodeRle(rle)).toEqual(mask);
    expect(rleArea(rle)).toBe(area);
    expect(rleBox(rle)).toEqual(box);
  }
});

test('every mask survives the round trip, in the runs that the format defines', () => {
  fc.assert(
    fc.property(anyMask, (mask) => {
      const rle = encodeRle(mask);
      expect([...runsOf(rle)]).toEqual(naiveRuns(mask));
      expect(picture(decodeRle(rle))).toEqual(picture(mask));
    }),
    { numRuns: 400 },
  );
});

test('pixels that lie at an odd place in their buffer are read correctly', () => {
  const mask = maskOf(13, 9, (x, y) => (x * 7 + y * 5) % 3 === 0);
  const buffer = new Uint8Array(1 + mask.data.length + 5).fill(1);
  buffer.set(mask.data, 1);
  expect(encodeRle({ ...mask, data: buffer.subarray(1, 1 + mask.data.length) })).toEqual(encodeRle(mask));
});

test('a large mask with more runs than fit the small buffers survives', () => {
  const mask = maskOf(613, 401, (x, y) => ((x * 31) ^ (y * 17)) % 5 < 2 || x > 500);
  const rle = encodeRle(mask);
  expect(rle.counts.length).toBeGreaterThan(20_000);
  expect(Buffer.compare(decodeRle(rle).data, mask.data)).toBe(0);
  expect(rleArea(rle)).toBe(mask.data.reduce((sum, v) => sum + v, 0));
});

test('the box of a mask that wraps from one column into the next spans both', () => {
  const mask = draw('.#.', '...', '#..');
  expect([...runsOf(encodeRle(mask))]).toEqual([2, 2, 5]);
  expect(rleBox(encodeRle(mask))).toEqual([0, 0, 2, 3]);
  expect(rleBox(encodeRle(draw('...', '.#.', '.#.')))).toEqual([1, 1, 1, 2]);
  expect(rleBox(encodeRle(draw('..', '..')))).toEqual([0, 0, 0, 0]);
});

test('uncompressed counts become the same RLE, and runs of no pixels are joined', () => {
  const mask = draw('.##', '.#.');
  const rle = encodeRle(mask);
  expect(rleFromCounts([2, 3, 1], 2, 3)).toEqual(rle);
  expect(rleFromCounts([1, 0, 1, 2, 0, 1, 1, 0], 2, 3)).toEqual(rle);
  expect(rleFromCounts([0, 0, 2, 3, 1], 2, 3)).toEqual(rle);
  expect(rleFromCounts([0, 0, 0, 6], 2, 3)).toEqual(encodeRle(draw('###', '###')));
  // The same joints in a compressed string from another writer.
  const loose = { size: [2, 3] as [number, number], counts: runsToString(Uint32Array.of(1, 0, 1, 2, 0, 1, 1)) };
  expect([...runsOf(loose)]).toEqual([2, 3, 1]);
  expect(picture(decodeRle(loose))).toEqual(picture(mask));
});

describe('a damaged RLE is refused with a message that says what is wrong', () => {
  test.each([
    ['a character outside the alphabet', [2, 2], '4 ', /character 1, " ", cannot occur/],
    ['a character beyond ASCII', [2, 2], '4é', /character 1, "é", cannot occur/],
    ['a number cut off', [2, 2], 'P', /cut off in the middle of a number/],
    ['a number that goes on for ever', [2, 2], 'PPPPPPPPPPPPPPPPPPP1', /too large/],
    ['a negative run', [2, 2], '5O', /run 1 is negative \(-1\)/],
    ['too many pixels', [2, 3], '231N', /add up to 7 pixels, but 3 x 2 are 6/],
    ['too few pixels', [2, 4], '231N', /add up to 7 pixels, but 4 x 2 are 8/],
    ['nothing at all', [2, 2], '', /add up to 0 pixels/],
    ['a side of 0', [0, 4], '', /size is \[height, width\] in whole pixels, got \[0, 4\]/],
    ['a broken side', [1.5, 4], '6', /got \[1.5, 4\]/],
    ['a size beyond memory', [100_000, 100_000], 'P', /100000 x 100000 pixels is too large/],
  ] as const)('%s', (_, size, counts, message) => {
    const rle = { size: [...size] as [number, number], counts };
    expect(() => decodeRle(rle)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(message) }),
    );
  });

  test.each([
    [[3, -1, 4], /run 1 is -1/],
    [[2.5, 3.5], /run 0 is 2.5/],
    [[2, 3], /add up to 5 pixels/],
    [[2, 2 ** 33], /run 1 is 8589934592/],
    [new Array(99).fill(0), /99 runs, more than 3 x 2 pixels can have/],
  ])('counts %j', (counts, message) => {
    expect(() => rleFromCounts(counts, 2, 3)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(message) }),
    );
  });

  test('any text at all is either a mask of the right size or an AppError', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.integer({ min: 48, max: 111 }).map((c) => String.fromCharCode(c)) }),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (counts, height, width) => {
        try {
          expect(decodeRle({ size: [height, width], counts }).data.length).toBe(height * width);
        } catch (error) {
          expect(error).toMatchObject({ name: 'AppError', code: 'bad-request' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('pixels that do not fit their size are refused', () => {
  expect(() => encodeRle({ width: 3, height: 2, data: new Uint8Array(5) })).toThrow(/needs 6 pixels, got 5/);
  expect(() => encodeRle({ width: maxMaskPixels, height: 2, data: new Uint8Array(0) })).toThrow(/too large/);
});
