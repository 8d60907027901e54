/** @file Peaks of a smoothed map in the mask frame: where the next prompt goes. */
import { type Frame, maskExtent } from '../contract/geometry.ts';

/**
 * Box blur of `radius`, twice (nearly a Gaussian), of the part that shows the image; the padding becomes -Infinity,
 * so that it is never a peak.
 */
export function blurMap(map: Float32Array, frame: Frame, radius: number): Float32Array {
  const { rows, columns } = maskExtent(frame);
  const stride = frame.maskSize;
  const out = new Float32Array(map.length).fill(-Infinity);
  for (let y = 0; y < rows; y++) out.set(map.subarray(y * stride, y * stride + columns), y * stride);
  const line = new Float32Array(Math.max(rows, columns));
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < rows; y++) blurLine(out, y * stride, 1, columns, radius, line);
    for (let x = 0; x < columns; x++) blurLine(out, x, stride, rows, radius, line);
  }
  return out;
}

/** Mean over 2 x radius + 1 samples, of those that exist, in place. */
function blurLine(
  map: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
  line: Float32Array,
): void {
  let sum = 0;
  let count = 0;
  for (let i = -radius; i < length; i++) {
    const enters = i + radius;
    const leaves = i - radius - 1;
    if (enters < length) {
      sum += map[start + enters * step]!;
      count++;
    }
    if (leaves >= 0) {
      sum -= map[start + leaves * step]!;
      count--;
    }
    if (i >= 0) line[i] = sum / count;
  }
  for (let i = 0; i < length; i++) map[start + i * step] = line[i]!;
}

/** The highest value above `floor` where `state` is 0; null where there is none. Reading order among equals. */
export function highestFree(map: Float32Array, state: Uint8Array, floor: number): { x: number; y: number } | null {
  let best = -1;
  let value = floor;
  for (let k = 0; k < map.length; k++) {
    if (state[k] === 0 && map[k]! > value) {
      value = map[k]!;
      best = k;
    }
  }
  const size = Math.sqrt(map.length);
  return best < 0 ? null : { x: best % size, y: Math.floor(best / size) };
}

/**
 * The place above `floor` that is farthest from all `points`; the highest one where there are none. Null where none is
 * farther than `radius`. Reading order among equals.
 */
export function farthest(
  map: Float32Array,
  points: readonly (readonly [x: number, y: number])[],
  floor: number,
  radius: number,
): { x: number; y: number } | null {
  if (points.length === 0) return highestFree(map, new Uint8Array(map.length), floor);
  const size = Math.sqrt(map.length);
  let best = -1;
  let distance = radius * radius;
  for (let k = 0; k < map.length; k++) {
    if (map[k]! <= floor) continue;
    let nearest = Infinity;
    for (const [x, y] of points) nearest = Math.min(nearest, (x - (k % size)) ** 2 + (y - Math.floor(k / size)) ** 2);
    if (nearest <= distance) continue;
    distance = nearest;
    best = k;
  }
  return best < 0 ? null : { x: best % size, y: Math.floor(best / size) };
}
