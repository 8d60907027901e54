/**
 * @file A mask as a COCO segmentation, without the loss of a pixel.
 *
 * Polygons run on pixel edges. COCO fills every polygon of an annotation and unites them, so a hole would be filled in
 * silence, and a polygon through pixel centres loses a row and a column. Whether polygons give the mask back is
 * therefore not assumed but tried, with COCO's own rule; where they do not, the mask is written as an RLE string, which
 * always does. So `auto` loses nothing and is the default: most consumers read polygons best (some of them nothing
 * else). `rle` is for consumers that fill polygons by another rule: OpenCV's, for one, paints the far edges as well.
 */

import { traceContours } from '../../contract/contours.ts';
import type { Mask, Rle } from '../../contract/mask.ts';
import type { CocoBox } from '../../contract/records.ts';
import { rleOf, runsBox } from '../../contract/rle.ts';
import { rasteriseCoco } from '../../mask/rasterise-coco.ts';
import type { SegmentationMode } from './source.ts';

/** Polygons [x0, y0, x1, y1, ...] in image pixels, or an RLE with `size` [height, width]. */
export type CocoSegmentation = Rle | number[][];

/** Numbers in all polygons of a mask: with more, the outline is noise, and RLE is many times smaller. */
const mostNumbers = 20_000;

/** @param runs canonical, of a mask of `height` x `width` pixels with at least one pixel inside. */
export function toSegmentation(
  runs: Uint32Array,
  height: number,
  width: number,
  mode: SegmentationMode,
): CocoSegmentation {
  const exact = rleOf(runs, height, width);
  if (mode === 'rle') return exact;
  const polygons = polygonsOf(runs, height);
  return polygons && rasteriseCoco(polygons, width, height).counts === exact.counts ? polygons : exact;
}

/** Outlines on pixel edges; null when there are holes, or too many corners. */
function polygonsOf(runs: Uint32Array, height: number): number[][] | null {
  const box = runsBox(runs, height);
  const [left, top] = box;
  // Pixels that meet at a corner are parts of their own: then no polygon touches itself.
  const parts = traceContours(cropped(runs, height, box), 4);
  let numbers = 0;
  for (const { outer, holes } of parts) {
    numbers += outer.length;
    if (holes.length > 0 || numbers > mostNumbers) return null;
  }
  return parts.map(({ outer }) => outer.map((value, i) => value + (i % 2 === 0 ? left : top)));
}

/** The pixels of the box, which holds the mask: most masks are small beside their photo. */
export function cropped(runs: Uint32Array, height: number, [left, top, boxWidth, boxHeight]: CocoBox): Mask {
  const data = new Uint8Array(boxWidth * boxHeight);
  let end = 0;
  for (let i = 0; i < runs.length; i++) {
    let at = end;
    end += runs[i]!;
    if (i % 2 === 0) continue;
    while (at < end) {
      const column = Math.floor(at / height);
      const bottom = Math.min(end, (column + 1) * height);
      let y = at - column * height - top;
      for (; at < bottom; at++, y++) data[y * boxWidth + column - left] = 1;
    }
  }
  return { width: boxWidth, height: boxHeight, data };
}
