/** @file folders.list: a folder chooser for pages, which may not name paths. A page asks with handles that it was given. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, parse } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { FolderListing, ListedFileKind } from '../contract/methods-project.ts';
import type { Environment } from '../engine/packs/folders.ts';
import { byNaturalOrder } from '../store/natural-order.ts';
import { isImageName } from '../store/walk.ts';
import type { FolderHandles } from './folders-handles.ts';
import { isFolder } from './project-state.ts';

/** Folders and files that are listed, and photos that are counted. */
const most = { folders: 1000, files: 1000, photos: 10_000 } as const;

/**
 * What is in a folder; without a handle, in the user's own. Hidden folders and files are left out.
 * @param kinds of files that are listed beside the folders.
 * @throws AppError not-found for a handle that nobody was given or a folder that is gone, io where it cannot be read.
 */
export async function listFolder(
  folders: FolderHandles,
  env: Environment,
  handle?: string,
  kinds: readonly ListedFileKind[] = [],
): Promise<FolderListing> {
  const home = homeOf(env);
  const path = handle === undefined ? home : folders.folderOf(handle);
  const visible = (await read(path)).filter(({ name }) => !isHidden(name));
  const inside = (await Promise.all(visible.map((found) => folderIn(path, found)))).filter((name) => name !== null);
  const shown = inside.toSorted(byNaturalOrder).slice(0, most.folders);
  const entry = (folder: string) => ({ handle: folders.grant(folder), name: basename(folder) || folder });
  const named = visible.map(({ name }) => name).filter((name) => kinds.some((kind) => isOfKind(name, kind)));
  const files = await Promise.all(named.toSorted(byNaturalOrder).slice(0, most.files).map(sized));
  const photos = visible.filter((found) => !found.isDirectory() && isImageName(found.name)).length;
  return {
    ...entry(path),
    path,
    parents: parentsOf(path).map(entry),
    folders: await Promise.all(
      shown.map(async (name) => ({ ...entry(join(path, name)), project: await isProject(join(path, name)) })),
    ),
    photos: Math.min(photos, most.photos),
    project: await isProject(path),
    files: files.filter((file) => file !== null),
    more: inside.length > shown.length || named.length > most.files,
    places: (await placesOf(home)).map(entry),
  };

  async function sized(name: string) {
    const found = await stat(join(path, name)).catch(() => null);
    return found?.isFile() ? { ...entry(join(path, name)), bytes: found.size } : null;
  }
}

const isOfKind = (name: string, kind: ListedFileKind): boolean =>
  name.toLowerCase().endsWith(`.${kind}`) || (kind === 'yaml' && /\.yml$/i.test(name));

/** The file that a page means by the handle of a listing. @throws AppError not-found, also for a folder's handle. */
export async function fileOfHandle(folders: FolderHandles, handle: string): Promise<string> {
  const path = folders.folderOf(handle);
  if ((await stat(path).catch(() => null))?.isFile()) return path;
  throw new AppError('not-found', `There is no file ${path}.`, { hint: 'Choose the file again.' });
}

/** The handle of a folder that the user, not a page, has chosen: in a native dialog, or by dropping it. */
export async function grantFolder(folders: FolderHandles, path: string): Promise<string> {
  if (await isFolder(path)) return folders.grant(path);
  throw new AppError('not-found', `${path} is no folder.`, { hint: 'Choose the folder that the photos are in.' });
}

/** The user's own folder. */
export const homeOf = (env: Environment): string =>
  env[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();

export const isProject = (folder: string): Promise<boolean> =>
  stat(join(folder, 'project.sqlite')).then(
    (found) => found.isFile(),
    () => false,
  );

/** Names that the system hides, and those that no path can be made of again (bytes that are not UTF-8). */
const isHidden = (name: string): boolean => name.startsWith('.') || name.startsWith('$') || name.includes('\ufffd');

async function read(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AppError('not-found', `The folder ${path} is not there any more.`, { hint: 'Choose another.', cause });
    }
    const why = code === 'EACCES' || code === 'EPERM' ? 'this user may not open it' : (code ?? String(cause));
    throw new AppError('io', `The folder ${path} cannot be read: ${why}.`, {
      hint: 'Change its permissions, check its drive, or choose another.',
      cause,
    });
  }
}

async function folderIn(path: string, found: Dirent): Promise<string | null> {
  if (found.isDirectory()) return found.name;
  return found.isSymbolicLink() && (await isFolder(join(path, found.name))) ? found.name : null;
}

function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = dirname(path), last = path; at !== last; last = at, at = dirname(at)) parents.unshift(at);
  return parents;
}

/** Where to start: the user's folders, then drives. Those that are there. */
async function placesOf(home: string): Promise<string[]> {
  const own = ['', 'Pictures', 'Documents', 'Desktop', 'Downloads'].map((name) => join(home, name));
  const candidates = [...own, ...(await drives(home))];
  const there = await Promise.all(candidates.map(isFolder));
  return candidates.filter((_, i) => there[i]);
}

/** Where systems mount drives, each with the folder that holds all. */
async function drives(home: string): Promise<string[]> {
  if (process.platform === 'win32') return [...'CDEFGHIJKLMNOPQRSTUVWXYZAB'].map((letter) => `${letter}:\\`);
  const user = basename(home);
  const holders = process.platform === 'darwin' ? ['/Volumes'] : [`/media/${user}`, `/run/media/${user}`, '/mnt'];
  const inside = holders.map(async (holder) => {
    const names = await readdir(holder).catch(() => []);
    return names.filter((name) => !isHidden(name)).map((name) => join(holder, name));
  });
  return [...(await Promise.all(inside)).flat(), parse(home).root];
}
