/** @file mask.edit: what can be done to a mask without a model. */
import type { MaskEditInput, Output } from '../contract/api.ts';
import type { Mask } from '../contract/mask.ts';
import { decodeRle, encodeRle, rleArea } from '../contract/rle.ts';
import { fillHoles, keepLargest, removeIslands } from '../mask/components.ts';
import { dilate, erode } from '../mask/morphology.ts';

/** `pixels` is a radius for grow and shrink, an area below which holes and specks go for the others. */
const operations: Readonly<Record<MaskEditInput['operation'], (mask: Mask, pixels: number) => Mask>> = {
  grow: (mask, pixels) => dilate(mask, pixels),
  // An object that the frame cuts does not end there.
  shrink: (mask, pixels) => erode(mask, pixels, 'disk', { outside: 1 }),
  'fill-holes': (mask, pixels) => fillHoles(mask, pixels, { enclosedOnly: true }),
  'drop-specks': (mask, pixels) => removeIslands(mask, pixels),
  'keep-largest': (mask) => keepLargest(mask),
};

/** The mask after the operation; it may be empty after shrinking. @throws AppError bad-request for a bad RLE. */
export function editMask({ mask, operation, pixels }: MaskEditInput): Output<'mask.edit'> {
  const edited = encodeRle(operations[operation](decodeRle(mask), pixels));
  return { mask: edited, area: rleArea(edited) };
}
