/**
 * @file What the queues of validation and alignment have in common: pictures fetched ahead, items kept as they are stored,
 * and taking back what was done in the stage.
 */
import type { Changed } from '../../src-main/contract/methods-annotate.ts';
import type { Done, Queued } from '../document/work-queue.ts';
import type { App } from './app.ts';
import { change } from './change.ts';
import { fetchPicture, levelsOf } from './prefetch.ts';
import { tell } from './queue.ts';

/** Items that are fetched ahead, the one on screen included. */
export const ahead = 4;

const fetched = new WeakMap<App, Set<number>>();

/** Pictures of the items that come, into the browser's cache. */
export async function fetchPictures(app: App, items: readonly Queued[]): Promise<void> {
  const known = fetched.get(app) ?? new Set();
  fetched.set(app, known);
  for (const { image } of items) {
    if (known.has(image.id)) continue;
    known.add(image.id);
    // The cache is not endless; what was seen long ago is fetched again when it comes back.
    if (known.size > 50) known.delete([...known][0]!);
    for (const max of levelsOf(app, image)) {
      await fetchPicture(app.host.mediaUrl(image.id, max), new AbortController().signal).catch(() => undefined);
    }
  }
}

/** The last change that was heard of each image: undo goes by image, and takes back the last one. */
const lastChanges = new WeakMap<App, Map<number, number>>();

export function noteChange(app: App, { imageId, seq }: Pick<Changed, 'imageId' | 'seq'>): void {
  const map = lastChanges.get(app) ?? new Map<number, number>();
  lastChanges.set(app, map);
  if (imageId !== null) map.set(imageId, Math.max(seq, map.get(imageId) ?? 0));
}

/**
 * Takes back the last of `done`, where nothing has happened to its image since. @returns what is left of `done` and what
 * was taken back; null where nothing was, which was told by then.
 */
export async function takeBackLast(app: App, done: readonly Done[]): Promise<{ last: Done; rest: Done[] } | null> {
  const last = done.at(-1);
  if (!last) {
    tell(app, 'none', 'Nothing was done here that could be taken back.');
    return null;
  }
  if (lastChanges.get(app)?.get(last.imageId) !== last.seq) {
    tell(app, 'none', 'This photo was worked on since.', 'Open it in "Annotate" and take the steps back there.');
    return null;
  }
  const undone = await change(
    app,
    'history.undo',
    { imageId: last.imageId },
    { what: `Take back ${last.what}`, imageId: last.imageId },
  );
  if (!undone) return null;
  if (!undone.changed) {
    tell(app, 'none', 'This step is not known any more.', 'The application was started anew since.');
    return { last, rest: done.slice(0, -1) };
  }
  noteChange(app, undone.changed);
  const { seq } = undone.changed;
  // What was done to the image before is the last step again.
  const at = done.findLastIndex((each, index) => each.imageId === last.imageId && index < done.length - 1);
  return { last, rest: done.slice(0, -1).map((each, index) => (index === at ? { ...each, seq } : each)) };
}

/** Hears what happens to the items of a stage: `stale` ones are read again, `gone` ones dropped. */
export function watchItems(app: App, on: { stale(ids: number[]): void; gone(ids: number[]): void }): () => void {
  return app.host.on('project.changed', (changed) => {
    if (changed.session !== app.store.getState().project.info?.session) return;
    noteChange(app, changed);
    const { put, remove } = changed.diff;
    const gone = remove.flatMap((entry) => (entry.table === 'query' ? [entry.id] : []));
    const stale = put.flatMap((entry) => (entry.table === 'query' ? [entry.record.id] : []));
    if (gone.length > 0) on.gone(gone);
    if (stale.length > 0) on.stale(stale);
  });
}

/**
 * Calls back when events were lost, or the connection was there again after it was not: what a stage shows has to be
 * read anew then. @returns what ends it
 */
export function whenMissed({ host }: App, again: () => void): () => void {
  let lost = false;
  const stops = [
    host.on('missed', again),
    host.on('connection', ({ state }) => {
      if (state === 'online' && lost) again();
      lost = state !== 'online';
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
