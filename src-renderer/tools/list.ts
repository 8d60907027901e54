/** @file The list of images: filtered, read page by page around what is looked at, and kept up to date. */
import type { Category } from '../../src-main/contract/records.ts';
import { parseFilter } from '../document/filter.ts';
import {
  pageSize,
  withFilter,
  withFilterError,
  withFreshPages,
  withListFailure,
  withPage,
} from '../document/images.ts';
import { failureOf } from '../document/notices.ts';
import { isCancelled } from '../host/error.ts';
import type { App } from './app.ts';
import { later } from './queue.ts';

/** The text of the filter box. What cannot be read says why, and the list stays as it is. The open image stays, too. */
export async function setFilter(app: App, text: string): Promise<void> {
  const { host, store } = app;
  let categories: readonly Category[] = [];
  if (/category:/i.test(text)) ({ categories } = await host.call('categories.list', {}));
  const parsed = parseFilter(text, categories);
  if (parsed.error !== null) {
    store.setState(({ images }) => ({ images: withFilterError(images, text, parsed.error) }));
    return;
  }
  store.setState(({ images }) => ({ images: withFilter(images, text, parsed.filter) }));
  app.tasks.listRange = { first: 0, last: 0 };
  await Promise.all([reloadList(app), findPosition(app)]);
}

/** Sees to it that the rows from `first` to `last` are there, or on their way. */
export function ensureRows(app: App, first: number, last: number): void {
  app.tasks.listRange = { first, last };
  const { pages, generation } = app.store.getState().images;
  for (const page of pagesOf(first, last)) {
    if (pages.has(page) || app.tasks.loadingPages.has(page)) continue;
    app.tasks.loadingPages.add(page);
    void loadPage(app, page, generation).finally(() => app.tasks.loadingPages.delete(page));
  }
}

/** Reads the rows that are looked at anew and forgets the others: images have come, gone or moved. */
export async function reloadList(app: App): Promise<void> {
  const { host, store, tasks } = app;
  const { filter, generation } = store.getState().images;
  const { first, last } = tasks.listRange;
  try {
    const wanted = pagesOf(first, last);
    const answers = await Promise.all(
      wanted.map((page) => host.call('images.list', { filter, offset: page * pageSize, limit: pageSize })),
    );
    const pages = new Map(wanted.map((page, at) => [page, answers[at]!.images]));
    store.setState((state) =>
      state.images.generation === generation
        ? { images: withFreshPages(state.images, pages, answers[0]?.total ?? 0) }
        : state,
    );
  } catch (thrown) {
    fail(app, thrown);
  }
}

/** How many images are new, open and done, whatever the filter. */
export async function refreshCounts({ host, store }: App): Promise<void> {
  const session = store.getState().project.info?.session;
  const { images } = await host.call('project.stats', {}).catch(() => ({ images: null }));
  store.setState((state) =>
    images && state.project.info?.session === session ? { project: { ...state.project, counts: images } } : state,
  );
}

/** While photos are read the event comes about once a second; the list follows without flicker. */
export function onImagesChanged(app: App): void {
  later(app, 'list', 50, () => {
    void reloadList(app);
    void refreshCounts(app);
    void findPosition(app);
  });
}

/** The place of the open image in the filtered list. */
export async function findPosition({ host, store }: App): Promise<void> {
  const { open, images } = store.getState();
  if (!open) return;
  const imageId = open.document.image.id;
  const { position } = await host
    .call('images.position', { imageId, filter: images.filter })
    .catch(() => ({ position: null }));
  store.setState((state) =>
    state.open?.document.image.id === imageId && state.images.generation === images.generation
      ? { open: { ...state.open, position } }
      : state,
  );
}

async function loadPage(app: App, page: number, generation: number): Promise<void> {
  const { host, store } = app;
  const { filter } = store.getState().images;
  try {
    const { images: rows, total } = await host.call('images.list', {
      filter,
      offset: page * pageSize,
      limit: pageSize,
    });
    store.setState(({ images }) =>
      images.generation === generation ? { images: withPage(images, page, rows, total) } : {},
    );
  } catch (thrown) {
    fail(app, thrown);
  }
}

function fail({ store }: App, thrown: unknown): void {
  if (isCancelled(thrown)) return;
  store.setState(({ images }) => ({ images: withListFailure(images, failureOf(thrown)) }));
}

function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / pageSize);
  const to = Math.floor(Math.max(first, last) / pageSize);
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
