/** @file Handlers of the methods on projects and their folders of photos. */
import type { projectMethods } from '../contract/methods-project.ts';
import { hashFile } from '../engine/image/decode.ts';
import { checkProject } from '../store/check.ts';
import { openProject } from '../store/project.ts';
import { addRoot, moveRoot } from '../store/roots.ts';
import type { Handlers } from './dispatcher.ts';
import { exportProject } from './export.ts';
import { listFolder } from './folders.ts';
import { imageHandlers } from './images.ts';
import { createInPlace, openInPlace } from './project-open.ts';
import { forgetProject, recentFolder, recentProjects } from './project-recent.ts';
import { closeSession, forSession } from './project-session.ts';
import { projectState } from './project-state.ts';
import { projectStats } from './project-stats.ts';
import { checkReleases } from './release-check.ts';
import { startScan, waitForScan } from './scan.ts';
import { openSession, type Services } from './services.ts';
import { readSuggestions } from './suggestions.ts';

export type ProjectHandlers = Pick<Handlers, keyof typeof projectMethods>;

export function projectHandlers(services: Services): ProjectHandlers {
  const { env, folders } = services;
  const state = async () => ({ project: await projectState(services) });

  return {
    ...imageHandlers(services),
    'folders.list': ({ handle, files }) => listFolder(folders, env, handle, files),
    'project.state': state,
    'project.recent': async () => ({ projects: await recentProjects(services) }),
    'project.create': async ({ photos, name, into }) => {
      const given = { photos: folders.folderOf(photos), name, into: into && folders.folderOf(into) };
      await createInPlace(services, given);
      return state();
    },
    'project.open': async (input) => {
      const folder = 'recent' in input ? await recentFolder(services, input.recent) : folders.folderOf(input.folder);
      await openInPlace(services, folder);
      return state();
    },
    'project.close': async () => {
      await closeSession(services);
      return {};
    },
    'project.forget': async ({ recent }) => {
      await forgetProject(services, recent);
      return {};
    },
    'project.addPhotos': async ({ photos }) => {
      const session = openSession(services);
      await addRoot(session.project, folders.folderOf(photos));
      startScan(services, session, true);
      return state();
    },
    'project.moveRoot': async ({ rootId, photos }) => {
      const session = openSession(services);
      await moveRoot(session.project, rootId, folders.folderOf(photos));
      startScan(services, session, true);
      return state();
    },
    'project.scan': forSession(services, (_, { signal, progress }) =>
      waitForScan(services, openSession(services), signal, (files) => progress({ files })),
    ),
    'project.check': forSession(services, async ({ thorough }, { signal }) => {
      // On a connection of its own: a check of many photos sees one state of the project, and other work goes on.
      const project = await openProject(openSession(services).project.folder, { readonly: true });
      try {
        const findings = await checkProject(project, { hash: hashFile, thorough, signal });
        return { findings: [...findings, ...(await checkReleases(project, thorough, signal))] };
      } finally {
        await project.close();
      }
    }),
    'project.export': forSession(services, (input, context) => exportProject(openSession(services), input, context)),
    'project.suggestions': async () => ({ images: await readSuggestions(openSession(services).project) }),
    'project.stats': async () => projectStats(openSession(services).project.db),
  };
}
