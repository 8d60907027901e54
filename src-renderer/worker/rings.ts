/** @file Rings of a mask as flat numbers. */
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
