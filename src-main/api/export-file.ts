/** @file Files that a project was exported to: in its folder `exports`, by plain names. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { plainName } from './project-names.ts';

export const exportsFolder = (projectFolder: string): string => join(projectFolder, 'exports');

/** The file of that name among the exports of a project, or null where there is none. Links are not followed. */
export async function exportFile(projectFolder: string, name: string): Promise<string | null> {
  if (name !== plainName(name)) return null;
  const file = join(exportsFolder(projectFolder), name);
  return lstat(file).then(
    (found) => (found.isFile() ? file : null),
    () => null,
  );
}
