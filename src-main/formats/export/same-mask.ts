/** @file Masks that were read back. */
import type { ImageRecord } from '../../contract/records.ts';
import { runsOfSegmentation } from '../coco/read.ts';
import type { Selected } from '../coco/selection.ts';
import { differs } from './compare.ts';

/** @throws AppError internal when a COCO segmentation is not the very mask of the instance. */
export function sameMask(
  what: string,
  segmentation: unknown,
  { runs }: Selected,
  { width, height }: ImageRecord,
): void {
  const found = runsOfSegmentation(segmentation, width, height);
  if (found.length === runs.length && found.every((run, k) => run === runs[k])) return;
  throw differs(`the mask of ${what} is another one`);
}
