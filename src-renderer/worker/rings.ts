/** @file Rings of a mask as flat numbers: traced once in full, then thinned to what a zoom can show. */
import { type Part, traceContours } from '../../src-main/contract/contours.ts';
import type { Mask } from '../../src-main/contract/mask.ts';
import type { Rings } from './messages.ts';

/** Outer rings and holes of a crop, moved to its place in the image. */
export function traceCrop(crop: Mask, x: number, y: number): Rings {
  return flatten(traceContours(crop), x, y);
}

function flatten(parts: readonly Part[], x: number, y: number): Rings {
  const rings = parts.flatMap(({ outer, holes }) => [outer, ...holes]);
  const starts = new Uint32Array(rings.length + 1);
  for (const [i, ring] of rings.entries()) starts[i + 1] = starts[i]! + ring.length;
  const xy = new Float32Array(starts[rings.length]!);
  let k = 0;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      xy[k++] = ring[i]! + x;
      xy[k++] = ring[i + 1]! + y;
    }
  }
  return { xy, starts };
}

/** Side of the cells in which a zoom (device pixels for an image pixel) cannot tell corners apart: a power of 2, 1 is exact. */
export const cellFor = (zoom: number): number => Math.max(1, 2 ** Math.floor(Math.log2(1 / zoom)));

/**
 * Rings without the corners that lie within `cell` of the one before. A ring that has fewer than three left becomes a square of
 * that size where it begins, when it is a part; holes vanish.
 */
export function thinned({ xy, starts }: Rings, cell: number): Rings {
  if (cell <= 1) return { xy, starts };
  const kept: number[] = [];
  const keptStarts: number[] = [0];
  for (let i = 0; i + 1 < starts.length; i++) {
    const from = starts[i]!;
    const to = starts[i + 1]!;
    const begin = kept.length;
    let x = Number.NEGATIVE_INFINITY;
    let y = Number.NEGATIVE_INFINITY;
    for (let k = from; k < to; k += 2) {
      const nextX = xy[k]!;
      const nextY = xy[k + 1]!;
      if (Math.abs(nextX - x) < cell && Math.abs(nextY - y) < cell) continue;
      kept.push(nextX, nextY);
      x = nextX;
      y = nextY;
    }
    if (kept.length - begin < 6) {
      kept.length = begin;
      if (isHole(xy, from, to)) continue;
      const left = xy[from]!;
      const top = xy[from + 1]!;
      kept.push(left, top, left + cell, top, left + cell, top + cell, left, top + cell);
    }
    keptStarts.push(kept.length);
  }
  return { xy: Float32Array.from(kept), starts: Uint32Array.from(keptStarts) };
}

/** Holes run counter-clockwise on the screen. */
function isHole(xy: Float32Array, from: number, to: number): boolean {
  let twice = 0;
  for (let i = from, j = to - 2; i < to; j = i, i += 2) twice += xy[j]! * xy[i + 1]! - xy[i]! * xy[j + 1]!;
  return twice < 0;
}
