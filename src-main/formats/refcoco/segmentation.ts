/**
 * @file Masks for REFER and G_REFER. Both take `segmentation[0]` first: a list of polygons they can read, a plain RLE they
 * cannot. So a hole is joined to its part's outline, which COCO's rule fills as it should; the mask is tried by that rule, and
 * where it is not the very one (noise of too many corners) it becomes [RLE], the form of RefCLEF.
 */
import { traceContours } from '../../contract/contours.ts';
import type { Rle } from '../../contract/mask.ts';
import { rleOf, runsBox } from '../../contract/rle.ts';
import { joinRings } from '../../mask/join-rings.ts';
import { rasteriseCoco } from '../../mask/rasterise-coco.ts';
import { cropped } from '../coco/segmentation.ts';

/** Numbers in all polygons of a mask. */
const mostNumbers = 20_000;

export type RefSegmentation = number[][] | [Rle];

/** @param runs canonical, of a mask of `height` x `width` pixels with at least one pixel inside. */
export function toRefSegmentation(runs: Uint32Array, height: number, width: number): RefSegmentation {
  const exact = rleOf(runs, height, width);
  const box = runsBox(runs, height);
  const parts = traceContours(cropped(runs, height, box), 4);
  const numbers = parts.reduce((sum, { outer, holes }) => sum + outer.length + holes.flat().length, 0);
  if (numbers > mostNumbers) return [exact];
  const polygons = parts.map(({ outer, holes }) =>
    joinRings([outer, ...holes]).map((value, i) => value + box[i % 2 === 0 ? 0 : 1]),
  );
  return rasteriseCoco(polygons, width, height).counts === exact.counts ? polygons : [exact];
}
