/**
 * @file project.export: the open project as a file in its `exports`. Reads through a connection of its own, in one
 * snapshot: what is done meanwhile neither waits nor gets in.
 */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Output, Parsed } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { exportCoco } from '../formats/coco/export.ts';
import type { CocoProgress } from '../formats/coco/source.ts';
import { openProject } from '../store/project.ts';
import type { CallContext } from './dispatcher.ts';
import { exportsFolder } from './export-file.ts';
import { exportNotes } from './export-notes.ts';
import { cocoSource } from './export-source.ts';
import { plainName } from './project-names.ts';
import type { Session } from './services.ts';

/** @throws AppError bad-request for a name that is none of a file, io, cancelled; an earlier export stays as it was. */
export async function exportProject(
  { project: { folder } }: Session,
  { name, all, onlyQueried, segmentation }: Parsed<'project.export'>,
  { signal, progress }: CallContext<'project.export'>,
): Promise<Output<'project.export'>> {
  const fileName = exportName(name, folder);
  await mkdir(exportsFolder(folder), { recursive: true }).catch((cause: Error) => {
    throw new AppError('io', `The folder for exports cannot be made: ${cause.message}`, {
      hint: 'Check that the project folder may be written to and that its disk is not full.',
      cause,
    });
  });
  const file = join(exportsFolder(folder), fileName);
  const project = await openProject(folder, { readonly: true });
  try {
    const source = await cocoSource(project);
    try {
      const report = await exportCoco(source.source, file, {
        ...(all ? { statuses: ['draft', 'proposed', 'accepted', 'rejected'] as const } : {}),
        onlyQueried,
        segmentation,
        signal,
        onProgress: atTimes(progress),
      });
      const { images, annotations, queries, categories, bytes } = report;
      const notes = exportNotes(report, project.db, source);
      return { name: fileName, file, images, annotations, queries, categories, bytes, notes };
    } finally {
      source.release();
    }
  } finally {
    await project.close();
  }
}

/** The name that was asked for, with its ending; without one, the project's. */
function exportName(name: string | undefined, projectFolder: string): string {
  if (name === undefined) return `${plainName(basename(projectFolder))}.json`;
  const stem = name.replace(/\.json$/i, '');
  if (stem === plainName(stem)) return `${stem}.json`;
  throw new AppError('bad-request', `"${name}" cannot be the name of a file.`, {
    hint: `A plain name is wanted, such as "${plainName(stem)}": no folders, nothing hidden, none of < > : " | ? *.`,
  });
}

/** Ten times a second, and at the end of each stage: there is a report for every image. */
function atTimes(progress: (value: CocoProgress) => void): (value: CocoProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    if (value.done < value.total && performance.now() - last < 100) return;
    last = performance.now();
    progress(value);
  };
}
