/**
 * @file Several rings as one, for formats in which a mask is a single polygon. Rings are joined by lines that are walked
 * there and back, which count for nothing where polygons are filled even-odd; readers that draw the sides of a polygon as well
 * (OpenCV's `fillPoly`) get a line of one pixel. So lines are kept short.
 */
import type { Ring } from '../contract/contours.ts';

/** Corners of a ring that are looked at for the shortest line: with more, every second, third and so on. */
const looked = 400;

/** The rings of a mask, outer rings and holes, as one. @param rings at least one. */
export function joinRings(rings: readonly Ring[]): number[] {
  const [first, ...rest] = rings;
  let joined = [...first!];
  for (const ring of rest) {
    const [at, from] = nearest(joined, ring);
    const start = 2 * from;
    const around = [...ring.slice(start), ...ring.slice(0, start), ring[start]!, ring[start + 1]!];
    const corner = joined.slice(2 * at, 2 * at + 2);
    joined = [...joined.slice(0, 2 * at + 2), ...around, ...corner, ...joined.slice(2 * at + 2)];
  }
  return joined;
}

/** The corners of two rings that are nearest to each other, by their positions. */
function nearest(a: Ring, b: Ring): [number, number] {
  const stepA = 2 * Math.ceil(a.length / 2 / looked);
  const stepB = 2 * Math.ceil(b.length / 2 / looked);
  let best = Infinity;
  let found: [number, number] = [0, 0];
  for (let i = 0; i < a.length; i += stepA) {
    for (let j = 0; j < b.length; j += stepB) {
      const distance = (a[i]! - b[j]!) ** 2 + (a[i + 1]! - b[j + 1]!) ** 2;
      if (distance < best) {
        best = distance;
        found = [i / 2, j / 2];
      }
    }
  }
  return found;
}
