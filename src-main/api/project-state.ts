/** @file What pages are told of the project that is open. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ProjectInfo } from '../contract/methods-project.ts';
import { countImages } from '../store/images.ts';
import { listRoots, rootFolder } from '../store/roots.ts';
import type { Services } from './services.ts';

/** The open project, null where there is none. */
export async function projectState({ open }: Pick<Services, 'open'>): Promise<ProjectInfo | null> {
  const { session } = open;
  if (!session) return null;
  const { project } = session;
  const roots = [];
  for (const root of listRoots(project.db)) {
    const folder = await rootFolder(project, root);
    roots.push({ id: root.id, folder, present: await isFolder(folder) });
  }
  if (open.session !== session) return projectState({ open }); // another one was opened meanwhile
  return {
    session: session.id,
    name: basename(project.folder),
    folder: project.folder,
    roots,
    images: countImages(project.db),
    scanning: session.scan.running !== null,
  };
}

export async function publishState(services: Services): Promise<void> {
  services.publish('project.state', { project: await projectState(services) });
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
