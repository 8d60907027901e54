/** @file Where projects lie, which were open lately, and what they are called to a page. */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { RecentProject } from '../contract/methods-project.ts';
import { dataFolder, type Environment } from '../engine/packs/folders.ts';
import { getSetting, setSetting } from '../store/settings.ts';
import { homeOf, isProject } from './folders.ts';
import type { Services } from './services.ts';

/** The folder for projects that are made without saying where: in the user's home, where it is found and backed up. */
export const projectsFolder = (env: Environment): string =>
  env['NOVO_HOME'] ? join(dataFolder(env), 'projects') : join(homeOf(env), 'Novo Annotate');

/** The sample project: made at its first opening, kept after that. */
export const sampleFolder = (env: Environment): string => join(projectsFolder(env), 'Sample');

/** What a page calls a project of the list. The same folder has the same id, and no id can be made up for another. */
const idOf = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 24);

/** Projects that were open lately, newest first, and the sample. */
export async function recentProjects({ keeper, env }: Services): Promise<RecentProject[]> {
  const sample = sampleFolder(env);
  const kept = getSetting(keeper, 'recentProjects');
  const folders = kept.includes(sample) ? kept : [...kept, sample];
  return Promise.all(
    folders.map(async (folder) => ({
      id: idOf(folder),
      name: basename(folder),
      folder,
      // The sample is there as soon as somebody wants it.
      present: folder === sample || (await isProject(folder)),
      sample: folder === sample,
    })),
  );
}

/** @throws AppError not-found. */
export async function recentFolder(services: Services, id: string): Promise<string> {
  const found = (await recentProjects(services)).find((project) => project.id === id);
  if (found) return found.folder;
  throw new AppError('not-found', 'This project is not in the list any more.', { hint: 'Open its folder instead.' });
}

export async function forgetProject(services: Services, id: string): Promise<void> {
  const folder = await recentFolder(services, id);
  const others = getSetting(services.keeper, 'recentProjects').filter((other) => other !== folder);
  setSetting(services.keeper, 'recentProjects', others);
}
