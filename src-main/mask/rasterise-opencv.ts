/**
 * @file Polygons to pixels exactly as OpenCV 4.8 `fillPoly` does it (drawing.cpp; 8-connected lines, shift 0), which
 * ReasonSeg's masks are made with: even-odd spans between edges in 16.16 fixed point, and every edge drawn as a line.
 */
import { AppError } from '../contract/errors.ts';
import type { Mask } from '../contract/mask.ts';
import { checkSize } from '../contract/rle.ts';

/** Fixed-point one. Whole numbers up to 2^53 are exact, which `farthest` makes sure of. */
const one = 65_536;
const farthest = 2 ** 20;

/** An edge that is active in rows [top, bottom); `x` is fixed point at the row `top`, `dx` its change a row. */
type Edge = { readonly top: number; readonly bottom: number; readonly x: number; readonly dx: number };

/**
 * Contours [x0, y0, x1, y1, ...] of whole pixel positions (0, 0 is the middle of the first pixel), filled together
 * even-odd. Points may lie outside the frame.
 * @throws AppError bad-request when the size is out of range or a coordinate is not a whole number within 2^20.
 */
export function rasteriseOpencv(contours: readonly (readonly number[])[], width: number, height: number): Mask {
  checkSize(height, width);
  const data = new Uint8Array(width * height);
  const edges: Edge[] = [];
  for (const [index, contour] of contours.entries()) {
    if (contour.length % 2 === 1 || !contour.every((v) => Number.isInteger(v) && Math.abs(v) <= farthest)) {
      throw new AppError(
        'bad-request',
        `Polygon ${index + 1} is not a list of pairs of whole coordinates from -${farthest} to ${farthest}.`,
      );
    }
    for (let i = 0, j = contour.length - 2; i < contour.length; j = i, i += 2) {
      const edge = drawEdge(data, width, height, contour[j]!, contour[j + 1]!, contour[i]!, contour[i + 1]!);
      if (edge) edges.push(edge);
    }
  }
  fillSpans(data, width, height, edges);
  return { width, height, data };
}

/** Draws one side of a polygon and returns it as an edge for filling; undefined when it is horizontal. */
function drawEdge(
  data: Uint8Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): Edge | undefined {
  const line = clipLine(width, height, x0, y0, x1, y1);
  if (line.visible) drawLine(data, width, line.points);
  if (y0 === y1) return undefined;
  // An edge that leaves the frame takes its slope from its clipped ends, so that it fills what was drawn, and then
  // has no rounding half; other edges do.
  const inFrame = x0 >= 0 && x1 >= 0 && y0 >= 0 && y1 >= 0 && x0 < width && x1 < width && y0 < height && y1 < height;
  const useClipped = !inFrame && line.points[1] !== line.points[3];
  const [ax, ay, bx, by] = useClipped ? line.points : ([x0, y0, x1, y1] as const);
  const half = inFrame ? one / 2 : 0;
  const dx = Math.trunc(((bx - ax) * one) / (by - ay));
  const [top, bottom] = y0 < y1 ? [y0, y1] : [y1, y0];
  const [nearX, nearY] = y0 < y1 ? [ax, ay] : [bx, by];
  return { top, bottom, x: nearX * one + half + (top - nearY) * dx, dx };
}

/** In each row, fills between the first and second edge from the left, the third and fourth, and so on, ends included. */
function fillSpans(data: Uint8Array, width: number, height: number, edges: Edge[]): void {
  if (edges.length < 2) return;
  edges.sort((a, b) => a.top - b.top);
  let active: Edge[] = [];
  let next = 0;
  for (let y = Math.max(0, edges[0]!.top); y < height; y++) {
    while (next < edges.length && edges[next]!.top <= y) active.push(edges[next++]!);
    active = active.filter((edge) => edge.bottom > y);
    if (active.length === 0 && next === edges.length) return;
    const xs = active.map((edge) => edge.x + (y - edge.top) * edge.dx).sort((a, b) => a - b);
    for (let k = 0; k + 1 < xs.length; k += 2) {
      const start = Math.max(0, Math.floor(xs[k]! / one));
      const end = Math.min(width - 1, Math.floor(xs[k + 1]! / one));
      if (start <= end) data.fill(1, y * width + start, y * width + end + 1);
    }
  }
}

type Segment = readonly [number, number, number, number];

/** The line's part inside the frame (Cohen-Sutherland, truncating as `clipLine` does), and whether there is one. */
function clipLine(width: number, height: number, ...ends: Segment): { visible: boolean; points: Segment } {
  let [x1, y1, x2, y2] = ends;
  const right = width - 1;
  const bottom = height - 1;
  const sides = (x: number) => (x < 0 ? 1 : 0) + (x > right ? 2 : 0);
  const code = (x: number, y: number) => sides(x) + (y < 0 ? 4 : 0) + (y > bottom ? 8 : 0);
  let c1 = code(x1, y1);
  let c2 = code(x2, y2);
  const crosses = () => (c1 & c2) === 0 && (c1 | c2) !== 0;
  if (crosses()) {
    if (c1 & 12) {
      const y = c1 < 8 ? 0 : bottom;
      x1 += Math.trunc(((y - y1) * (x2 - x1)) / (y2 - y1));
      y1 = y;
      c1 = sides(x1);
    }
    if (c2 & 12) {
      const y = c2 < 8 ? 0 : bottom;
      x2 += Math.trunc(((y - y2) * (x2 - x1)) / (y2 - y1));
      y2 = y;
      c2 = sides(x2);
    }
    if (crosses()) {
      if (c1) {
        const x = c1 === 1 ? 0 : right;
        y1 += Math.trunc(((x - x1) * (y2 - y1)) / (x2 - x1));
        x1 = x;
        c1 = 0;
      }
      if (c2) {
        const x = c2 === 1 ? 0 : right;
        y2 += Math.trunc(((x - x2) * (y2 - y1)) / (x2 - x1));
        x2 = x;
        c2 = 0;
      }
    }
  }
  return { visible: (c1 | c2) === 0, points: [x1, y1, x2, y2] };
}

/** Bresenham's line, 8-connected, always from left to right, as `LineIterator` walks it. */
function drawLine(data: Uint8Array, width: number, [x1, y1, x2, y2]: Segment): void {
  const [left, leftY, right, rightY] = x1 <= x2 ? [x1, y1, x2, y2] : [x2, y2, x1, y1];
  const dx = right - left;
  const dy = Math.abs(rightY - leftY);
  const down = rightY < leftY ? -width : width;
  const long = Math.max(dx, dy);
  const short = Math.min(dx, dy);
  const [always, sometimes] = dx >= dy ? [1, down] : [down, 1];
  let error = long - 2 * short;
  let at = leftY * width + left;
  for (let k = 0; k <= long; k++) {
    data[at] = 1;
    at += always + (error < 0 ? sometimes : 0);
    error += (error < 0 ? 2 * long : 0) - 2 * short;
  }
}
