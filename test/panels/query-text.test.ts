import { describe, expect, test } from 'vitest';
import { cutToFit, lengthNote, maxLength, queryKey } from '../../src-renderer/panels/query/query-text.ts';

const press = (key: string, more = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
  ...more,
});

describe('keys in the query box', () => {
  test('Enter asks, Shift+Enter makes a line', () => {
    expect(queryKey(press('Enter'), 'cup', [3, 3])).toBe('submit');
    expect(queryKey(press('Enter', { ctrlKey: true }), 'cup', [3, 3])).toBe('submit');
    expect(queryKey(press('Enter', { shiftKey: true }), 'cup', [3, 3])).toBeNull();
  });

  test('an Enter that chooses a character of an input method does not ask', () => {
    expect(queryKey(press('Enter', { isComposing: true }), '컵', [1, 1])).toBeNull();
    expect(queryKey(press('Enter', { keyCode: 229 }), '컵', [1, 1])).toBeNull();
    expect(queryKey(press('ArrowUp', { isComposing: true }), '컵', [1, 1])).toBeNull();
    expect(queryKey(press('Escape', { keyCode: 229 }), '컵', [1, 1])).toBeNull();
  });

  test('arrows go through recent texts only where there is no line to go to', () => {
    const text = 'first\nsecond';
    expect(queryKey(press('ArrowUp'), text, [3, 3])).toBe('older');
    expect(queryKey(press('ArrowUp'), text, [8, 8])).toBeNull();
    expect(queryKey(press('ArrowDown'), text, [8, 8])).toBe('newer');
    expect(queryKey(press('ArrowDown'), text, [3, 3])).toBeNull();
  });

  test('selecting with the arrow keys stays selecting', () => {
    expect(queryKey(press('ArrowUp', { shiftKey: true }), 'cup', [3, 3])).toBeNull();
    expect(queryKey(press('ArrowUp'), 'cup', [0, 3])).toBeNull();
  });

  test('Esc goes back to the photo', () => {
    expect(queryKey(press('Escape'), 'cup', [0, 0])).toBe('leave');
  });
});

describe('long texts', () => {
  test('a megabyte is cut to what can be stored, and the box can say how much went', () => {
    const pasted = 'a'.repeat(1_000_000);
    const { text, cut } = cutToFit(pasted);
    expect(text).toHaveLength(maxLength);
    expect(cut).toBe(990_000);
  });

  test('what fits is left alone', () => {
    expect(cutToFit('cup\n')).toEqual({ text: 'cup\n', cut: 0 });
    expect(cutToFit('a'.repeat(maxLength)).cut).toBe(0);
  });

  test('no half of a character stays at the end', () => {
    const { text } = cutToFit(`${'a'.repeat(maxLength - 1)}😀😀`);
    expect(text).toHaveLength(maxLength - 1);
    expect(text.isWellFormed()).toBe(true);
  });

  test('the count appears near the end only', () => {
    expect(lengthNote('a'.repeat(8_999))).toBeNull();
    expect(lengthNote('a'.repeat(9_500))).toContain('9,500');
  });
});
