/** @file Images that were kept become images of the project, with the file's instances. */
import type { AppliedSelection } from '../contract/methods-select.ts';
import type { Actor } from '../contract/records.ts';
import { hashFile, readImageInfo } from '../engine/image/decode.ts';
import { addChosen } from '../store/add-chosen.ts';
import type { Project } from '../store/project.ts';
import { addRoot } from '../store/roots.ts';
import { get } from '../store/statements.ts';
import { importInto } from './import-run.ts';
import type { Selection } from './select-session.ts';

type Options = {
  readonly actor: Actor;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: { stage: 'photos' | 'instances'; done: number; total: number }) => void;
};

/** Notes of each kind that are told one by one. */
const shown = 20;

/**
 * Adds the photos, then imports the instances of those that have none yet: doing it again changes nothing. What was
 * added stays when it is cancelled. @param kept places of images in the file. @throws AppError io, the signal's reason.
 */
export async function applySelection(
  project: Project,
  selection: Selection,
  kept: readonly number[],
  { actor, signal, onProgress }: Options,
): Promise<AppliedSelection> {
  const { index, photos, folder, coco } = selection;
  const chosen = kept.flatMap((image) => {
    const photo = photos[image];
    return photo ? [{ image, photo }] : [];
  });
  const root = await addRoot(project, folder, { takesNew: false });
  const total = chosen.length;
  const { ids, added, skipped } = await addChosen(
    project.db,
    { head: readImageInfo, hash: hashFile },
    { root, folder, photos: chosen.map(({ photo }) => photo) },
    { signal, actor, onProgress: (done) => onProgress?.({ stage: 'photos', done, total }) },
  );
  const notes = skipped.slice(0, shown).map(({ path, reason }) => `${path}: ${reason}`);
  if (skipped.length > shown) notes.push(`and ${skipped.length - shown} more photos that could not be read.`);
  const only = new Set<number | string>();
  for (const { image, photo } of chosen) {
    const id = ids.get(photo.path);
    const annotated = id !== undefined && get(project.db, 'SELECT 1 FROM instance WHERE image_id = ? LIMIT 1', id);
    if (id !== undefined && !annotated) only.add(index.images[image]!.id);
  }
  const known = ids.size - added;
  if (only.size === 0) return { added, known, instances: 0, notes };
  const report = await importInto(project, coco, {
    format: 'coco',
    only,
    actor,
    signal,
    onProgress: ({ stage, done, total }) => {
      if (stage === 'read') onProgress?.({ stage: 'instances', done, total });
    },
  });
  for (const { reason, text, count } of [...report.skipped, ...report.mended]) {
    if (reason !== 'not-chosen') notes.push(`${count}: ${text}`);
  }
  return { added, known, instances: report.kept.instances, notes };
}
