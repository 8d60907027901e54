/** @file The reader of each format that can be imported. */

import type { ImportFormat, ImportProgress, ImportSink } from '../contract/import.ts';
import type { Mask } from '../contract/mask.ts';
import { decodeImage } from '../engine/image/decode.ts';
import { importCoco } from '../formats/coco/import.ts';
import { importLabelme } from '../formats/labelme/import.ts';
import { importReasonSeg } from '../formats/reasonseg/import.ts';
import { importYoloSeg } from '../formats/yolo-seg/import.ts';
import { importProject } from '../store/import-project.ts';
import type { Project } from '../store/project.ts';

export type ReaderOptions = {
  /** The project that is imported into. */
  readonly project: Project;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly only?: ReadonlySet<number | string>;
};

type Reader = (path: string, sink: ImportSink, options: ReaderOptions) => Promise<void>;

export const readers: Readonly<Record<ImportFormat, Reader>> = {
  coco: importCoco,
  labelme: (path, sink, options) => importLabelme(path, sink, { ...options, decodePng }),
  reasonseg: importReasonSeg,
  'yolo-seg': importYoloSeg,
  project: importProject,
};

/** Pixels that are not black. @throws AppError bad-image. */
async function decodePng(bytes: Uint8Array, most: number): Promise<Mask> {
  const { width, height, data } = await decodeImage(bytes, { maxPixels: most });
  const inside = new Uint8Array(width * height);
  for (let i = 0; i < inside.length; i++) inside[i] = data[3 * i]! | data[3 * i + 1]! | data[3 * i + 2]! ? 1 : 0;
  return { width, height, data: inside };
}
