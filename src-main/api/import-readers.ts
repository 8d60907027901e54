/** @file The reader of each format that can be imported. */
import type { ImportFormat, ImportProgress, ImportSink } from '../contract/import.ts';
import { importCoco } from '../formats/coco/import.ts';
import type { Project } from '../store/project.ts';

export type ReaderOptions = {
  /** The project that is imported into. */
  readonly project: Project;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly only?: ReadonlySet<number | string>;
};

type Reader = (path: string, sink: ImportSink, options: ReaderOptions) => Promise<void>;

export const readers: Readonly<Partial<Record<ImportFormat, Reader>>> = {
  coco: importCoco,
};
