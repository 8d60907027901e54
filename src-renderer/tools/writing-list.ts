/** @file Reading for the stage of writing queries: the list of images, the open one, jobs; kept as they are stored. */
import { failureOf } from '../document/notices.ts';
import { type WritingFilter, type WritingState, withGeneration, withOpened, withRead } from '../document/writing.ts';
import { isCancelled } from '../host/error.ts';
import type { App } from './app.ts';
import { soon } from './queue.ts';
import { noteChange, whenMissed } from './stage-queue.ts';

const rowsAtOnce = 500;

export function setWriting({ store }: App, edit: (writing: WritingState) => Partial<WritingState>): void {
  store.setState(({ writing }) => ({ writing: { ...writing, ...edit(writing) } }));
}

/** Listens for as long as the stage is on screen. @returns what ends it. */
export function enterWriting(app: App): () => void {
  const { host, store } = app;
  const session = () => store.getState().project.info?.session;
  const stops = [
    host.on('project.changed', (changed) => {
      if (changed.session !== session()) return;
      noteChange(app, changed);
      const { open } = store.getState().writing;
      const { put, remove } = changed.diff;
      const touches = [...put, ...remove].some(
        ({ table }) => table === 'candidate' || table === 'query' || table === 'instance',
      );
      if (touches && open && changed.imageId === open.image.id) soon(app, 'writing image', 60, () => void reread(app));
      if (touches) soon(app, 'writing counts', 400, () => void readList(app, false));
    }),
    host.on('generate.state', ({ session: of, generation, imageIds }) => {
      if (of !== session()) return;
      setWriting(app, ({ generations }) => ({ generations: withGeneration(generations, generation) }));
      const { open } = store.getState().writing;
      if (open && imageIds.includes(open.image.id)) void reread(app);
      if (imageIds.length > 0) soon(app, 'writing counts', 400, () => void readList(app, false));
    }),
    whenMissed(app, () => {
      void readGenerations(app);
      void readList(app, false);
      void reread(app);
    }),
  ];
  void readGenerations(app);
  void readList(app, store.getState().writing.images === null);
  return () => {
    for (const stop of stops) stop();
  };
}

export async function readGenerations(app: App): Promise<void> {
  const before = app.store.getState().writing.generations;
  const answer = await app.host.call('generate.list', {}, { lane: 'generations' }).catch(() => null);
  if (!answer) return;
  setWriting(app, ({ generations }) => ({ generations: withRead(answer.generations, before, generations) }));
}

/** The rows that are known, read anew; with `first` the first image is opened where none is. */
export async function readList(app: App, first: boolean): Promise<void> {
  const { filter, images } = app.store.getState().writing;
  const limit = Math.min(1000, Math.max(rowsAtOnce, images?.length ?? 0));
  try {
    const answer = await app.host.call('candidates.images', { filter, offset: 0, limit });
    setWriting(app, (writing) => {
      if (writing.filter !== filter) return {};
      // An image that was just decided stays in its place until the list is chosen anew.
      const open = writing.open?.image ?? null;
      const rows = answer.images;
      const isMissing =
        open !== null && writing.images?.some(({ id }) => id === open.id) && !rows.some(({ id }) => id === open.id);
      const at = writing.images?.findIndex(({ id }) => id === open?.id) ?? 0;
      return {
        images: isMissing ? rows.toSpliced(at, 0, open!) : rows,
        total: answer.total,
        counts: answer.counts,
        failure: null,
      };
    });
    const { open, images: rows } = app.store.getState().writing;
    // Also when the first candidates of all have come.
    if (!open && rows?.[0] && (first || !images || images.length === 0)) await openWriting(app, rows[0].id);
    else if (first && !open && answer.total === 0 && filter === 'new') setWriting(app, () => ({ setup: true }));
  } catch (thrown) {
    if (!isCancelled(thrown)) setWriting(app, () => ({ failure: failureOf(thrown) }));
  }
}

/** The next rows of a long list. */
export async function readMore(app: App): Promise<void> {
  const { filter, images, total } = app.store.getState().writing;
  if (!images || images.length >= total) return;
  const answer = await app.host
    .call('candidates.images', { filter, offset: images.length, limit: rowsAtOnce })
    .catch(() => null);
  if (!answer) return;
  setWriting(app, (writing) => {
    if (writing.filter !== filter || !writing.images) return {};
    const known = new Set(writing.images.map(({ id }) => id));
    return { images: [...writing.images, ...answer.images.filter(({ id }) => !known.has(id))], total: answer.total };
  });
}

export async function openWriting(app: App, imageId: number): Promise<void> {
  try {
    const open = await app.host.call('candidates.read', { imageId }, { lane: 'writing' });
    app.store.setState(({ writing }) => ({
      writing: { ...withOpened(writing, open, performance.now()), failure: null },
    }));
    prefetchNext(app, imageId);
  } catch (thrown) {
    if (!isCancelled(thrown)) setWriting(app, () => ({ failure: failureOf(thrown) }));
  }
}

/** The open image as it is stored now. */
export async function reread(app: App): Promise<void> {
  const { open } = app.store.getState().writing;
  if (!open) return;
  const imageId = open.image.id;
  const fresh = await app.host.call('candidates.read', { imageId }).catch(() => null);
  if (fresh && app.store.getState().writing.open?.image.id === imageId) {
    app.store.setState(({ writing }) => ({ writing: withOpened(writing, fresh, performance.now()) }));
  }
}

/** The photo that probably comes next, into the browser's cache. */
function prefetchNext(app: App, imageId: number): void {
  const { images } = app.store.getState().writing;
  const at = images?.findIndex(({ id }) => id === imageId) ?? -1;
  const next = images?.[at + 1];
  if (next) void fetch(app.host.mediaUrl(next.id, photoLevel)).catch(() => undefined);
}

/** Longer side of the photos of this stage, in pixels. */
export const photoLevel = 1024;

export async function chooseFilter(app: App, filter: WritingFilter): Promise<void> {
  setWriting(app, () => ({ filter, images: null, open: null, candidateId: null, form: null }));
  await readList(app, true);
}
