/** @file Making and opening projects for pages, each in its place on the disk. */
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { createProject, openProject, type Project, type ProjectOptions } from '../store/project.ts';
import { getSetting } from '../store/settings.ts';
import { plainName } from './project-names.ts';
import { projectsFolder, sampleFolder } from './project-recent.ts';
import { switchProject } from './project-session.ts';
import { openSample } from './sample.ts';
import type { Services } from './services.ts';

/**
 * Makes a project for a folder of photos and opens it; its photos are read in the background.
 * @param given.into the folder to make it in; absent: the one for projects of this user. @throws AppError io, not-found.
 */
export async function createInPlace(
  services: Services,
  given: { photos: string; name?: string | undefined; into?: string | undefined },
): Promise<void> {
  const { photos, name = basename(photos) } = given;
  await makeInPlace(services, { ...given, name }, [photos]);
}

/** As `createInPlace`, without photos. @param prepare the new project before anybody sees it. */
export async function createEmptyInPlace(
  services: Services,
  given: { name: string; into?: string | undefined },
  prepare: (project: Project) => void,
): Promise<void> {
  await makeInPlace(services, given, [], prepare);
}

async function makeInPlace(
  services: Services,
  given: { name: string; into?: string | undefined },
  images: readonly string[],
  prepare?: (project: Project) => void,
): Promise<void> {
  const { name, into = projectsFolder(services.env) } = given;
  if (given.into === undefined) await makeFolder(into);
  await switchProject(services, async () => {
    const folder = await freeFolder(into, name);
    const project = await createProject(folder, { ...optionsOf(services), images });
    prepare?.(project);
    return project;
  });
}

/** Opens the project in `folder`; the sample is made there first. One that is open already stays open. */
export async function openInPlace(services: Services, folder: string): Promise<void> {
  const options = optionsOf(services);
  const open = folder === sampleFolder(services.env) ? openSample : openProject;
  await switchProject(services, () => open(folder, options), folder);
}

const optionsOf = ({ keeper, log }: Services): ProjectOptions => ({
  backupEveryMs: getSetting(keeper, 'backupMinutes') * 60_000,
  log,
});

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new AppError('io', `The folder for projects, ${folder}, cannot be made: ${cause.message}`, {
      hint: 'Choose a folder where you may write.',
      cause,
    });
  });
}

/** A folder for a new project called `name` in `parent`, with a number where the name is taken. */
async function freeFolder(parent: string, name: string): Promise<string> {
  const plain = plainName(name);
  const key = (other: string) => other.normalize('NFC').toLowerCase();
  const taken = new Set((await readdir(parent).catch(() => [])).map(key));
  for (let k = 1; ; k++) {
    const candidate = k === 1 ? plain : `${plain} ${k}`;
    if (!taken.has(key(candidate))) return join(parent, candidate);
  }
}
