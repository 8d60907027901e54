/** @file Where the chip with a mask's number is drawn: on the mask, and where it is broad. */
import type { Bounds } from './messages.ts';

/**
 * A point inside a mask, in the middle of a long column of it, near the middle of its box.
 * @param runs column-major runs in columns of `height` pixels, with at least one pixel set
 * @param box the bounds of the mask
 */
export function chipPlace(runs: Uint32Array, height: number, [x1, , x2]: Bounds): { x: number; y: number } {
  let longest = 0;
  for (const pass of columns(runs, height)) longest = Math.max(longest, pass.length);
  const middle = (x1 + x2 - 1) / 2;
  let best = { x: 0, y: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (const { x, y, length } of columns(runs, height)) {
    if (length < 0.7 * longest) continue;
    const distance = Math.abs(x - middle);
    if (distance >= least) continue;
    least = distance;
    best = { x: x + 0.5, y: y + length / 2 };
  }
  return best;
}

/** The runs of ones, cut at the ends of columns. */
function* columns(runs: Uint32Array, height: number): Generator<{ x: number; y: number; length: number }> {
  for (let i = 1, at = 0; i < runs.length; i += 2) {
    at += runs[i - 1]!;
    const end = at + runs[i]!;
    while (at < end) {
      const x = Math.floor(at / height);
      const y = at - x * height;
      const stop = Math.min(end, (x + 1) * height);
      yield { x, y, length: stop - at };
      at = stop;
    }
  }
}
