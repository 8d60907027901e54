/** @file Reading a COCO file for choosing: the index of what is on its images, and which photo each of them is. */
import { stat } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';
import { rleBox, rleFromCounts } from '../contract/rle.ts';
import { createIndex, type SelectIndex } from '../dataset/select-index.ts';
import { photoFinder } from '../formats/import-photos.ts';
import { jsonElements } from '../formats/json-elements.ts';
import type { ChosenPhoto } from '../store/add-chosen.ts';
import { walk } from '../store/walk.ts';

export type ReadProgress = (progress: { stage: 'file' | 'photos'; done: number; total: number }) => void;
type ReadOptions = { readonly signal?: AbortSignal | undefined; readonly onProgress?: ReadProgress | undefined };

/** Bytes of the file, or photos, between two reports. */
const reportEvery = { bytes: 1 << 22, photos: 500 } as const;

/** @throws AppError bad-request for what is no COCO file, not-found, the signal's reason. */
export async function readIndex(file: string, { signal, onProgress }: ReadOptions): Promise<SelectIndex> {
  const total = (await stat(file).catch(() => null))?.size;
  if (total === undefined) throw new AppError('not-found', `There is no file ${file}.`, { hint: 'Choose it again.' });
  const builder = createIndex(boxOf);
  const entries: Readonly<Record<string, (value: unknown) => void>> = {
    images: builder.image,
    categories: builder.category,
    annotations: builder.annotation,
  };
  let reported = 0;
  const onBytes = (done: number) => {
    if (done - reported < reportEvery.bytes && done < total) return;
    reported = done;
    onProgress?.({ stage: 'file', done, total });
  };
  const skip = (key: string) => !Object.hasOwn(entries, key);
  for await (const event of jsonElements(file, signal, { lenient: true, skip, onBytes })) {
    if (event.kind === 'element' && Object.hasOwn(entries, event.key)) entries[event.key]?.(event.value);
  }
  const index = builder.finish();
  if (index.images.length > 0 && index.instances > 0) return index;
  const lacks = index.images.length === 0 ? 'images' : 'instances of a class';
  throw new AppError('bad-request', `${file} has no ${lacks} to choose by.`, {
    hint: 'A COCO file of instances is wanted: { "images": [...], "annotations": [...], "categories": [...] }.',
  });
}

/**
 * The photo of each image; null where the folder has none, or where a name fits several. Only files that lie below the
 * folder are ever found, whatever the names in the file say.
 */
export async function findPhotos(
  index: SelectIndex,
  folder: string,
  { signal, onProgress }: ReadOptions,
): Promise<(ChosenPhoto | null)[]> {
  const found: ChosenPhoto[] = [];
  const nothing = () => undefined;
  for await (const onDisk of walk(folder, { signal, onSkip: nothing, onOther: nothing })) {
    const path = onDisk.normalize('NFC');
    found.push({ path, diskPath: onDisk === path ? null : onDisk });
    if (found.length % reportEvery.photos === 0) {
      onProgress?.({ stage: 'photos', done: found.length, total: index.images.length });
    }
  }
  const whole = folder.normalize('NFC').replaceAll('\\', '/').replace(/\/?$/, '/');
  const unknown = { width: 0, height: 0, hash: '' };
  const finder = photoFinder(found.map(({ path }, id) => ({ id, path, whole: `${whole}${path}`, ...unknown })));
  const taken = new Set<number>();
  return index.images.map(({ fileName }) => {
    const { photo } = finder({ name: fileName, width: null, height: null });
    if (!photo || taken.has(photo.id)) return null;
    taken.add(photo.id);
    return found[photo.id]!;
  });
}

type Json = Readonly<Record<string, unknown>>;

/** The box of a segmentation, for annotations that have none; null where it is no segmentation either. */
function boxOf({ segmentation }: Json): readonly number[] | null {
  if (Array.isArray(segmentation)) return boundsOf(segmentation);
  const { size, counts } = (segmentation ?? {}) as Json;
  if (!Array.isArray(size) || size.length !== 2) return null;
  const [height, width] = size as [number, number];
  try {
    if (typeof counts === 'string') return rleBox({ size: [height, width], counts });
    return Array.isArray(counts) ? rleBox(rleFromCounts(counts as number[], height, width)) : null;
  } catch {
    return null;
  }
}

function boundsOf(polygons: readonly unknown[]): readonly number[] | null {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (const polygon of polygons) {
    if (!Array.isArray(polygon)) return null;
    for (let i = 0; i + 1 < polygon.length; i += 2) {
      const [x, y] = [Number(polygon[i]), Number(polygon[i + 1])];
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
    }
  }
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}
