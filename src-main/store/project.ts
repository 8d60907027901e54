/**
 * @file A project is a folder: `project.sqlite`, `backups/`, and while it is open `project.lock`. Photos stay where
 * they are. One host writes; any number may read beside it (`readonly`).
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { backup, prune, type Rotation, startRotation } from './backup.ts';
import { createDatabase, openDatabase } from './database.ts';
import { type Lock, lockProject } from './lock.ts';
import { addRoot } from './roots.ts';
import type { Db } from './statements.ts';

export type Project = {
  /** Absolute path of the project folder. */
  readonly folder: string;
  readonly db: Db;
  readonly readonly: boolean;
  /** Ends backups, writes the journal into the database, and gives the lock back. Safe to call twice. */
  close(): Promise<void>;
};

export type ProjectOptions = {
  readonly readonly?: boolean;
  /** Milliseconds between backups; 0 for none. */
  readonly backupEveryMs?: number;
  readonly log?: (line: string) => void;
};

const tenMinutes = 600_000;

export const databasePath = (folder: string): string => join(folder, 'project.sqlite');
export const backupFolder = (folder: string): string => join(folder, 'backups');

/**
 * Makes a project in `folder`, which may exist, and tells it its folders of photos (read them with `addImages`).
 * @throws AppError bad-request when there is a project already, not-found for a folder of photos, io. Then nothing is
 * left behind in the folder.
 */
export async function createProject(
  folder: string,
  { images = [], ...options }: ProjectOptions & { images?: readonly string[] } = {},
): Promise<Project> {
  const absolute = resolve(folder);
  const files = await readdir(absolute).catch(() => null);
  if (files?.includes('project.sqlite')) {
    throw new AppError('bad-request', `There is a project in ${absolute} already.`, {
      hint: 'Open it, or choose another folder for the new one.',
    });
  }
  await mkdir(absolute, { recursive: true }).catch((error) => {
    throw new AppError('io', `The folder ${absolute} cannot be made: ${error.message}`, {
      hint: 'Choose a folder where you may write.',
      cause: error,
    });
  });
  let project: Project | undefined;
  const lock = await lockProject(absolute);
  try {
    project = opened(absolute, await createDatabase(databasePath(absolute)), lock, options);
    for (const path of images) await addRoot(project, path);
    return project;
  } catch (error) {
    await project?.close();
    await lock.release();
    const mine = (name: string) => name.startsWith('project.') || name === 'backups';
    const left = (await readdir(absolute).catch(() => [])).filter((name) => mine(name) && !files?.includes(name));
    for (const name of left) await rm(join(absolute, name), { recursive: true, force: true });
    if (files === null) await rm(absolute, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Opens a project, for writing unless `readonly`. @throws AppError as `openDatabase`, and conflict when it is open
 * in another host.
 */
export async function openProject(folder: string, options: ProjectOptions = {}): Promise<Project> {
  const absolute = resolve(folder);
  const path = databasePath(absolute);
  if (options.readonly) return opened(absolute, await openDatabase(path, { readonly: true }), null, options);
  if (!(await readdir(absolute).catch(() => [] as string[])).includes('project.sqlite')) {
    throw new AppError('not-found', `There is no project in ${absolute}.`, {
      hint: 'Choose the folder that has project.sqlite in it, or make a new project there.',
    });
  }
  const lock = await lockProject(absolute);
  try {
    const db = await openDatabase(path, {
      beforeMigration: async (old, version) => {
        await backup(old, backupFolder(absolute), `before-v${version + 1}`);
        await prune(backupFolder(absolute));
      },
    });
    return opened(absolute, db, lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

export const closeProject = (project: Project): Promise<void> => project.close();

function opened(folder: string, db: Db, lock: Lock | null, options: ProjectOptions): Project {
  const { readonly = false, backupEveryMs = tenMinutes, log = () => {} } = options;
  let rotation: Rotation | undefined;
  if (!readonly && backupEveryMs > 0) rotation = startRotation(db, backupFolder(folder), backupEveryMs, log);
  return {
    folder,
    db,
    readonly,
    async close() {
      await rotation?.stop();
      try {
        if (!readonly && db.open) db.pragma('optimize');
      } catch (error) {
        // Statistics for the planner, nothing of anybody's work: on a full disk they are not worth a failure.
        log(error instanceof Error ? error.message : String(error));
      } finally {
        db.close(); // the last connection to close writes the journal into the file and removes it
        await lock?.release();
      }
    },
  };
}
