/** @file Projects: opening, making, closing; what the page forgets and reads when another one is open. */
import type { FolderHandle, ProjectInfo } from '../../src-main/contract/methods-project.ts';
import { emptyAlign } from '../document/align.ts';
import { emptyEvaluation } from '../document/evaluation.ts';
import { emptyImages } from '../document/initial.ts';
import { failureOf } from '../document/notices.ts';
import { emptyPicking } from '../document/picking.ts';
import { emptyReview } from '../document/review.ts';
import type { ProjectState } from '../document/state.ts';
import { emptyWriting } from '../document/writing.ts';
import { isCancelled } from '../host/error.ts';
import type { App } from './app.ts';
import { keptDrafts } from './kept-drafts.ts';
import { refreshCounts, reloadList } from './list.ts';
import { openNow, stepNow } from './open-image.ts';
import { stopPrefetch } from './prefetch.ts';
import { stopClick } from './prompt.ts';
import { enqueue, tellFailure } from './queue.ts';

export const openRecent = (app: App, recent: string) =>
  opening(app, 'opening', () => app.host.call('project.open', { recent }));

export const openFolder = (app: App, folder: FolderHandle) =>
  opening(app, 'opening', () => app.host.call('project.open', { folder }));

/** A project for a folder of photos. `into`: the folder to make it in; absent, the usual one. */
export const createProject = (app: App, photos: FolderHandle, options: { name?: string; into?: FolderHandle } = {}) =>
  opening(app, 'creating', () => app.host.call('project.create', { photos, ...options }));

/** A project of images that are chosen of a COCO file; the choosing begins at once. */
export async function createSelection(
  app: App,
  given: { coco: FolderHandle; photos: FolderHandle; name: string },
): Promise<void> {
  await opening(app, 'creating', () => app.host.call('select.create', given));
  const { project, stage } = app.store.getState();
  if (project.info && !project.failure && stage !== 'select') app.store.setState({ stage: 'select' });
}

export const closeProject = (app: App): Promise<void> =>
  enqueue(app, async () => {
    await app.host.call('project.close', {});
    enterProject(app, null);
  });

/** Takes a project from the list; its folder stays. */
export async function forgetRecent(app: App, recent: string): Promise<void> {
  try {
    await app.host.call('project.forget', { recent });
    await readRecent(app);
  } catch (thrown) {
    tellFailure(app, thrown);
  }
}

export async function readRecent({ host, store }: App): Promise<void> {
  const { projects } = await host.call('project.recent', {});
  store.setState(({ project }) => ({ project: { ...project, recent: projects } }));
}

async function opening(
  app: App,
  busy: Exclude<ProjectState['busy'], null>,
  work: () => Promise<{ project: ProjectInfo | null }>,
): Promise<void> {
  const set = (change: Partial<ProjectState>) =>
    app.store.setState(({ project }) => ({ project: { ...project, ...change } }));
  // Behind the queue: what was done in the project before is stored first.
  await enqueue(app, async () => {
    set({ busy, failure: null });
    try {
      const { project } = await work();
      // The events of the opening may have come first, and they know more: a short scan has ended by now.
      if (project?.session !== app.store.getState().project.info?.session) enterProject(app, project);
    } catch (thrown) {
      set({ failure: failureOf(thrown) });
    } finally {
      set({ busy: null });
    }
  });
}

/** The project that is open now, or what has changed about it. Another one than before: everything is read anew. */
export function enterProject(app: App, info: ProjectInfo | null): void {
  const { store } = app;
  const before = store.getState().project.info;
  if (before?.session === info?.session) {
    store.setState(({ project }) => ({ project: { ...project, info, known: true } }));
    if (!info) void readRecent(app).catch(() => undefined);
    return;
  }
  forget(app);
  store.setState(({ project }) => ({
    project: { ...project, info, known: true, scan: null, counts: null, failure: null },
  }));
  if (!info) return void readRecent(app).catch(() => undefined);
  if (app.storage) store.setState({ drafts: keptDrafts(info.session, app.storage) });
  void reloadList(app).then(() => openSomething(app));
  void refreshCounts(app);
  void readRecentTexts(app);
  void readSuggestions(app, info.session);
}

/** What to decide first; where nothing waits, the first image. */
export const openSomething = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const { open, project } = app.store.getState();
    if (open || !project.info) return;
    if (await stepNow(app, 1, true)) return;
    const { image, position } = await app.host.call('images.step', { from: null, step: 1 });
    if (image) await openNow(app, image.id, position);
  });

async function readRecentTexts({ host, store }: App): Promise<void> {
  const { texts } = await host.call('queries.recent', { limit: 200 }).catch(() => ({ texts: [] }));
  store.setState({ recentTexts: texts });
}

/** Queries that came with the project. One that has none answers with none. */
async function readSuggestions(app: App, session: string): Promise<void> {
  try {
    const { images } = await app.host.call('project.suggestions', {});
    if (app.store.getState().project.info?.session !== session) return;
    app.store.setState({ suggestions: new Map(images.map((each) => [each.imageId, each])) });
  } catch (thrown) {
    if (!isCancelled(thrown)) tellFailure(app, thrown);
  }
}

function forget(app: App): void {
  const { store, tasks } = app;
  tasks.generation += 1;
  tasks.encoding?.abort();
  tasks.encoding = null;
  tasks.applying?.abort();
  tasks.applying = null;
  stopClick(app);
  stopPrefetch(app, null);
  for (const stop of tasks.asking.values()) stop.abort();
  tasks.documents.clear();
  tasks.strokeTargets.clear();
  tasks.retries.clear();
  tasks.listRange = { first: 0, last: 0 };
  store.setState(({ images, saving }) => ({
    images: { ...emptyImages, generation: images.generation + 1 },
    stage: 'annotate',
    cameFrom: null,
    review: emptyReview,
    align: emptyAlign,
    writing: emptyWriting,
    picking: emptyPicking,
    evaluation: emptyEvaluation,
    open: null,
    opening: null,
    drafts: new Map(),
    asking: new Map(),
    queryTexts: new Map(),
    suggestions: new Map(),
    recentTexts: [],
    saving: { ...saving, unstored: [] },
  }));
}
