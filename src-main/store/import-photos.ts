/** @file The photos of a project as an import looks for them. */
import { sep } from 'node:path';
import type { ProjectPhoto } from '../contract/import.ts';
import type { Project } from './project.ts';
import { listRoots, rootFolder } from './roots.ts';
import { all } from './statements.ts';

type Row = { id: number; root_id: number; path: string; width: number; height: number; content_hash: string };

/** All of them, also those whose file is gone: their annotations stay, and may grow. */
export async function projectPhotos(project: Pick<Project, 'folder' | 'db'>): Promise<ProjectPhoto[]> {
  const folders = new Map<number, string>();
  for (const root of listRoots(project.db)) {
    const folder = await rootFolder(project, root);
    folders.set(root.id, folder.split(sep).join('/').normalize('NFC'));
  }
  const columns = 'id, root_id, path, width, height, content_hash';
  return all<Row>(project.db, `SELECT ${columns} FROM image ORDER BY id`).map(
    ({ root_id, content_hash, ...photo }) => ({
      ...photo,
      whole: `${folders.get(root_id) ?? ''}/${photo.path}`,
      hash: content_hash,
    }),
  );
}
