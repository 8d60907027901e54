/**
 * @file The check that every mask passes on its way into the database.
 */
import { AppError } from '../contract/errors.ts';
import type { Rle } from '../contract/mask.ts';
import type { CocoBox } from '../contract/records.ts';
import { rleOf, runsArea, runsBox, runsOf } from '../contract/rle.ts';

export type StoredMask = { rle: Rle; area: number; bbox: CocoBox };

/** The one form of a mask, so that equal masks have equal text. @throws AppError bad-request as `runsOf`. */
export const canonical = (rle: Rle): Rle => rleOf(runsOf(rle), rle.size[0], rle.size[1]);

/**
 * The mask in its canonical form with its area and box. @throws AppError bad-request when the RLE is damaged, is not of
 * the image's size (pixels), or has no pixel: an instance without pixels breaks the readers of every format.
 */
export function storedMask(rle: Rle, image: { width: number; height: number }): StoredMask {
  const [height, width] = rle.size;
  if (height !== image.height || width !== image.width) {
    throw new AppError(
      'bad-request',
      `The mask is ${width} x ${height} pixels, but its image is ${image.width} x ${image.height}.`,
      { hint: 'The mask belongs to another image, or width and height are swapped.' },
    );
  }
  const runs = runsOf(rle);
  const area = runsArea(runs);
  if (area === 0) {
    throw new AppError('bad-request', 'The mask is empty.', {
      hint: 'Delete the instance instead, or say that nothing matches.',
    });
  }
  return { rle: rleOf(runs, height, width), area, bbox: runsBox(runs, height) };
}
