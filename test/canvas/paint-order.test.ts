/** @file The picture of the committed masks covers what is seen, is used again while it does, and no longer. */
import { expect, test } from 'vitest';
import { orderFor, serves } from '../../src-renderer/canvas/paint-order.ts';

const image = { width: 4000, height: 3000 };
const screen = { width: 1000, height: 700 };
const look = { fillOpacity: 0.3, outlineOpacity: 1, highContrast: false };
const view = { zoom: 1, x: 2000, y: 1500 };

test.each([1, 1.5, 2])('an order serves the view that it was made for, at ratio %f', (ratio) => {
  for (const each of [view, { zoom: 0.2, x: 2000, y: 1500 }, { zoom: 7.3, x: 11.2, y: 2999.9 }]) {
    const order = orderFor(each, screen, ratio, image, look)!;
    expect(serves(order, each, screen, ratio, image, look)).toBe(true);
    // Its corner lies on a device pixel: the picture is copied, not resampled.
    expect(order.x * order.zoom).toBeCloseTo(Math.round(order.x * order.zoom), 6);
  }
});

test('a short pan needs no new picture, a long one does', () => {
  const order = orderFor(view, screen, 1, image, look)!;
  expect(serves(order, { ...view, x: 2100 }, screen, 1, image, look)).toBe(true);
  expect(serves(order, { ...view, x: 2300 }, screen, 1, image, look)).toBe(false);
  expect(serves(order, { ...view, y: 1200 }, screen, 1, image, look)).toBe(false);
});

test('another zoom or look needs a new picture', () => {
  const order = orderFor(view, screen, 1, image, look)!;
  expect(serves(order, { ...view, zoom: 1.01 }, screen, 1, image, look)).toBe(false);
  expect(serves(order, view, screen, 1, image, { ...look, fillOpacity: 0.5 })).toBe(false);
});

test('a picture is no larger than the image with its edge, nor than the screen with its margin', () => {
  const far = orderFor({ zoom: 0.1, x: 2000, y: 1500 }, screen, 1, image, look)!;
  expect(far.width).toBeLessThanOrEqual(400 + 2 * 24);
  expect(far.height).toBeLessThanOrEqual(300 + 2 * 24);
  const near = orderFor({ zoom: 64, x: 2000, y: 1500 }, screen, 2, image, look)!;
  expect(near.width * near.height).toBeLessThanOrEqual((1000 + 400) * 2 * (700 + 400) * 2);
});
