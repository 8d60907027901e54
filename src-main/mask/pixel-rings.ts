/**
 * @file Outlines through pixel centres that OpenCV's `fillPoly` turns back into the same mask, holes included. It draws
 * every side of a polygon and fills between them even-odd, so an outline runs over the outermost pixels themselves. A
 * hole is reached by a bridge that is walked twice: it counts for nothing in even-odd, and where it is drawn there is mask
 * already.
 */
import { type Part, type Ring, traceContours } from '../contract/contours.ts';
import type { Mask } from '../contract/mask.ts';

/** An outline pixel by pixel, [x0, y0, x1, y1, ...]; neighbours touch at a side or a corner. */
type Path = readonly number[];

/** A hole and where it is joined: from its own position `from` to the position `at` of another path. */
type Bridge = { readonly hole: number; readonly from: number; readonly to: number; readonly at: number };

/**
 * One ring of whole pixel positions for each part of the mask (pixels that meet at a corner are one part), in raster order,
 * with at least three positions; a position may come several times. `rasteriseOpencv([ring], ...)` is that part.
 */
export function pixelRings(mask: Mask): number[][] {
  return traceContours(mask, 8).map((part) => atLeastThree(straightened(joined(mask, part))));
}

function joined(mask: Mask, { outer, holes }: Part): number[] {
  const paths = [outer, ...holes].map(pixelsAlong);
  if (holes.length === 0) return [...paths[0]!];
  return walk(paths, bridgesOf(mask, [outer, ...holes], paths));
}

/**
 * The pixels inside of a traced ring, one for each unit of its length. The mask lies on the right hand of the ring: below
 * a side that goes right, left of one that goes down, and so on.
 */
function pixelsAlong(ring: Ring): Path {
  const path: number[] = [];
  eachUnit(ring, (x, y, dx, dy) => path.push(...pixelBeside(x, y, dx, dy)));
  return path;
}

function eachUnit(ring: Ring, visit: (x: number, y: number, dx: number, dy: number) => void): void {
  for (let i = 0; i < ring.length; i += 2) {
    const toX = ring[(i + 2) % ring.length]!;
    const toY = ring[(i + 3) % ring.length]!;
    let [x, y] = [ring[i]!, ring[i + 1]!];
    const dx = Math.sign(toX - x);
    const dy = Math.sign(toY - y);
    for (; x !== toX || y !== toY; x += dx, y += dy) visit(x, y, dx, dy);
  }
}

function pixelBeside(x: number, y: number, dx: number, dy: number): [number, number] {
  if (dx > 0) return [x, y];
  if (dy > 0) return [x - 1, y];
  if (dx < 0) return [x - 1, y - 1];
  return [x, y - 1];
}

/**
 * From the left side of each hole straight to the left, over mask, to the first pixel that has none on its left: it lies
 * on another ring. That ring begins farther left, so bridges never go in a circle.
 */
function bridgesOf({ width, data }: Mask, rings: readonly Ring[], paths: readonly Path[]): Bridge[] {
  // Pixels whose left side is an outline, which is walked upwards there.
  const left = new Map<number, { readonly ring: number; readonly at: number }>();
  const starts: { x: number; y: number; from: number }[] = rings.map(() => ({ x: Infinity, y: 0, from: 0 }));
  for (const [ring, corners] of rings.entries()) {
    let unit = 0;
    eachUnit(corners, (x, y, _, dy) => {
      if (dy < 0) left.set((y - 1) * width + x, { ring, at: unit });
      else if (dy > 0 && ring > 0 && x < starts[ring]!.x) starts[ring] = { x, y, from: unit };
      unit++;
    });
  }
  const bridges: Bridge[] = [];
  for (let hole = 1; hole < paths.length; hole++) {
    const { x, y, from } = starts[hole]!;
    let to = x - 1; // the pixel left of the hole
    while (to > 0 && data[y * width + to - 1] === 1) to--;
    const end = left.get(y * width + to)!;
    bridges.push({ hole, from, to: end.ring, at: end.at });
  }
  return bridges;
}

/** Along the outer path; at every bridge to a hole over it, around the hole and back. */
function walk(paths: readonly Path[], bridges: readonly Bridge[]): number[] {
  const at = Map.groupBy(bridges, ({ to }) => to);
  const out: number[] = [];
  type Visit = {
    readonly path: Path;
    readonly from: number;
    step: number;
    todo: Bridge[];
    readonly by: Map<number, Bridge[]>;
  };
  const visit = (ring: number, from: number): Visit => ({
    path: paths[ring]!,
    from,
    step: 0,
    todo: [],
    by: Map.groupBy(at.get(ring) ?? [], ({ at: position }) => position),
  });
  const stack = [visit(0, 0)];
  for (let now = stack.at(-1); now; now = stack.at(-1)) {
    const { path, from } = now;
    const count = path.length / 2;
    const bridge = now.todo.pop();
    if (bridge) {
      stack.push(visit(bridge.hole, bridge.from));
      continue;
    }
    // A hole ends where it began, and the path that it was reached from goes on at the pixel it was left at.
    if (now.step > count) {
      stack.pop();
      const before = stack.at(-1);
      if (before) push(out, before.path, (before.from + before.step - 1) % (before.path.length / 2));
      continue;
    }
    const position = (from + now.step) % count;
    push(out, path, position);
    if (now.step < count) now.todo = [...(now.by.get(position) ?? [])];
    now.step++;
  }
  return out;
}

const push = (out: number[], path: Path, k: number) => void out.push(path[2 * k]!, path[2 * k + 1]!);

/** Without positions in the middle of straight lines (level, upright or diagonal), and without repetitions. */
function straightened(path: readonly number[]): number[] {
  const out: number[] = [];
  const towards = (fromX: number, fromY: number, x: number, y: number) =>
    3 * Math.sign(x - fromX) + Math.sign(y - fromY);
  const unique: number[] = [];
  for (let i = 0; i < path.length; i += 2) {
    if (path[i] !== unique.at(-2) || path[i + 1] !== unique.at(-1)) unique.push(path[i]!, path[i + 1]!);
  }
  while (unique.length > 2 && unique[0] === unique.at(-2) && unique[1] === unique.at(-1)) unique.length -= 2;
  const count = unique.length / 2;
  for (let k = 0; k < count; k++) {
    const [before, after] = [(k + count - 1) % count, (k + 1) % count];
    const [x, y] = [unique[2 * k]!, unique[2 * k + 1]!];
    const came = towards(unique[2 * before]!, unique[2 * before + 1]!, x, y);
    const goes = towards(x, y, unique[2 * after]!, unique[2 * after + 1]!);
    if (came !== goes || count === 1) out.push(x, y);
  }
  return out;
}

/** Readers refuse polygons of one or two corners; a corner that is repeated changes nothing. */
function atLeastThree(ring: number[]): number[] {
  while (ring.length < 6) ring.push(ring[0]!, ring[1]!);
  return ring;
}
