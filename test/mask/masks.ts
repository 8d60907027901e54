/** @file Masks for the tests: random ones with fast-check, drawn ones from text, and naive answers to compare with. */
import fc from 'fast-check';
import type { Mask } from '../../src-main/contract/mask.ts';

/** Rows of digits, or of `#` for inside and anything else for outside. */
export function draw(...rows: string[]): Mask {
  const data = rows.flatMap((row) => [...row].map((c) => (c === '#' || c === '1' ? 1 : 0)));
  return { width: rows[0]!.length, height: rows.length, data: Uint8Array.from(data) };
}

/** The reverse of `draw`, so that a failing test shows two pictures. */
export function picture({ width, height, data }: Mask): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (v) => (v === 0 ? '.' : v === 1 ? '#' : '?')).join(''),
  );
}

/** Pixels where `inside` says so. */
export function maskOf(width: number, height: number, inside: (x: number, y: number) => boolean): Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  // A failing property prints the picture and not a list of bytes.
  const shown = { [fc.toStringMethod]: { value: () => `\n${picture({ width, height, data }).join('\n')}\n` } };
  return Object.defineProperties({ width, height, data }, shown);
}

const size = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 23 }));
const fill = (width: number, height: number) =>
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc.constantFrom<(0 | 1)[]>([0], [1]).map((v) => new Array<number>(width * height).fill(v[0]!)),
    },
    { weight: 4, arbitrary: fc.array(fc.constantFrom(0, 1), { minLength: width * height, maxLength: width * height }) },
    {
      weight: 4,
      // Few large areas rather than noise: rectangles, each inverting what lies under it.
      arbitrary: fc
        .array(fc.tuple(fc.nat(width), fc.nat(height), fc.nat(width), fc.nat(height)), { maxLength: 6 })
        .map((boxes) =>
          Array.from(
            maskOf(
              width,
              height,
              (x, y) => boxes.filter(([l, t, r, b]) => x >= l && x < r && y >= t && y < b).length % 2 === 1,
            ).data,
          ),
        ),
    },
  );

const ofSize = (width: number, height: number) =>
  fill(width, height).map((pixels) => maskOf(width, height, (x, y) => pixels[y * width + x] === 1));

/** Masks of 1 to 23 pixels a side: empty, full, one pixel, one row, one column, noise, rectangles. */
export const anyMask = fc.tuple(size, size).chain(([width, height]) => ofSize(width, height));

/** Several masks of one size. */
export const masksOfOneSize = (count: number) =>
  fc
    .tuple(size, size)
    .chain(([width, height]) => fc.array(ofSize(width, height), { minLength: count, maxLength: count }));

/** Column-major runs counted one pixel at a time, as the format defines them. */
export function naiveRuns({ width, height, data }: Mask): number[] {
  const runs = [0];
  let value = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (data[y * width + x] !== value) {
        value ^= 1;
        runs.push(0);
      }
      runs[runs.length - 1]!++;
    }
  }
  return runs;
}
