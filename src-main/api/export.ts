/**
 * @file project.export: the open project in its `exports`, as a file or a folder. Reads through a connection of its own,
 * in one snapshot: what is done meanwhile neither waits nor gets in.
 */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Output, Parsed, Progress } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { type ExportProfile, profileFacts } from '../contract/export-profiles.ts';
import { zipFolder } from '../formats/export/zip.ts';
import { exportProfile } from '../formats/profiles.ts';
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
  { profile, name, all, onlyQueried, segmentation, photos, archive }: Parsed<'project.export'>,
  { signal, progress }: CallContext<'project.export'>,
): Promise<Output<'project.export'>> {
  const ownName = exportName(name, folder, profile);
  await mkdir(exportsFolder(folder), { recursive: true }).catch((cause: Error) => {
    throw new AppError('io', `The folder for exports cannot be made: ${cause.message}`, {
      hint: 'Check that the project folder may be written to and that its disk is not full.',
      cause,
    });
  });
  const file = join(exportsFolder(folder), ownName);
  const told = atTimes(progress);
  const project = await openProject(folder, { readonly: true });
  try {
    const source = await cocoSource(project);
    try {
      const report = await exportProfile(profile, source.source, file, {
        ...(all ? { statuses: ['draft', 'proposed', 'accepted', 'rejected'] as const } : {}),
        onlyQueried,
        segmentation,
        photos,
        signal,
        onProgress: told,
      });
      const { losses, ...counts } = report;
      const notes = exportNotes(report, project.db, source);
      const isFile = profileFacts[profile].target === 'file';
      const download = isFile ? ownName : archive ? `${ownName}.zip` : null;
      if (!isFile && download !== null) {
        const onProgress = (done: number, total: number) => told({ stage: 'pack', done, total });
        await zipFolder(file, join(exportsFolder(folder), download), { signal, onProgress });
      }
      return { ...counts, losses: [...losses], name: ownName, file, download, notes };
    } finally {
      source.release();
    }
  } finally {
    await project.close();
  }
}

/** The name that was asked for, a file's with its ending; without one, the project's, and the profile's but for COCO. */
function exportName(name: string | undefined, projectFolder: string, profile: ExportProfile): string {
  const ending = profileFacts[profile].target === 'file' ? '.json' : '';
  const kind = profile === 'coco' ? '' : `-${profile}`;
  if (name === undefined) return `${plainName(basename(projectFolder))}${kind}${ending}`;
  const stem = ending === '' ? name : name.replace(/\.json$/i, '');
  if (stem === plainName(stem)) return `${stem}${ending}`;
  throw new AppError('bad-request', `"${name}" cannot be the name of a file.`, {
    hint: `A plain name is wanted, such as "${plainName(stem)}": no folders, nothing hidden, none of < > : " | ? *.`,
  });
}

/** Ten times a second, and at the end of each stage: there is a report for every image. */
function atTimes(progress: (value: Progress<'project.export'>) => void): (value: Progress<'project.export'>) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    if (value.done < value.total && performance.now() - last < 100) return;
    last = performance.now();
    progress(value);
  };
}
