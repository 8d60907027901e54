/**
 * @file Annotations of other files into a project: read, checked and planned first, then written in one transaction.
 * Before that a copy of the project is made, which is the way back: undo is kept image by image, and an import is
 * about thousands of them. What is refused or cancelled has changed nothing.
 */
import { basename } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { ImportFormat, ImportProgress, ImportReport } from '../contract/import.ts';
import { mendTexts } from '../contract/import-reasons.ts';
import type { Actor } from '../contract/records.ts';
import { photoFinder } from '../formats/import-photos.ts';
import { type FilledSink, importSink } from '../formats/import-sink.ts';
import { backup, prune } from '../store/backup.ts';
import { type AppliedImport, applyImport } from '../store/import-apply.ts';
import { projectPhotos } from '../store/import-photos.ts';
import { backupFolder, type Project } from '../store/project.ts';
import { guessFormat } from './import-guess.ts';
import { readers } from './import-readers.ts';

export type ImportOptions = {
  /** Absent: found from the content, and said in the report. */
  readonly format?: ImportFormat | undefined;
  /** Tells what would be, and changes nothing. */
  readonly dryRun?: boolean;
  /**
   * COCO only: ids of the file's images (numbers; texts where they are no numbers). Only those are imported, with their
   * instances, categories and queries. This is how a selection of a large file becomes a project.
   */
  readonly only?: ReadonlySet<number | string>;
  readonly actor?: Actor;
  readonly signal?: AbortSignal | undefined;
  /** Ten times a second at most. */
  readonly onProgress?: (progress: ImportProgress) => void;
};

/**
 * Imports a file or folder. Photos are found among those of the project; others are told, never made up.
 * @param path absolute. @throws AppError bad-request for what no format is, not-found, io, conflict; the signal's reason.
 */
export async function importInto(project: Project, path: string, options: ImportOptions = {}): Promise<ImportReport> {
  const { signal, dryRun = false, only } = options;
  const format = options.format ?? (await guessFormat(path));
  if (only && format !== 'coco') {
    throw new AppError('bad-request', `Images can be chosen from COCO files, and ${basename(path)} is ${format}.`);
  }
  const sink = importSink(photoFinder(await projectPhotos(project)));
  const onProgress = options.onProgress && atTimes(options.onProgress);
  await readers[format](path, sink, { project, signal, onProgress, ...(only ? { only } : {}) });
  signal?.throwIfAborted();
  const { categories, instances, queries } = sink.plan;
  const planned = instances.length + queries.length + categories.filter((category) => category !== null).length;
  const copy = planned > 0 && !dryRun ? await copyOf(project) : null;
  signal?.throwIfAborted(); // from here on it is written, without a pause
  onProgress?.({ stage: 'write', done: 0, total: 1 });
  const what = `import.${format}`;
  const applied = applyImport(project.db, sink.plan, options.actor ?? {}, { what, source: basename(path), dryRun });
  const guessed = options.format === undefined;
  return reportOf(sink, applied, { format, guessed, source: basename(path), dryRun, backup: copy });
}

async function copyOf({ db, folder }: Project): Promise<string> {
  const path = await backup(db, backupFolder(folder), 'before-import');
  await prune(backupFolder(folder));
  return path;
}

type Head = Pick<ImportReport, 'format' | 'guessed' | 'source' | 'dryRun' | 'backup'>;

function reportOf(sink: FilledSink, applied: AppliedImport, head: Head): ImportReport {
  const { photos, read, skipped, mended, notes } = sink.tallied();
  const { added, known, answered, reviews, conflicts, superDiffers } = applied;
  const differing = {
    reason: 'super-differs' as const,
    text: mendTexts['super-differs'],
    count: superDiffers.length,
    examples: superDiffers.slice(0, 20),
  };
  return {
    ...head,
    read,
    kept: { images: photos, ...added },
    known,
    answered,
    reviews,
    conflicts,
    skipped,
    mended: superDiffers.length > 0 ? [...mended, differing] : mended,
    notes,
  };
}

/** Ten times a second at most, and whenever another stage begins. */
function atTimes(onProgress: (progress: ImportProgress) => void): (progress: ImportProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  let stage: ImportProgress['stage'] | null = null;
  return (progress) => {
    const sameStage = progress.stage === stage;
    if (sameStage && progress.done < progress.total && performance.now() - last < 100) return;
    last = performance.now();
    stage = progress.stage;
    onProgress(progress);
  };
}
