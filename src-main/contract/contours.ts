/**
 * @file Outlines of a mask traced on pixel edges (cracks): corners of the pixel grid, exact, and reversible by
 * `rasteriseRings`. Works on row runs, so time and memory follow the length of the outline.
 */
import type { Mask } from './mask.ts';
import { type Connectivity, labelRuns, type RowRuns, rowRuns } from './row-runs.ts';

/**
 * A closed ring [x0, y0, x1, y1, ...] in image pixels, the last corner joined to the first. Traced rings have whole
 * coordinates and a corner only where the direction changes.
 */
export type Ring = readonly number[];

/**
 * A connected part of a mask: its outer ring, clockwise on the screen (y down; positive `ringArea`), and its holes,
 * counter-clockwise (negative). The outer ring starts at the upper left corner of the part's first pixel.
 */
export type Part = { readonly outer: Ring; readonly holes: readonly Ring[] };

/**
 * Parts of a mask in raster order of their first pixels, holes likewise.
 * With `connectivity` 8 pixels that meet at a corner are one part, and its ring passes that corner twice; with 4 they are two
 * parts, and holes that meet at a corner are one. No ring crosses itself or another either way.
 */
export function traceContours(mask: Mask, connectivity: Connectivity = 8): Part[] {
  const runs = rowRuns(mask, 1);
  const { labels, count } = labelRuns(runs, connectivity);
  const { next, ys } = linkSides(runs, connectivity);
  const found = Array.from({ length: count }, () => ({ outer: [] as Ring, holes: [] as Ring[] }));
  const done = new Uint8Array(next.length);
  // Sides in raster order. In its topmost row a ring is met first at its left: for an outer ring that is where a run
  // begins (even), for a hole where the run beside it ends (odd).
  for (let side = 0; side < next.length; side++) {
    if (done[side] === 1) continue;
    const ring = follow(side, runs, next, ys, done);
    const part = found[labels[side >> 1]!]!;
    if (side % 2 === 0) part.outer = ring;
    else part.holes.push(ring);
  }
  return found;
}

/** All rings of the parts, outer rings and holes, for a rasteriser. */
export function ringsOf(parts: readonly Part[]): Ring[] {
  return parts.flatMap(({ outer, holes }) => [outer, ...holes]);
}

/** Signed area in pixels: positive for rings that run clockwise on the screen (shoelace formula with y down). */
export function ringArea(ring: Ring): number {
  let twice = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    twice += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
  }
  return twice / 2;
}

/**
 * The side that follows each side of each run. Side 2k is the left end of run k, walked upwards; 2k + 1 is its
 * right end, walked downwards: the mask lies on the right hand, so outer rings run clockwise.
 */
function linkSides(
  { starts, ends, rows }: RowRuns,
  connectivity: Connectivity,
): { next: Uint32Array; ys: Uint32Array } {
  const next = new Uint32Array(2 * starts.length);
  const ys = new Uint32Array(2 * starts.length);
  const height = rows.length - 1;
  const x = (side: number) => (side % 2 === 0 ? starts[side >> 1]! : ends[side >> 1]!);
  for (let y = 0; y <= height; y++) {
    // Ends of the runs above and below this line, from left to right; they are sides by number.
    let above = y === 0 ? 0 : 2 * rows[y - 1]!;
    const aboveEnd = y === 0 ? 0 : 2 * rows[y]!;
    let below = y === height ? 0 : 2 * rows[y]!;
    const belowEnd = y === height ? 0 : 2 * rows[y + 1]!;
    for (let side = below; side < belowEnd; side++) ys[side] = y;
    let open = -1; // the side where the horizontal edge began that is waiting for its right end
    const meet = (side: number, isAbove: boolean) => {
      if (open < 0) {
        open = side;
        return;
      }
      // A side reaches this line when it is walked towards it: right sides from above, left sides from below.
      if (isAbove === (side % 2 === 1)) next[side] = open;
      else next[open] = side;
      open = -1;
    };
    while (above < aboveEnd || below < belowEnd) {
      const xAbove = above < aboveEnd ? x(above) : Number.POSITIVE_INFINITY;
      const xBelow = below < belowEnd ? x(below) : Number.POSITIVE_INFINITY;
      if (xAbove !== xBelow) {
        if (xAbove < xBelow) meet(above++, true);
        else meet(below++, false);
      } else if (above % 2 === below % 2) {
        // The outline goes straight on.
        if (above % 2 === 0) next[below] = above;
        else next[above] = below;
        above++;
        below++;
      } else {
        // Two pixels meet at this corner. The left of the two edges here belongs to the pixel on the left, which
        // lies above when its run ends there: with 4 the ring stays on that pixel, with 8 it changes over.
        const stay = connectivity === 4;
        const leftIsAbove = above % 2 === 1;
        const first = leftIsAbove === stay;
        meet(first ? above : below, first);
        meet(first ? below : above, !first);
        above++;
        below++;
      }
    }
  }
  return { next, ys };
}

/** Corners of the ring that passes a side. */
function follow(side: number, { starts, ends }: RowRuns, next: Uint32Array, ys: Uint32Array, done: Uint8Array): Ring {
  const ring: number[] = [];
  const x = (at: number) => (at % 2 === 0 ? starts[at >> 1]! : ends[at >> 1]!);
  let at = side;
  do {
    done[at] = 1;
    const to = next[at]!;
    // Sides that differ in x are joined by a horizontal edge; between two at the same x there is no corner.
    if (x(at) !== x(to)) {
      const y = at % 2 === 0 ? ys[at]! : ys[at]! + 1;
      ring.push(x(at), y, x(to), y);
    }
    at = to;
  } while (at !== side);
  return ring;
}
