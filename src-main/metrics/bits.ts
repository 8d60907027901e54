/**
 * @file A part of a mask as bits, 32 pixels of a column in a word: erosion, dilation and outlines are a few passes over
 * the words, whatever the radius. Pixels outside the part are background.
 */
import type { PixelBox, Region } from './region.ts';

export type Bits = {
  readonly width: number;
  readonly rows: number;
  /**
   * Words a column; word `x * perColumn + (y >> 5)`, bit `y & 31`. Bits from `rows` on are 0, and there are at least as
   * many of them as `bitsIn` was asked for: so all columns can be shifted as one stream of bits, and what leaves a column
   * at its top ends up there, where it does no harm.
   */
  readonly perColumn: number;
  readonly words: Int32Array;
};

/** The pixels of a box of the image. @param spare bits below each column, at least 1. */
export function bitsIn({ edges, height }: Region, [left, top, width, rows]: PixelBox, spare: number): Bits {
  const perColumn = (rows + spare + 31) >> 5;
  const words = new Int32Array(width * perColumn);
  for (let i = 0; i < edges.length; i += 2) {
    const end = edges[i + 1]!;
    let at = edges[i]!;
    while (at < end) {
      const x = Math.floor(at / height);
      const columnEnd = Math.min(end, (x + 1) * height);
      const column = x - left;
      if (column >= 0 && column < width) {
        const from = Math.max(at - x * height - top, 0);
        const to = Math.min(columnEnd - x * height - top, rows);
        if (from < to) fill(words, column * perColumn, from, to);
      }
      at = columnEnd;
    }
  }
  return { width, rows, perColumn, words };
}

/** Sets the bits [from, to) of a column. */
function fill(words: Int32Array, column: number, from: number, to: number): void {
  const [first, last] = [from >> 5, (to - 1) >> 5];
  const head = -1 << (from & 31);
  const tail = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    words[column + first]! |= head & tail;
    return;
  }
  words[column + first]! |= head;
  for (let k = first + 1; k < last; k++) words[column + k] = -1;
  words[column + last]! |= tail;
}

/** Pixels that are set. */
export function countBits(words: Int32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    let v = words[i]!;
    v -= (v >>> 1) & 0x55555555;
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
    count += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** Pixel (x, y) of the result is pixel (x + dx, y) of the words; background where there is none. */
function shiftColumns(words: Int32Array, perColumn: number, dx: number): Int32Array {
  const out = new Int32Array(words.length);
  const by = dx * perColumn;
  if (by >= 0) out.set(words.subarray(Math.min(by, words.length)));
  else if (-by < words.length) out.set(words.subarray(0, words.length + by), -by);
  return out;
}

/** Bit i of the result is bit i + dy of the stream: pixel (x, y) is pixel (x, y + dy), if that lies in the column. */
function shiftRows(words: Int32Array, dy: number): Int32Array {
  const out = new Int32Array(words.length);
  const skip = Math.floor(dy / 32);
  const bits = dy - 32 * skip;
  if (bits === 0) return shiftColumns(words, 1, skip);
  const [from, to] = [Math.max(0, -skip), Math.min(words.length, words.length - skip - 1)];
  for (let i = from; i < to; i++) out[i] = (words[i + skip]! >>> bits) | (words[i + skip + 1]! << (32 - bits));
  // One word that only one of the two reaches, at the beginning or at the end.
  if (skip < 0 && from > 0) out[from - 1] = words[0]! << (32 - bits);
  if (skip >= 0 && to >= 0) out[to] = words[words.length - 1]! >>> bits;
  return out;
}

type Shift = (words: Int32Array, by: number) => Int32Array;

/** Each pixel with `reach` pixels that follow it (or, for a shift the other way, lead to it): all set, or any of them. */
function run(words: Int32Array, reach: number, shift: Shift, all: boolean): Int32Array {
  let done = words;
  let covered = 1;
  while (covered < reach + 1) {
    const step = Math.min(covered, reach + 1 - covered);
    done = combine(done, shift(done, step), all);
    covered += step;
  }
  return done;
}

function combine(a: Int32Array, b: Int32Array, all: boolean): Int32Array {
  const out = new Int32Array(a.length);
  if (all) for (let i = 0; i < out.length; i++) out[i] = a[i]! & b[i]!;
  else for (let i = 0; i < out.length; i++) out[i] = a[i]! | b[i]!;
  return out;
}

/** Pixels of the mask within Chebyshev distance d of the background: what d erosions by 3 x 3 ones take away. */
export function innerBand({ words, perColumn }: Bits, d: number): Int32Array {
  const acrossRows: Shift = (from, by) => shiftRows(from, by);
  const acrossColumns: Shift = (from, by) => shiftColumns(from, perColumn, by);
  // Both runs begin at a corner of the square, so the whole is moved to its middle.
  const square = run(run(words, 2 * d, acrossRows, true), 2 * d, acrossColumns, true);
  const core = shiftColumns(shiftRows(square, -d), perColumn, -d);
  for (let i = 0; i < core.length; i++) core[i] = words[i]! & ~core[i]!;
  return core;
}

/** Pixels within `radius` (Euclidean) of the set ones; the bits need `radius` spare ones, which may be set afterwards. */
export function dilateDisk(words: Int32Array, perColumn: number, radius: number): Int32Array {
  const out = new Int32Array(words.length);
  const down: Shift = (from, by) => shiftRows(from, by);
  const up: Shift = (from, by) => shiftRows(from, -by);
  let tall = words;
  let height = -1;
  for (let dx = Math.floor(radius); dx >= 0; dx--) {
    const reach = Math.floor(Math.sqrt(radius * radius - dx * dx));
    if (reach !== height) tall = combine(run(words, reach, down, false), run(words, reach, up, false), false);
    height = reach;
    for (const side of dx === 0 ? [0] : [-dx, dx]) {
      const by = side * perColumn;
      const [from, to] = [Math.max(0, -by), Math.min(out.length, out.length - by)];
      for (let i = from; i < to; i++) out[i]! |= tall[i + by]!;
    }
  }
  return out;
}

/**
 * DAVIS's `_seg2bmap`: pixels that differ from the one to the right, below, or to the lower right. The last row looks only
 * to the right, the last column only down, and the last corner is never outline.
 */
export function outline({ words, perColumn, rows, width }: Bits): Int32Array {
  const right = shiftColumns(words, perColumn, 1);
  const below = shiftRows(words, 1);
  const diagonal = shiftRows(right, 1);
  const out = new Int32Array(words.length);
  const lastColumn = (width - 1) * perColumn;
  const [lastWord, lastBit] = [(rows - 1) >> 5, 1 << ((rows - 1) & 31)];
  for (let i = 0; i < out.length; i++) {
    const here = words[i]!;
    const down = here ^ below[i]!;
    out[i] = i >= lastColumn ? down : down | (here ^ right[i]!) | (here ^ diagonal[i]!);
  }
  for (let column = 0; column < out.length; column += perColumn) {
    const i = column + lastWord;
    const across = column === lastColumn ? 0 : (words[i]! ^ right[i]!) & lastBit;
    out[i] = (out[i]! & (lastBit - 1)) | across;
    out.fill(0, i + 1, column + perColumn); // the next column's first pixels are below the spare bits
  }
  return out;
}
