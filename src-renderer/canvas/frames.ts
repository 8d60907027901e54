/** @file One drawing a frame, of what changed only; and how long it took. */
import { type Rect, union } from './rect.ts';
import type { CanvasStats } from './types.ts';

export type Frames = {
  readonly base: () => void;
  /** The upper canvas, or a rectangle of it (CSS pixels). */
  readonly top: (part?: Rect) => void;
  /** The committed masks changed, or the view of them. */
  readonly stale: () => void;
  /** A committed layer that is up to date will be drawn with the next frame. */
  readonly fresh: () => void;
  readonly stats: () => CanvasStats;
  readonly stop: () => void;
};

const kept = 1000;

export function createFrames(drawBase: () => void, drawTop: (part: Rect | null) => void): Frames {
  const stats = { base: [] as number[], top: [] as number[], fresh: [] as number[] };
  let handle = 0;
  let baseIsDirty = false;
  let topIsDirty = false;
  let part: Rect | null = null; // of the upper canvas; null: all of it
  let changed: number | null = null;
  let freshIsNext = false;

  const keep = (list: number[], value: number) => {
    if (list.length === kept) list.shift();
    list.push(value);
  };
  const timed = (list: number[], draw: () => void) => {
    const start = performance.now();
    draw();
    keep(list, performance.now() - start);
  };
  const run = () => {
    handle = 0;
    const [base, top, rect] = [baseIsDirty, topIsDirty, part];
    baseIsDirty = false;
    topIsDirty = false;
    part = null;
    if (base) timed(stats.base, drawBase);
    if (top) timed(stats.top, () => drawTop(rect));
    if (!freshIsNext) return;
    freshIsNext = false;
    if (changed !== null) keep(stats.fresh, performance.now() - changed);
    changed = null;
  };
  const request = () => {
    if (handle === 0) handle = requestAnimationFrame(run);
  };

  return {
    base: () => {
      baseIsDirty = true;
      request();
    },
    top: (rect) => {
      if (rect === undefined) part = null;
      else if (!topIsDirty) part = rect;
      else if (part !== null) part = union(part, rect);
      topIsDirty = true;
      request();
    },
    stale: () => {
      changed = performance.now();
    },
    fresh: () => {
      freshIsNext = true;
      baseIsDirty = true;
      request();
    },
    stats: () => ({ base: [...stats.base], top: [...stats.top], fresh: [...stats.fresh] }),
    stop: () => cancelAnimationFrame(handle),
  };
}
