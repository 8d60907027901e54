/**
 * @file Names by which a page may speak of folders of this machine. Only the host hands them out, for folders that it
 * has shown or that a person chose; they are random and end with the host. A page never names a path.
 */
import { randomBytes } from 'node:crypto';
import { AppError } from '../contract/errors.ts';
import type { FolderHandle } from '../contract/methods-project.ts';

export type FolderHandles = {
  /** The handle of a folder: the same one as long as it is known. @param path absolute. */
  grant(path: string): FolderHandle;
  /** @throws AppError not-found for a handle that was not given out, or so long ago that it was dropped. */
  folderOf(handle: FolderHandle): string;
};

/** Several screens of folders for each of many pages; the handle that was used longest ago goes first. */
const kept = 10_000;

export function createFolderHandles(most = kept): FolderHandles {
  /** In the order of their last use. */
  const paths = new Map<FolderHandle, string>();
  const handles = new Map<string, FolderHandle>();

  function use(handle: FolderHandle, path: string): void {
    paths.delete(handle);
    paths.set(handle, path);
  }

  return {
    grant(path) {
      const handle = handles.get(path) ?? randomBytes(16).toString('base64url');
      use(handle, path);
      handles.set(path, handle);
      if (paths.size > most) {
        const [oldest, forgotten] = paths.entries().next().value!;
        paths.delete(oldest);
        handles.delete(forgotten);
      }
      return handle;
    },
    folderOf(handle) {
      const path = paths.get(handle);
      if (path === undefined) {
        throw new AppError('not-found', 'This folder was not chosen here.', { hint: 'Choose the folder again.' });
      }
      use(handle, path);
      return path;
    },
  };
}
