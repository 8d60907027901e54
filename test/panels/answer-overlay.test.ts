/** @file The colours of a small picture of an answer: found, missed, too much, ignored. */
import { expect, test } from 'vitest';
import type { Rle } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { overlayOf } from '../../src-renderer/panels/evaluate/overlay.ts';

/** Columns from `first` up to `end` of a picture. */
function columns(first: number, end: number, width = 8, height = 4): Rle {
  const data = Uint8Array.from({ length: width * height }, (_, i) => Number(i % width >= first && i % width < end));
  return encodeRle({ width, height, data });
}

/** One letter a pixel of a row. */
function row({ width, data }: ReturnType<typeof overlayOf>, y: number): string {
  const letters: Record<string, string> = {
    '0,158,115': 'h',
    '230,159,0': 'm',
    '204,121,167': 'x',
    '130,130,130': 'i',
  };
  return Array.from({ length: width }, (_, x) => {
    const at = 4 * (y * width + x);
    return data[at + 3] === 0 ? '.' : letters[data.slice(at, at + 3).join(',')];
  }).join('');
}

test('each pixel says what became of it, and what is ignored says so before all else', () => {
  const masks = { said: columns(1, 5), wanted: columns(3, 7), ignored: null };
  const full = overlayOf(masks, 320);
  expect([full.width, full.height]).toEqual([8, 4]);
  for (let y = 0; y < 4; y++) expect(row(full, y)).toBe('.xxhhmm.');
  expect(row(overlayOf({ ...masks, ignored: columns(4, 6) }, 320), 0)).toBe('.xxhiim.');
});

test('a smaller picture shows the same, whatever the sides', () => {
  const masks = { said: columns(100, 500, 800, 30), wanted: columns(300, 700, 800, 30), ignored: null };
  const small = overlayOf(masks, 8);
  expect([small.width, small.height]).toEqual([8, 1]);
  expect(row(small, 0)).toBe('.xxhhmm.');
  const tall = { said: columns(0, 5, 10, 1000), wanted: columns(0, 10, 10, 1000), ignored: null };
  const thin = overlayOf(tall, 100);
  expect([thin.width, thin.height]).toEqual([1, 100]);
});

test('empty and whole masks, and an answer of nothing', () => {
  const [none, all] = [columns(0, 0), columns(0, 8)];
  expect(row(overlayOf({ said: none, wanted: none, ignored: null }, 320), 3)).toBe('........');
  expect(row(overlayOf({ said: all, wanted: none, ignored: null }, 320), 3)).toBe('xxxxxxxx');
  expect(row(overlayOf({ said: none, wanted: all, ignored: null }, 320), 0)).toBe('mmmmmmmm');
});
