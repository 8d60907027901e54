/** @file Thinned outlines stay where a person sees them, lose most of their corners, and no part goes missing. */
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import type { Rings } from '../../src-renderer/worker/messages.ts';
import { chipCentre, isLight } from '../../src-renderer/worker/paint.ts';
import { traceCrop } from '../../src-renderer/worker/rings.ts';
import { shapeOf } from '../../src-renderer/worker/shapes.ts';
import { thinned, toleranceFor } from '../../src-renderer/worker/thin.ts';

function painted(size: number, inside: (x: number, y: number) => boolean): Mask {
  const data = new Uint8Array(size * size);
  for (let i = 0; i < data.length; i++) if (inside((i % size) + 0.5, Math.floor(i / size) + 0.5)) data[i] = 1;
  return { width: size, height: size, data };
}

const ring = painted(200, (x, y) => {
  const distance = Math.hypot(x - 100, y - 100);
  return distance < 90 && distance > 40;
});

/** The largest distance of a corner of `a` from the lines of `b`. */
function deviation(a: Rings, b: Rings): number {
  let worst = 0;
  for (let k = 0; k < a.xy.length; k += 2) {
    const [x, y] = [a.xy[k]!, a.xy[k + 1]!];
    let best = Number.POSITIVE_INFINITY;
    for (let r = 0; r + 1 < b.starts.length; r++) {
      const [from, to] = [b.starts[r]!, b.starts[r + 1]!];
      for (let i = from, j = to - 2; i < to; j = i, i += 2) {
        const [dx, dy] = [b.xy[i]! - b.xy[j]!, b.xy[i + 1]! - b.xy[j + 1]!];
        const t = Math.max(0, Math.min(1, ((x - b.xy[j]!) * dx + (y - b.xy[j + 1]!) * dy) / (dx * dx + dy * dy || 1)));
        best = Math.min(best, Math.hypot(x - b.xy[j]! - t * dx, y - b.xy[j + 1]! - t * dy));
      }
    }
    worst = Math.max(worst, best);
  }
  return worst;
}

test.each([1, 0.5, 0.3, 0.1])(
  'at zoom %f an outline is less than a device pixel off, with a fraction of its corners',
  (zoom) => {
    const exact = traceCrop(ring, 30, 50);
    const tolerance = toleranceFor(zoom);
    const drawn = thinned(exact, tolerance);
    expect(tolerance * zoom).toBeLessThan(1);
    expect(deviation(exact, drawn)).toBeLessThanOrEqual(tolerance + 1e-4);
    expect(drawn.xy.length).toBeLessThan(exact.xy.length / 2.5);
    expect(drawn.starts.length).toBe(3); // the hole is still there
  },
);

test('drawn large, every pixel edge is kept', () => {
  const exact = traceCrop(ring, 0, 0);
  for (const zoom of [1.5, 2, 64]) expect(thinned(exact, toleranceFor(zoom))).toEqual(exact);
});

test('a part too small to be seen becomes a dot, such a hole vanishes', () => {
  const speckled = painted(
    60,
    (x, y) => (x < 30 && !(x > 10 && x < 12 && y > 10 && y < 12)) || (x > 50 && x < 52 && y > 50 && y < 52),
  );
  const exact = traceCrop(speckled, 0, 0);
  expect(exact.starts.length).toBe(4);
  const drawn = thinned(exact, 12);
  expect(drawn.starts.length).toBe(3);
  const dot = [...drawn.xy.slice(drawn.starts[1]!, drawn.starts[2]!)];
  expect(dot).toHaveLength(8);
  expect(Math.min(...dot)).toBeGreaterThanOrEqual(50);
});

test('a mask as it is kept: its box, its pixels, its runs for the pointer', () => {
  const { index, shape } = shapeOf({ id: 'a', rle: encodeRle(ring), colour: '#e69f00', kind: 'instance', label: '1' });
  expect(index.box).toEqual([10, 10, 190, 190]);
  expect(index.area).toBe(ring.data.reduce((sum, value) => sum + value, 0));
  expect(index.ends.at(-1)).toBe(200 * 200);
  expect(shape.rings.starts.length).toBe(3);
});

test('a damaged RLE is refused with words', () => {
  const rle = { size: [20, 20] as [number, number], counts: 'zz' };
  expect(() => shapeOf({ id: 'a', rle, colour: '#e69f00', kind: 'instance', label: null })).toThrow(/damaged/);
});

test('the chip of a small mask stands above it, that of a large one on it', () => {
  const shape = { box: [100, 100, 110, 110], chip: { x: 105, y: 105 } } as const;
  expect(chipCentre(shape, 1, 1).y).toBeLessThan(100 - 8);
  expect(chipCentre(shape, 10, 1)).toEqual({ x: 1050, y: 1050 });
});

test.each([
  ['#ffffff', true],
  ['#f0e442', true],
  ['#56b4e9', true],
  ['#0072b2', false],
  ['#000000', false],
])('a number on %s is dark: %s', (colour, dark) => {
  expect(isLight(colour)).toBe(dark);
});
