/** @file A draft of an instance from checked runs. */
import type { InstanceDraft, Photo } from '../contract/import.ts';
import { rleOf, runsArea, runsBox } from '../contract/rle.ts';

type Given = Partial<Pick<InstanceDraft, 'score' | 'source' | 'attributes'>>;

/** @param runs canonical column-major runs of a mask of the photo's size; null for one without a pixel. */
export function instanceDraft(
  runs: Uint32Array,
  photo: Photo,
  category: number | null,
  { score = null, source = 'import', attributes = {} }: Given = {},
): InstanceDraft | null {
  const area = runsArea(runs);
  if (area === 0) return null;
  const { id: imageId, height, width } = photo;
  const rle = rleOf(runs, height, width);
  return { imageId, rle, area, bbox: runsBox(runs, height), category, score, source, attributes };
}
