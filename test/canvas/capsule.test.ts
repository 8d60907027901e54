/** @file The brush covers exactly the pixels whose centre lies within its radius of the way, whatever the way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Capsule, capsuleBounds, capsuleSpans } from '../../src-renderer/canvas/capsule.ts';

const [width, height] = [40, 30];

function drawn(capsule: Capsule): Set<number> {
  const pixels = new Set<number>();
  capsuleSpans(capsule, width, height, (y, start, end) => {
    for (let x = start; x < end; x++) pixels.add(y * width + x);
  });
  return pixels;
}

/** Distance of a point to a segment, in the plain way. */
function distance({ x1, y1, x2, y2 }: Capsule, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

const place = fc.double({ min: -15, max: 55, noNaN: true });
const capsules = fc.record({
  x1: place,
  y1: place,
  x2: place,
  y2: place,
  radius: fc.double({ min: 1, max: 20, noNaN: true }),
});

test('the pixels within the radius of the way, and no others', () => {
  fc.assert(
    fc.property(capsules, (capsule) => {
      const pixels = drawn(capsule);
      const wrong: string[] = [];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const from = distance(capsule, x + 0.5, y + 0.5);
          if (Math.abs(from - capsule.radius) < 1e-6) continue; // rounding decides
          if (pixels.has(y * width + x) !== from < capsule.radius) wrong.push(`${x}, ${y}`);
        }
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('one capsule is the discs along the way', () => {
  const way = { x1: 5.2, y1: 6.1, x2: 31.7, y2: 21.4, radius: 4 };
  const discs = new Set<number>();
  for (let k = 0; k <= 2000; k++) {
    const [x, y] = [way.x1 + ((way.x2 - way.x1) * k) / 2000, way.y1 + ((way.y2 - way.y1) * k) / 2000];
    for (const pixel of drawn({ x1: x, y1: y, x2: x, y2: y, radius: 4 })) discs.add(pixel);
  }
  expect(drawn(way)).toEqual(discs);
});

test.each([0.5, 0.6, 0.99])('a brush of radius %f leaves the pixel under it', (radius) => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: width - 0.01, noNaN: true }),
      fc.double({ min: 0, max: height - 0.01, noNaN: true }),
      (x, y) => {
        expect(drawn({ x1: x, y1: y, x2: x, y2: y, radius })).toContain(Math.floor(y) * width + Math.floor(x));
      },
    ),
  );
});

test('the smallest brush draws a line without gaps', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: 2, max: 37 }), fc.integer({ min: 2, max: 27 })),
      fc.tuple(fc.integer({ min: 2, max: 37 }), fc.integer({ min: 2, max: 27 })),
      ([x1, y1], [x2, y2]) => {
        const pixels = drawn({ x1: x1 + 0.3, y1: y1 + 0.7, x2: x2 + 0.3, y2: y2 + 0.7, radius: 0.5 });
        // Every pixel is reached from the first one over neighbours.
        const reached = [y1 * width + x1];
        const left = new Set(pixels);
        left.delete(reached[0]!);
        for (const pixel of reached) {
          for (const dy of [-1, 0, 1]) {
            for (const dx of [-1, 0, 1])
              if (left.delete(pixel + dy * width + dx)) reached.push(pixel + dy * width + dx);
          }
        }
        expect(left.size).toBe(0);
        expect(pixels.has(y2 * width + x2)).toBe(true);
      },
    ),
  );
});

test('a stroke beside the image draws nothing', () => {
  expect(capsuleBounds({ x1: -30, y1: 5, x2: -10, y2: 9, radius: 5 }, width, height)).toBeNull();
  expect(drawn({ x1: -30, y1: 5, x2: -10, y2: 9, radius: 5 }).size).toBe(0);
});
