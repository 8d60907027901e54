/** @file What a button means in each tool, and how far the wheel zooms. */
import { expect, test } from 'vitest';
import { kindOf, wheelFactor } from '../../src-renderer/canvas/gestures.ts';
import { areaOf, contains, intersection, union } from '../../src-renderer/canvas/rect.ts';
import type { CanvasTool } from '../../src-renderer/canvas/types.ts';

const [left, middle, right] = [0, 1, 2];
const plain = (button: number) => ({ button, altKey: false });
const withAlt = (button: number) => ({ button, altKey: true });
const tools: CanvasTool[] = ['point', 'box', 'brush', 'eraser', 'pan'];

test('left and right buttons in each tool', () => {
  expect(tools.map((tool) => kindOf(plain(left), tool, false))).toEqual([
    'press',
    'box',
    'stroke',
    'stroke',
    'maybe-pan',
  ]);
  expect(tools.map((tool) => kindOf(plain(right), tool, false))).toEqual(['press', 'press', null, null, null]);
});

test('in every tool the middle button and Space pan, and Alt with a click picks', () => {
  for (const tool of tools) {
    expect(kindOf(plain(middle), tool, false)).toBe('pan');
    expect(kindOf(plain(left), tool, true)).toBe('pan');
    expect(kindOf(withAlt(left), tool, false)).toBe('pick');
  }
});

test('Alt with the right button sizes the brush where there is one', () => {
  expect(tools.map((tool) => kindOf(withAlt(right), tool, false))).toEqual(['press', 'press', 'brush', 'brush', null]);
});

test('the wheel zooms evenly: as much in as out, about a fifth a notch, and no leap on a fast turn', () => {
  const turn = (deltaY: number, deltaMode = 0, ctrlKey = false) => wheelFactor({ deltaY, deltaMode, ctrlKey });
  expect(turn(-100) * turn(100)).toBeCloseTo(1, 12);
  expect(turn(-100)).toBeGreaterThan(1.1);
  expect(turn(-100)).toBeLessThan(1.25);
  expect(turn(-3, 1)).toBeCloseTo(turn(-120), 12);
  expect(turn(-5000)).toBeLessThan(1.6);
  // A pinch comes in small steps, which count for more.
  expect(turn(-4, 0, true)).toBeGreaterThan(turn(-4));
});

test('rectangles to draw again are joined and cut', () => {
  const a = { x1: 0, y1: 0, x2: 10, y2: 10 };
  const b = { x1: 5, y1: 8, x2: 30, y2: 9 };
  expect(union(a, b)).toEqual({ x1: 0, y1: 0, x2: 30, y2: 10 });
  expect(union(null, b)).toEqual(b);
  expect(union({ x1: 3, y1: 3, x2: 3, y2: 9 }, null)).toBeNull();
  expect(intersection(a, b)).toEqual({ x1: 5, y1: 8, x2: 10, y2: 9 });
  expect(intersection(a, { x1: 10, y1: 0, x2: 20, y2: 10 })).toBeNull();
  expect(contains(a, { x1: 0, y1: 0, x2: 10, y2: 10 })).toBe(true);
  expect(contains(a, b)).toBe(false);
  expect(areaOf(b)).toBe(25);
});
