/**
 * @file Fewer vertices for outlines, with two promises: no point of the outline moves farther than a bound in
 * pixels, and the IoU with the exact mask stays above a floor.
 *
 * Douglas-Peucker rather than Visvalingam, because its tolerance is that bound: "nothing moves by more than 2 px" is what
 * a person can check on the screen. Visvalingam bounds the area of a triangle, and lets a long thin spike go whole.
 * Area is what the floor guards: the tolerance of a part is lowered until the IoU, counted in pixels, is met.
 */

import { type Part, type Ring, ringArea, ringsOf } from '../contract/contours.ts';
import type { Mask } from '../contract/mask.ts';
import { rasteriseRings } from './rasterise-even-odd.ts';
import { ringsCross } from './ring-crossing.ts';

export type SimplifyOptions = {
  /** Floor of the IoU with the exact mask, of each part and of the whole. 0.98 by default. */
  readonly minIou?: number;
  /** Pixels that the outline may move. 2 by default. */
  readonly maxShift?: number;
  /** Rings of fewer pixels than this stay exact: little is won, and their shape is soon lost. 64 by default. */
  readonly smallArea?: number;
};

/** A mask with more vertices is noise: there is no outline to simplify, and trying would take minutes. */
const mostVertices = 2 ** 18;

export type Simplified = {
  /** As the input: the same parts with the same holes, in the same order and direction. */
  readonly parts: Part[];
  /** The rings of `parts` in one list: outer, its holes, the next outer, and so on. */
  readonly rings: Ring[];
  /** With the exact mask, by the pixel-centre rule. 1 for an empty mask. */
  readonly iou: number;
  readonly vertices: number;
};

/**
 * Simplifies traced parts (`traceContours`). Vertices are a subset of the traced corners, so coordinates stay whole.
 * No ring gets fewer than three vertices, half its area or another direction, and none crosses itself or another;
 * where that cannot be had, the part stays exact.
 */
export function simplify(parts: readonly Part[], options: SimplifyOptions = {}): Simplified {
  const { minIou = 0.98, maxShift = 2, smallArea = 64 } = options;
  const exact = ringsOf(parts);
  const unchanged = { parts: [...parts], rings: exact, iou: 1, vertices: countVertices(exact) };
  if (unchanged.vertices > mostVertices) return unchanged;
  const whole = frameOf(parts);
  const pinned = sharedCorners(exact);
  const weighted = parts.map((part) => ({
    part,
    frame: frameOf([part]),
    rings: ringsOf([part]).map((ring) => weigh(ring, pinned, smallArea)),
  }));
  // Parts are simplified alone; should neighbours then get in each other's way, all are asked to move less.
  for (let limit = maxShift; limit > 0.25; limit /= 2) {
    const result = weighted.map(({ part, frame, rings }) => simplifyPart(part, frame, rings, limit, minIou));
    const rings = ringsOf(result);
    const iou = iouOfMasks(whole.exact, draw(rings, whole));
    if (iou >= minIou && !ringsCross(rings)) return { parts: result, rings, iou, vertices: countVertices(rings) };
  }
  return unchanged;
}

/** Corners that rings pass more than once. Were one kept in one ring and dropped in another, the two would cross. */
function sharedCorners(rings: readonly Ring[]): Set<number> {
  const seen = new Set<number>();
  const shared = new Set<number>();
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const key = cornerKey(ring[i]!, ring[i + 1]!);
      if (seen.has(key)) shared.add(key);
      seen.add(key);
    }
  }
  return shared;
}

const cornerKey = (x: number, y: number) => y * 2 ** 26 + x;

/** The mask of some parts, cut to their box. */
type Frame = { readonly left: number; readonly top: number; readonly exact: Mask };

function frameOf(parts: readonly Part[]): Frame {
  let [left, top, right, bottom] = [Infinity, Infinity, 1, 1];
  for (const { outer } of parts) {
    for (let i = 0; i < outer.length; i += 2) {
      left = Math.min(left, outer[i]!);
      right = Math.max(right, outer[i]!);
      top = Math.min(top, outer[i + 1]!);
      bottom = Math.max(bottom, outer[i + 1]!);
    }
  }
  if (left === Infinity) [left, top] = [0, 0];
  return { left, top, exact: rasteriseRings(ringsOf(parts), right - left, bottom - top, [left, top]) };
}

const draw = (rings: readonly Ring[], { left, top, exact }: Frame) =>
  rasteriseRings(rings, exact.width, exact.height, [left, top]);

/** The largest tolerance up to `limit` that keeps the promises for one part, found by halving. */
function simplifyPart(part: Part, frame: Frame, rings: readonly Weighted[], limit: number, minIou: number): Part {
  const attempt = (tolerance: number): Part | undefined => {
    const [outer, ...holes] = rings.map((ring) => pick(ring, tolerance));
    if (!outer || holes.some((hole) => hole === undefined)) return undefined;
    const simpler = { outer, holes: holes as Ring[] };
    const list = ringsOf([simpler]);
    return !ringsCross(list) && iouOfMasks(frame.exact, draw(list, frame)) >= minIou ? simpler : undefined;
  };
  let best = attempt(limit);
  if (best) return best;
  let [low, high] = [0, limit];
  for (let i = 0; i < 6; i++) {
    const middle = (low + high) / 2;
    const simpler = attempt(middle);
    if (simpler) [best, low] = [simpler, middle];
    else high = middle;
  }
  return best ?? part;
}

/** A ring and, for each vertex, the tolerance from which Douglas-Peucker drops it. */
type Weighted = { readonly ring: Ring; readonly weights: Float64Array };

/** The vertices with more weight than the tolerance; undefined when the ring collapses. */
function pick({ ring, weights }: Weighted, tolerance: number): Ring | undefined {
  const kept = ring.filter((_, i) => weights[i >> 1]! > tolerance);
  return kept.length >= 6 && ringArea(kept) / ringArea(ring) >= 0.5 ? kept : undefined;
}

/**
 * Douglas-Peucker for all tolerances at once: a vertex stays while its distance to the chord, and that of every split
 * above it, is larger than the tolerance. The ring is cut at its first vertex, at the one farthest from that, and at
 * the pinned ones, which all stay.
 */
function weigh(ring: Ring, pinned: ReadonlySet<number>, smallArea: number): Weighted {
  const count = ring.length / 2;
  const weights = new Float64Array(count).fill(Infinity);
  if (count < 4 || Math.abs(ringArea(ring)) < smallArea) return { ring, weights };
  let opposite = 0;
  let farthest = -1;
  for (let k = 1; k < count; k++) {
    const distance = Math.hypot(ring[2 * k]! - ring[0]!, ring[2 * k + 1]! - ring[1]!);
    if (distance > farthest) [farthest, opposite] = [distance, k];
  }
  const anchors = [0, count];
  for (let k = 1; k < count; k++) {
    if (k === opposite || pinned.has(cornerKey(ring[2 * k]!, ring[2 * k + 1]!))) anchors.push(k);
  }
  anchors.sort((a, b) => a - b);
  const spans = anchors.slice(1).map((to, i) => ({ from: anchors[i]!, to, limit: Infinity }));
  for (let span = spans.pop(); span; span = spans.pop()) {
    const { from, to, limit } = span;
    if (to - from < 2) continue;
    let middle = from + 1;
    let most = -1;
    for (let k = from + 1; k < to; k++) {
      const distance = distanceToSegment(ring, k, from, to % count);
      if (distance > most) [most, middle] = [distance, k];
    }
    // Between two visits of one corner lies a lobe, which must not shrink to that corner.
    const lobe = ring[2 * from] === ring[2 * (to % count)] && ring[2 * from + 1] === ring[2 * (to % count) + 1];
    const weight = lobe ? Infinity : Math.min(limit, most);
    weights[middle] = weight;
    spans.push({ from, to: middle, limit: weight }, { from: middle, to, limit: weight });
  }
  return { ring, weights };
}

/** Pixels from vertex `k` of a ring to the straight line between the vertices `a` and `b`, ends included. */
function distanceToSegment(ring: Ring, k: number, a: number, b: number): number {
  const ax = ring[2 * a]!;
  const ay = ring[2 * a + 1]!;
  const dx = ring[2 * b]! - ax;
  const dy = ring[2 * b + 1]! - ay;
  const px = ring[2 * k]! - ax;
  const py = ring[2 * k + 1]! - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
  const x = px - along * dx;
  const y = py - along * dy;
  return Math.sqrt(x * x + y * y);
}

function iouOfMasks(a: Mask, b: Mask): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    both += a.data[i]! & b.data[i]!;
    either += a.data[i]! | b.data[i]!;
  }
  return either === 0 ? 1 : both / either;
}

const countVertices = (rings: readonly Ring[]) => rings.reduce((sum, ring) => sum + ring.length / 2, 0);
