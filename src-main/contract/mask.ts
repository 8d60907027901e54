/**
 * @file The two forms of a mask. `Rle` is the truth that is stored and sent; `Mask` is pixels, for work.
 */
import { z } from 'zod';

/** Pixels of one mask, row-major, 1 inside and 0 outside; `data[y * width + x]` covers [x, x+1) x [y, y+1). */
export type Mask = { readonly width: number; readonly height: number; readonly data: Uint8Array };

/**
 * COCO run-length encoding: `size` is [height, width], `counts` the compressed string of column-major runs that
 * start with a run of zeros (cocoapi, maskApi.c `rleToString`).
 */
export const rleSchema = z.object({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  counts: z.string(),
});
export type Rle = z.infer<typeof rleSchema>;
