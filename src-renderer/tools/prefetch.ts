/**
 * @file What probably comes next, fetched ahead: the next image of the list and the next undecided one, their records,
 * pictures and encodings. At most two, one after the other, and cancelled when the person goes elsewhere.
 */
import type { ListedImage } from '../../src-main/contract/image-list.ts';
import { firstLevel, levelFor } from '../canvas/level.ts';
import type { App } from './app.ts';

/** People look at a photo for about as long before they click. */
const quietMs = 1500;

/** Begins to fetch ahead; called when the open image is encoded, so that it takes nothing from that. */
export function prefetch(app: App): void {
  const { generation } = app.tasks;
  void (async () => {
    const { host, store, tasks } = app;
    const { open, images } = store.getState();
    if (!open) return;
    const from = open.document.image.id;
    const next = await host.call('images.step', { from, step: 1, filter: images.filter });
    const undecided = await host.call('images.step', { from, step: 1, undecided: true, filter: images.filter });
    for (const image of [next.image, undecided.image]) {
      if (tasks.generation !== generation) return;
      if (!image || image.id === from || tasks.prefetching.has(image.id)) continue;
      const stop = new AbortController();
      const done = fetchAhead(app, image, stop.signal)
        // Whatever it was, it will be seen when the image is opened.
        .catch(() => undefined)
        .finally(() => tasks.prefetching.delete(image.id));
      tasks.prefetching.set(image.id, { stop, done });
      await done;
    }
  })().catch(() => undefined);
}

/** Cancels what is fetched ahead, but not for `imageId`: that one is wanted now, and its work goes on being of use. */
export function stopPrefetch({ tasks }: App, imageId: number | null): void {
  for (const [id, { stop }] of tasks.prefetching) if (id !== imageId) stop.abort();
}

async function fetchAhead(app: App, image: ListedImage, signal: AbortSignal): Promise<void> {
  const { host, store, tasks } = app;
  const { id } = image;
  tasks.documents.set(id, await host.call('image.read', { imageId: id }, { signal }));
  if (image.status === 'missing') return;
  await Promise.all(levelsOf(app, image).map((max) => fetchPicture(host.mediaUrl(id, max), signal)));
  await quiet(app, signal);
  const pack = store.getState().settings.segmenter;
  await host.call('image.encode', { image: { id }, pack }, { signal, lane: 'prefetch' });
}

/**
 * The engine does one thing at a time, and an encoder that runs cannot be interrupted: a click would wait for it. So it is
 * begun when no click has come for a while.
 */
async function quiet({ tasks }: App, signal: AbortSignal): Promise<void> {
  while (tasks.click || performance.now() - tasks.busyAt < quietMs) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The sizes that the canvas will ask for: the first one to show, and the one that fits the canvas. */
export function levelsOf({ canvas }: App, { width, height }: Pick<ListedImage, 'width' | 'height'>): (number | null)[] {
  const size = canvas.view?.size();
  const fitted = size ? Math.min(size.width / width, size.height / height) : 0;
  return [...new Set([firstLevel(width, height), levelFor(width, height, fitted)])];
}

/** Into the browser's cache. */
export async function fetchPicture(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { signal, credentials: 'same-origin' });
  await answer.arrayBuffer();
}
