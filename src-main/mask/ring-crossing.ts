/**
 * @file Whether rings cross themselves or each other, which many readers of polygons refuse as invalid.
 */
import type { Ring } from '../contract/contours.ts';

/**
 * True when two edges meet anywhere but at a corner that both have: they cross, one ends on the other, or they
 * overlap. Rings that share corners, as traced rings do where pixels meet diagonally, do not cross.
 */
export function ringsCross(rings: readonly Ring[]): boolean {
  const edges = rings.flatMap(edgesOf).sort((a, b) => a.left - b.left);
  // Edges that the sweep from left to right is on; those that ended are dropped on the way.
  const active: Edge[] = [];
  for (const edge of edges) {
    let kept = 0;
    for (const other of active) {
      if (other.right < edge.left) continue;
      active[kept++] = other;
      if (other.top <= edge.bottom && edge.top <= other.bottom && meet(edge, other)) return true;
    }
    active.length = kept;
    active.push(edge);
  }
  return false;
}

type Edge = ReturnType<typeof edgesOf>[number];

function edgesOf(ring: Ring) {
  return Array.from({ length: ring.length / 2 }, (_, k) => {
    const [x0, y0] = [ring[2 * k]!, ring[2 * k + 1]!];
    const next = (2 * k + 2) % ring.length;
    const [x1, y1] = [ring[next]!, ring[next + 1]!];
    const [left, right] = x0 < x1 ? [x0, x1] : [x1, x0];
    const [top, bottom] = y0 < y1 ? [y0, y1] : [y1, y0];
    return { x0, y0, x1, y1, left, right, top, bottom };
  });
}

function meet(a: Edge, b: Edge): boolean {
  const [a0, a1] = [side(b, a.x0, a.y0), side(b, a.x1, a.y1)];
  const [b0, b1] = [side(a, b.x0, b.y0), side(a, b.x1, b.y1)];
  if (a0 * a1 < 0 && b0 * b1 < 0) return true;
  if (a0 === 0 && within(b, a.x0, a.y0)) return true;
  if (a1 === 0 && within(b, a.x1, a.y1)) return true;
  if (b0 === 0 && within(a, b.x0, b.y0)) return true;
  if (b1 === 0 && within(a, b.x1, b.y1)) return true;
  return isEnd(a, b.x0, b.y0) && isEnd(a, b.x1, b.y1);
}

/** Positive on one side of the edge's line, negative on the other, 0 on it. Exact for whole coordinates. */
const side = ({ x0, y0, x1, y1 }: Edge, x: number, y: number) => (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);

/** For a point on the edge's line: whether it lies between the ends. */
const within = (edge: Edge, x: number, y: number) =>
  x >= edge.left && x <= edge.right && y >= edge.top && y <= edge.bottom && !isEnd(edge, x, y);

const isEnd = ({ x0, y0, x1, y1 }: Edge, x: number, y: number) => (x === x0 && y === y0) || (x === x1 && y === y1);
