/**
 * @file Rings with only the corners that a zoom can show. Outlines on pixel edges are stairs with a corner for every pixel;
 * drawn small, nearly all of them are work without effect. Drawn large, all of them are kept.
 */
import type { Rings } from './messages.ts';

/** From this zoom (device pixels for an image pixel) on every pixel edge is drawn. */
const exactZoom = 1.4;

/**
 * How far, in image pixels, a drawn outline may lie beside the true one; 0 is exact. Below one device pixel always, and one of
 * few values, so that thinned rings can be kept. At 0.75 the stairs of a slope become a line: their corners lie 0.71 off it.
 */
export const toleranceFor = (zoom: number): number =>
  zoom >= exactZoom ? 0 : 0.75 * 2 ** Math.max(0, Math.floor(Math.log2(1 / zoom)));

/**
 * Rings within `tolerance` of the given ones (Douglas and Peucker). A part that shrinks to nothing becomes a square of that
 * size, so that it stays to be seen; such a hole vanishes.
 */
export function thinned({ xy, starts }: Rings, tolerance: number): Rings {
  if (tolerance <= 0) return { xy, starts };
  const keep = new Uint8Array(xy.length >> 1);
  const kept: number[] = [];
  const keptStarts: number[] = [0];
  for (let i = 0; i + 1 < starts.length; i++) {
    const [from, to] = [starts[i]! >> 1, starts[i + 1]! >> 1];
    const far = farthest(xy, from, to);
    keep[from] = 1;
    keep[far] = 1;
    mark(xy, from, far, far, keep, tolerance);
    mark(xy, far, to, from, keep, tolerance);
    const begin = kept.length;
    for (let k = from; k < to; k++) if (keep[k] === 1) kept.push(xy[2 * k]!, xy[2 * k + 1]!);
    if (kept.length - begin < 6) {
      kept.length = begin;
      if (isHole(xy, from, to)) continue;
      const [x, y] = [xy[2 * from]!, xy[2 * from + 1]!];
      kept.push(x, y, x + tolerance, y, x + tolerance, y + tolerance, x, y + tolerance);
    }
    keptStarts.push(kept.length);
  }
  return { xy: Float32Array.from(kept), starts: Uint32Array.from(keptStarts) };
}

/** The corner of a ring that is farthest from its first one. */
function farthest(xy: Float32Array, from: number, to: number): number {
  let best = from;
  let most = -1;
  for (let k = from; k < to; k++) {
    const distance = (xy[2 * k]! - xy[2 * from]!) ** 2 + (xy[2 * k + 1]! - xy[2 * from + 1]!) ** 2;
    if (distance <= most) continue;
    most = distance;
    best = k;
  }
  return best;
}

/** Marks the corners to keep strictly between `from` and `to`; the line ends at corner `end`, which is `to` or closes the ring. */
function mark(xy: Float32Array, from: number, to: number, end: number, keep: Uint8Array, tolerance: number): void {
  const spans = [from, to, end];
  while (spans.length > 0) {
    const last = spans.pop()!;
    const stop = spans.pop()!;
    const start = spans.pop()!;
    const [x, y] = [xy[2 * start]!, xy[2 * start + 1]!];
    const [dx, dy] = [xy[2 * last]! - x, xy[2 * last + 1]! - y];
    const length = dx * dx + dy * dy;
    let worst = -1;
    let most = tolerance * tolerance;
    for (let k = start + 1; k < stop; k++) {
      const [px, py] = [xy[2 * k]! - x, xy[2 * k + 1]! - y];
      // From the segment, not from its line: a ring may turn back on itself.
      const t = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
      const distance = (px - t * dx) ** 2 + (py - t * dy) ** 2;
      if (distance <= most) continue;
      most = distance;
      worst = k;
    }
    if (worst < 0) continue;
    keep[worst] = 1;
    spans.push(start, worst, worst, worst, stop, last);
  }
}

/** Holes run counter-clockwise on the screen. */
function isHole(xy: Float32Array, from: number, to: number): boolean {
  let twice = 0;
  for (let i = from, j = to - 1; i < to; j = i, i++) {
    twice += xy[2 * j]! * xy[2 * i + 1]! - xy[2 * i]! * xy[2 * j + 1]!;
  }
  return twice < 0;
}
