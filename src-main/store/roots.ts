/**
 * @file Folders of photos. A root is stored relative to the project folder, so that a project that is moved together
 * with its photos works, and absolute, for a project that is moved alone.
 */
import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { ImageRecord } from '../contract/records.ts';
import type { Project } from './project.ts';
import { all, type Db, get, type Row, run, transact } from './statements.ts';

export type ImageRoot = {
  readonly id: number;
  /** POSIX, relative to the project folder; null on another drive, to which no relative path leads. */
  readonly relative: string | null;
  readonly absolute: string;
  /** False: only photos that were chosen belong to the project, and reading the folder adds no others. */
  readonly takesNew: boolean;
};

export const listRoots = (db: Db): ImageRoot[] =>
  all<Row>(db, `SELECT ${columns} FROM image_root ORDER BY id`).map(toRoot);

const columns = 'id, relative, absolute, takes_new AS takesNew';
const toRoot = (row: Row): ImageRoot => ({ ...(row as unknown as ImageRoot), takesNew: row['takesNew'] === 1 });

/** The folder of a root as it is now: beside the project where it is there, else where it was last seen. */
export async function rootFolder(project: Pick<Project, 'folder'>, root: ImageRoot): Promise<string> {
  if (root.relative !== null) {
    const beside = resolve(project.folder, ...root.relative.split('/'));
    if (beside === root.absolute || (await isFolder(beside))) return beside;
  }
  return root.absolute;
}

/**
 * Adds a folder of photos, which is not read yet. One that is there already is returned; it takes new photos from now on
 * if it is to, and is never narrowed. @throws AppError not-found.
 */
export async function addRoot(
  project: Pick<Project, 'folder' | 'db'>,
  folder: string,
  { takesNew = true }: { takesNew?: boolean } = {},
): Promise<ImageRoot> {
  const absolute = await existing(folder);
  for (const root of listRoots(project.db)) {
    if ((await rootFolder(project, root)) !== absolute) continue;
    if (!takesNew || root.takesNew) return root;
    transact(project.db, () => run(project.db, 'UPDATE image_root SET takes_new = 1 WHERE id = ?', root.id));
    return { ...root, takesNew };
  }
  const beside = relativeTo(project.folder, absolute);
  return transact(project.db, () => {
    const insert = `INSERT INTO image_root (relative, absolute, takes_new) VALUES (?, ?, ?) RETURNING ${columns}`;
    return toRoot(get(project.db, insert, beside, absolute, Number(takesNew))!);
  });
}

/** Tells the project where a folder of photos has gone. @throws AppError not-found. */
export async function moveRoot(
  project: Pick<Project, 'folder' | 'db'>,
  rootId: number,
  folder: string,
): Promise<ImageRoot> {
  const absolute = await existing(folder);
  const beside = relativeTo(project.folder, absolute);
  transact(project.db, () =>
    run(project.db, 'UPDATE image_root SET relative = ?, absolute = ? WHERE id = ?', beside, absolute, rootId),
  );
  const root = listRoots(project.db).find(({ id }) => id === rootId);
  if (!root) throw new AppError('not-found', `There is no photo folder ${rootId} in this project.`);
  return root;
}

/** The file of an image below its root's folder. */
export const imagePath = (folder: string, image: Pick<ImageRecord, 'path' | 'diskPath'>): string =>
  join(folder, ...(image.diskPath ?? image.path).split('/'));

/** The file of an image. @throws AppError not-found when the project has no such image; the file may still be gone. */
export async function imageFile(project: Pick<Project, 'folder' | 'db'>, image: ImageRecord): Promise<string> {
  const root = listRoots(project.db).find(({ id }) => id === image.rootId);
  if (!root) throw new AppError('not-found', `Image ${image.id} has no photo folder.`);
  return imagePath(await rootFolder(project, root), image);
}

/** POSIX; null on another drive, to which no relative path leads. */
export function relativeTo(project: string, folder: string): string | null {
  const path = relative(project, folder);
  return isAbsolute(path) ? null : path.split(sep).join('/') || '.';
}

async function existing(folder: string): Promise<string> {
  const absolute = resolve(folder);
  if (await isFolder(absolute)) return absolute;
  throw new AppError('not-found', `There is no folder ${absolute}.`, {
    hint: 'Check the path, or whether its drive is connected.',
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
