/**
 * @file Putting an image on the canvas: its record at once, its encoding beside that, then what probably comes next. An
 * answer that comes late belongs to the opening that asked for it, and is dropped when another one has begun.
 */
import type { ListedImage } from '../../src-main/contract/image-list.ts';
import { failureOf } from '../document/notices.ts';
import { withImage } from '../document/open.ts';
import type { EncodingState } from '../document/state.ts';
import { asHostError, isCancelled } from '../host/error.ts';
import type { App } from './app.ts';
import { prefetch, stopPrefetch } from './prefetch.ts';
import { resumeDraft, stopClick } from './prompt.ts';

/** Within a queued job. @param position in the filtered list where it is known. */
export async function openNow(app: App, imageId: number, position: number | null): Promise<boolean> {
  const { host, store, tasks } = app;
  tasks.generation += 1;
  const { generation } = tasks;
  tasks.busyAt = performance.now();
  stopClick(app);
  stopPrefetch(app, imageId);
  store.setState({ opening: { imageId, failure: null } });
  try {
    const session = store.getState().project.info?.session;
    const ahead = tasks.documents.get(imageId);
    const document = ahead && ahead.session === session ? ahead : await host.call('image.read', { imageId });
    if (tasks.generation !== generation) return false;
    tasks.documents.clear();
    store.setState((state) => withImage(state, document, { generation, position, now: performance.now() }));
  } catch (thrown) {
    if (isCancelled(thrown) || tasks.generation !== generation) return false;
    // The image before stays on the canvas: one that cannot be read takes nothing else along.
    store.setState({ opening: { imageId, failure: failureOf(thrown) } });
    return false;
  }
  void encode(app);
  resumeDraft(app);
  return true;
}

/** Starts encoding the open image; when it is done, what comes next is fetched ahead. */
export async function encode(app: App, attempt = 0): Promise<void> {
  const { host, store, tasks } = app;
  const { open, settings } = store.getState();
  if (!open) return;
  tasks.encoding?.abort();
  const stop = new AbortController();
  tasks.encoding = stop;
  const { generation } = open;
  const set = (encoding: EncodingState) =>
    store.setState((state) =>
      state.open?.generation === generation && tasks.encoding === stop ? { open: { ...state.open, encoding } } : state,
    );
  set({ state: 'encoding', ms: null, cached: false, failure: null });
  try {
    const { encode_ms, cached } = await host.call(
      'image.encode',
      { image: { id: open.document.image.id }, pack: settings.segmenter },
      { signal: stop.signal, lane: 'encode' },
    );
    set({ state: 'ready', ms: encode_ms, cached, failure: null });
    if (store.getState().engine.provider === null) void readProvider(app);
  } catch (thrown) {
    const { code } = asHostError(thrown);
    if (code === 'cancelled') return;
    // The engine starts again by itself; an image that crashes it twice is left alone.
    if (code === 'engine-crashed' && attempt === 0 && !stop.signal.aborted) return encode(app, 1);
    set({ state: 'failed', ms: null, cached: false, failure: failureOf(thrown) });
  }
  if (tasks.generation === generation && tasks.encoding === stop) prefetch(app);
}

/** What the segmenter runs on. */
export async function readProvider({ host, store }: App): Promise<void> {
  const { segmenters } = await host.call('engine.status', {}).catch(() => ({ segmenters: [] }));
  const { settings } = store.getState();
  const mine = segmenters.find(({ pack }) => pack === settings.segmenter);
  if (mine) store.setState(({ engine }) => ({ engine: { ...engine, provider: mine.provider } }));
}

/** The image before or after the open one; with `undecided` the next that has something to decide. */
export async function stepNow(app: App, step: 1 | -1, undecided: boolean): Promise<ListedImage | null> {
  const { host, store } = app;
  const { open, images } = store.getState();
  const from = open?.document.image.id ?? null;
  const { image, position } = await host.call('images.step', { from, step, undecided, filter: images.filter });
  if (!image || image.id === from) return null;
  await openNow(app, image.id, position);
  return image;
}
