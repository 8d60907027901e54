/** @file Crumbs and pinholes go, what was clicked stays. */
import { expect, test } from 'vitest';
import { withoutSpecks } from '../../src-main/novo/specks.ts';

const size = 64;
/** Logits with a 30 x 30 object, a hole of one cell in it, a hole of 10 x 10, a crumb of 2 x 1 and a part of 6 x 6. */
function scene(): Float32Array {
  const logits = new Float32Array(size * size).fill(-4);
  const fill = (x0: number, y0: number, w: number, h: number, value: number) => {
    for (let y = y0; y < y0 + h; y++) logits.fill(value, y * size + x0, y * size + x0 + w);
  };
  fill(2, 2, 30, 30, 5);
  fill(6, 6, 1, 1, -1);
  fill(15, 15, 10, 10, -3);
  fill(50, 50, 2, 1, 2);
  fill(45, 5, 6, 6, 3);
  return logits;
}

test('islands and holes below a hundredth of the mask go; larger ones are what they were', () => {
  const clean = withoutSpecks(scene(), size);
  expect(clean[6 * size + 6]).toBeGreaterThan(0);
  expect(clean[50 * size + 50]).toBeLessThan(0);
  expect(clean[18 * size + 18]).toBe(-3);
  expect(clean[6 * size + 46]).toBe(3);
  const changed = scene().filter((value, i) => value !== clean[i]);
  expect(changed).toHaveLength(3);
});

test('a clicked crumb stays, with everything else', () => {
  const logits = scene();
  expect(withoutSpecks(logits, size, [50 * size + 51])).toBe(logits);
});

test('a mask without specks, and an empty one, are answered as they are', () => {
  const whole = new Float32Array(size * size).fill(-1);
  expect(withoutSpecks(whole, size)).toBe(whole);
  whole.fill(2, 0, 20 * size);
  expect(withoutSpecks(whole, size)).toBe(whole);
});
