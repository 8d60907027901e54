/** @file The outline of a mask as a path that can be drawn, for page and worker. */
import type { Rings } from './messages.ts';
import { thinned, toleranceFor } from './thin.ts';

export type Outline = {
  readonly rings: Rings;
  /** For the zoom that was drawn last. */
  path: { readonly tolerance: number; readonly path: Path2D } | null;
};

/** The path in image pixels, with the corners that show at a zoom (device pixels for an image pixel). */
export function pathOf(outline: Outline, zoom: number): Path2D {
  const tolerance = toleranceFor(zoom);
  if (outline.path?.tolerance !== tolerance) {
    outline.path = { tolerance, path: toPath(thinned(outline.rings, tolerance)) };
  }
  return outline.path.path;
}

function toPath({ xy, starts }: Rings): Path2D {
  const path = new Path2D();
  for (let i = 0; i + 1 < starts.length; i++) {
    const to = starts[i + 1]!;
    path.moveTo(xy[starts[i]!]!, xy[starts[i]! + 1]!);
    for (let k = starts[i]! + 2; k < to; k += 2) path.lineTo(xy[k]!, xy[k + 1]!);
    path.closePath();
  }
  return path;
}
