import { expect, test } from 'vitest';
import { area, bytes, count, milliseconds, percent } from '../../src-renderer/panels/parts/format.ts';

test('bytes in the units of disks', () => {
  expect(bytes(999)).toBe('999 bytes');
  expect(bytes(16_500_000)).toBe('17 MB');
  expect(bytes(1_500_000)).toBe('1.5 MB');
  expect(bytes(999_999)).toBe('1.0 MB');
  expect(bytes(999_999_999)).toBe('1.0 GB');
});

test('times as people say them', () => {
  expect(milliseconds(540.4)).toBe('540 ms');
  expect(milliseconds(12_345)).toBe('12.3 s');
  expect(milliseconds(119_700)).toBe('2 min 0 s');
});

test('a work is at 100 per cent only when it is done', () => {
  expect(percent(999, 1000)).toBe(99);
  expect(percent(9_999, 10_000)).toBe(99);
  expect(percent(10, 10)).toBe(100);
  expect(percent(0, 0)).toBe(0);
});

test('one and many', () => {
  expect(count(1, 'query', 'queries')).toBe('1 query');
  expect(count(12_000, 'image')).toBe('12,000 images');
});

test('areas stay short', () => {
  expect(area(950)).toBe('950 px');
  expect(area(1_250)).toBe('1.3k px');
  expect(area(1_200_000)).toBe('1.2M px');
});
