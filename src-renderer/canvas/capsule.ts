/**
 * @file The pixels that a round brush covers on its way from one point to the next: those whose centre lies within the
 * radius of the way. The way between two pointer events is one capsule, which is exactly all discs along it.
 */
import type { Rect } from './rect.ts';
import { around, intersection, rectOf } from './rect.ts';

export type Capsule = {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly radius: number;
};

/** The bounds of a capsule inside an image; null when it lies beside it. */
export function capsuleBounds({ x1, y1, x2, y2, radius }: Capsule, width: number, height: number): Rect | null {
  const bounds = around(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2), radius);
  return intersection(bounds, rectOf(width, height));
}

/**
 * Calls `visit(y, start, end)` for the pixels [start, end) of each row of a capsule inside the image, from the top. A capsule
 * is convex, so a row has one span. The pixels under both ends belong to it always: the smallest brush leaves a mark.
 */
export function capsuleSpans(
  capsule: Capsule,
  width: number,
  height: number,
  visit: (y: number, start: number, end: number) => void,
): void {
  const bounds = capsuleBounds(capsule, width, height);
  if (bounds === null) return;
  const { x1, y1, x2, y2, radius } = capsule;
  for (let y = bounds.y1; y < bounds.y2; y++) {
    const [low, high] = crossing(capsule, y + 0.5);
    // Centres x + 0.5 with low <= x + 0.5 <= high.
    let start = Math.ceil(low - 0.5);
    let end = Math.floor(high - 0.5) + 1;
    if (radius < 1) {
      for (const [px, py] of [
        [x1, y1],
        [x2, y2],
      ] as const) {
        if (Math.floor(py) !== y) continue;
        const x = Math.floor(px);
        if (start >= end) [start, end] = [x, x + 1];
        else [start, end] = [Math.min(start, x), Math.max(end, x + 1)];
      }
    }
    start = Math.max(0, start);
    end = Math.min(width, end);
    if (start < end) visit(y, start, end);
  }
}

/** Where a horizontal line cuts a capsule: [low, high], or low > high when it does not. */
function crossing({ x1, y1, x2, y2, radius }: Capsule, y: number): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const add = (from: number, to: number) => {
    low = Math.min(low, from);
    high = Math.max(high, to);
  };
  for (const [cx, cy] of [
    [x1, y1],
    [x2, y2],
  ] as const) {
    const half = radius * radius - (y - cy) ** 2;
    if (half >= 0) add(cx - Math.sqrt(half), cx + Math.sqrt(half));
  }
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return [low, high];
  // The rectangle between the two discs: its corners lie one radius to each side of the way.
  const nx = (-(y2 - y1) / length) * radius;
  const ny = ((x2 - x1) / length) * radius;
  const corners = [
    [x1 + nx, y1 + ny],
    [x2 + nx, y2 + ny],
    [x2 - nx, y2 - ny],
    [x1 - nx, y1 - ny],
  ] as const;
  for (let i = 0; i < 4; i++) {
    const [ax, ay] = corners[i]!;
    const [bx, by] = corners[(i + 1) % 4]!;
    if (ay === by || Math.min(ay, by) > y || Math.max(ay, by) < y) continue;
    const x = ax + ((y - ay) / (by - ay)) * (bx - ax);
    add(x, x);
  }
  return [low, high];
}
