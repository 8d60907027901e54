/** @file What a person sees of zoom and pan: the point under the pointer stays, the image fits, and it is never lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fitted,
  limited,
  matrixOf,
  maxZoom,
  minZoom,
  panned,
  toImage,
  toScreen,
  zoomed,
  zoomedTo,
} from '../../src-renderer/canvas/viewport.ts';

const image = { width: 4000, height: 3000 };
const screen = { width: 1400, height: 900 };

test('the image point under the pointer stays there while zooming', () => {
  const at = fc.record({ x: fc.integer({ min: 0, max: 1400 }), y: fc.integer({ min: 0, max: 900 }) });
  fc.assert(
    fc.property(at, fc.double({ min: 0.5, max: 2, noNaN: true }), (pointer, factor) => {
      const view = { zoom: 0.5, x: 2000, y: 1500 };
      const held = toImage(view, screen, pointer);
      const next = zoomed(view, image, screen, factor, pointer);
      // Unless the middle of the screen would leave the image: then the image is kept.
      fc.pre(next.x > 0 && next.x < 4000 && next.y > 0 && next.y < 3000);
      expect(next.zoom).toBeCloseTo(0.5 * factor, 9);
      expect(toScreen(next, screen, held).x).toBeCloseTo(pointer.x, 6);
      expect(toScreen(next, screen, held).y).toBeCloseTo(pointer.y, 6);
    }),
  );
});

test('there and back: screen to image to screen', () => {
  const view = { zoom: 3.7, x: 812.5, y: 99.25 };
  const at = { x: 17, y: 883 };
  const back = toScreen(view, screen, toImage(view, screen, at));
  expect(back.x).toBeCloseTo(at.x, 9);
  expect(back.y).toBeCloseTo(at.y, 9);
});

test('a fitted image shows all of itself, in the middle', () => {
  for (const size of [image, { width: 300, height: 3000 }, { width: 60, height: 40 }, { width: 60000, height: 200 }]) {
    const view = fitted(size, screen);
    const [from, to] = [
      toScreen(view, screen, { x: 0, y: 0 }),
      toScreen(view, screen, { x: size.width, y: size.height }),
    ];
    expect(from.x).toBeGreaterThanOrEqual(0);
    expect(from.y).toBeGreaterThanOrEqual(0);
    expect(to.x).toBeLessThanOrEqual(screen.width);
    expect(to.y).toBeLessThanOrEqual(screen.height);
    expect(from.x + to.x).toBeCloseTo(screen.width, 6);
    expect(from.y + to.y).toBeCloseTo(screen.height, 6);
  }
});

test('zoom ends at 5 % and 6400 %, but an image that needs less still fits', () => {
  const view = { zoom: 1, x: 2000, y: 1500 };
  const middle = { x: 700, y: 450 };
  expect(zoomed(view, image, screen, 1e6, middle).zoom).toBe(maxZoom);
  expect(zoomed(view, image, screen, 1e-6, middle).zoom).toBe(minZoom);
  const panorama = { width: 60000, height: 200 };
  expect(fitted(panorama, screen).zoom).toBeLessThan(minZoom);
  expect(zoomed(fitted(panorama, screen), panorama, screen, 0.5, middle).zoom).toBe(fitted(panorama, screen).zoom);
});

test('a pan moves the picture with the hand and cannot lose it', () => {
  const view = { zoom: 2, x: 2000, y: 1500 };
  const moved = panned(view, image, screen, 100, -40);
  expect(toScreen(moved, screen, { x: 2000, y: 1500 })).toEqual({ x: 800, y: 410 });
  expect(panned(view, image, screen, 1e6, 1e6)).toEqual({ zoom: 2, x: 0, y: 0 });
  expect(limited({ zoom: 1e9, x: -5, y: 9999 }, image, screen)).toEqual({ zoom: maxZoom, x: 0, y: 3000 });
});

test('zooming to a box shows all of it with room around', () => {
  for (const box of [
    [100, 200, 900, 500],
    [3990, 2990, 4000, 3000],
    [0, 0, 4000, 3000],
  ] as const) {
    const view = zoomedTo([...box], image, screen);
    const from = toScreen(view, screen, { x: box[0], y: box[1] });
    const to = toScreen(view, screen, { x: box[2], y: box[3] });
    expect(from.x).toBeGreaterThan(0);
    expect(from.y).toBeGreaterThan(0);
    expect(to.x).toBeLessThan(screen.width);
    expect(to.y).toBeLessThan(screen.height);
  }
});

test.each([1, 1.25, 2])('the image starts on a whole device pixel at ratio %f', (ratio) => {
  const [, , , , x, y] = matrixOf({ zoom: 0.317, x: 811.3, y: 77.7 }, { width: 1001, height: 703 }, ratio);
  expect(x * ratio).toBeCloseTo(Math.round(x * ratio), 9);
  expect(y * ratio).toBeCloseTo(Math.round(y * ratio), 9);
});
