/**
 * @file Whether the photos of a project are where they were, with the content they had.
 */
import { stat } from 'node:fs/promises';
import type { Finding } from '../contract/check.ts';
import type { ImageReaders } from './add-images.ts';
import type { Project } from './project.ts';
import { imagePath, listRoots, rootFolder } from './roots.ts';
import { all, type Row } from './statements.ts';
import { toRecord } from './tables.ts';

export type FileCheck = {
  readonly hash: ImageReaders['hash'];
  /** Reads every file, also those with the size and time they had. */
  readonly thorough?: boolean;
  readonly signal?: AbortSignal | undefined;
};

/** Findings on files, root by root; a root that is not there is one finding. */
export async function checkFiles(project: Project, { hash, thorough, signal }: FileCheck): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const root of listRoots(project.db)) {
    const folder = await rootFolder(project, root);
    if (!(await stat(folder).catch(() => null))?.isDirectory()) {
      const todo = 'Connect its drive, or say where the folder has gone.';
      findings.push(fileFinding('root-missing', `The photo folder ${folder} is not there.`, todo, null));
      continue;
    }
    // All rows first: other statements may run while files are read.
    for (const row of all<Row>(project.db, 'SELECT * FROM image WHERE root_id = ? ORDER BY sort_key, id', root.id)) {
      signal?.throwIfAborted();
      const image = toRecord('image', row);
      const file = imagePath(folder, image);
      const found = await stat(file).catch(() => null);
      if (!found?.isFile()) {
        const todo = 'Put the file back, or read the folders again: a moved or renamed file is found by its content.';
        findings.push(fileFinding('file-missing', `${file} is not there.`, todo, image.id));
        continue;
      }
      if (!thorough && found.size === image.bytes && found.mtimeMs === image.modifiedMs) continue;
      const now = await hash(file).catch((error: Error) => error);
      if (now instanceof Error) {
        const what = `${file} cannot be read: ${now.message}`;
        findings.push(fileFinding('file-unreadable', what, 'Check the drive and the permissions.', image.id));
      } else if (now !== image.contentHash) {
        const todo =
          'Put the old file back: the masks were drawn on it. To use the new one, add it under another name.';
        findings.push(fileFinding('file-changed', `${file} has another content than it had.`, todo, image.id));
      }
    }
  }
  return findings;
}

const fileFinding = (code: Finding['code'], what: string, todo: string, imageId: number | null): Finding => ({
  code,
  what,
  todo,
  imageId,
  queryId: null,
  instanceId: null,
});
