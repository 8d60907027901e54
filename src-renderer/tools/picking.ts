/** @file The verbs of choosing images: reading the file, finding what fits, keep and drop, quotas, and into the project. */
import type { SelectionState } from '../../src-main/contract/methods-select.ts';
import type { Choice, SelectionSettings } from '../../src-main/contract/selection.ts';
import { failureOf } from '../document/notices.ts';
import {
  categoryFor,
  differences,
  type PickingState,
  type PickStep,
  stepped,
  tallyOf,
  withChoices,
  withData,
} from '../document/picking.ts';
import { isCancelled } from '../host/error.ts';
import type { App } from './app.ts';
import { enqueue, later, tell } from './queue.ts';

/** Milliseconds of rest before a filter that is being typed is asked for. */
const restMs = 150;
/** Images whose boxes are read in one call. */
const atOnce = 200;

const set = (app: App, change: Partial<PickingState>) =>
  app.store.setState(({ picking }) => ({ picking: { ...picking, ...change } }));
const get = (app: App): PickingState => app.store.getState().picking;

/** The stage is entered: the file is read if it was not yet. */
export async function enterPicking(app: App): Promise<void> {
  const { data, working } = get(app);
  if (data || working) return;
  await reading(app, (onProgress) => app.host.call('select.state', {}, { onProgress }));
}

/** Another file to choose from. */
export const openSource = (app: App, coco: string, photos: string): Promise<boolean> =>
  reading(app, (onProgress) => app.host.call('select.open', { coco, photos }, { onProgress }));

type ReadProgress = (step: { stage: 'file' | 'photos'; done: number; total: number }) => void;

async function reading(app: App, read: (onProgress: ReadProgress) => Promise<SelectionState>): Promise<boolean> {
  const session = app.store.getState().project.info?.session;
  const isHere = () => app.store.getState().project.info?.session === session;
  set(app, { failure: null, working: { what: 'Reading the annotations', done: 0, total: 0 } });
  try {
    const data = await read(({ stage, done, total }) => {
      const what = stage === 'file' ? 'Reading the annotations' : 'Looking for the photos';
      if (isHere()) set(app, { working: { what, done, total } });
    });
    if (!isHere()) return false;
    app.store.setState(({ picking }) => ({ picking: withData(picking, data) }));
    if (data.source) await find(app);
    return true;
  } catch (thrown) {
    if (isHere()) set(app, { failure: isCancelled(thrown) ? null : failureOf(thrown) });
    return false;
  } finally {
    if (isHere()) set(app, { working: null });
  }
}

/** Another filter, order or quota. */
export function setPicking(app: App, change: Partial<SelectionSettings>): void {
  set(app, { settings: { ...get(app).settings, ...change }, applied: null });
  later(app, 'picking', restMs, () => void find(app));
}

/** Reads which images fit; what is shown stays until the answer. */
export async function find(app: App): Promise<void> {
  const { settings } = get(app);
  try {
    const { images, supply } = await app.host.call('select.find', { settings }, { lane: 'select-find' });
    const { found, cursor } = get(app);
    const at = found[cursor];
    const stays = at === undefined ? -1 : images.indexOf(at);
    set(app, { found: images, supply, candidates: new Map(), cursor: Math.max(0, stays), failure: null });
    await ensureCandidates(app, [images[Math.max(0, stays)] ?? -1]);
  } catch (thrown) {
    if (!isCancelled(thrown)) set(app, { failure: failureOf(thrown) });
  }
}

/** Reads the boxes of images that are in sight. */
export async function ensureCandidates(app: App, images: readonly number[]): Promise<void> {
  const { candidates, settings } = get(app);
  const wanted = images.filter((image) => image >= 0 && !candidates.has(image)).slice(0, atOnce);
  if (wanted.length === 0) return;
  try {
    const answer = await app.host.call('select.images', { images: wanted, filter: settings.filter });
    const now = get(app);
    if (now.settings.filter !== settings.filter) return;
    set(app, { candidates: new Map([...now.candidates, ...answer.images.map((each) => [each.image, each] as const)]) });
  } catch (thrown) {
    if (!isCancelled(thrown)) set(app, { failure: failureOf(thrown) });
  }
}

export function moveTo(app: App, cursor: number): void {
  const { found } = get(app);
  set(app, { cursor: Math.max(0, Math.min(found.length - 1, cursor)) });
}

export const move = (app: App, step: number): void => moveTo(app, get(app).cursor + step);
export const moveRow = (app: App, rows: number): void => move(app, rows * get(app).columns);

export function toggleLarge(app: App): void {
  set(app, { large: !get(app).large });
}

/** Decides on the image under the cursor and goes on to the next. `null`: undecided again. */
export function decide(app: App, verdict: Choice['verdict'] | null): void {
  const picking = get(app);
  const image = picking.found[picking.cursor];
  if (image === undefined) return;
  decideOn(app, image, verdict);
  move(app, 1);
}

/** What is in the project stays there: taking images out is done in the list of images. */
export function decideOn(app: App, image: number, verdict: Choice['verdict'] | null): void {
  const picking = get(app);
  if (picking.inProject.has(image)) {
    tell(app, 'none', 'This image is in the project already.');
    return;
  }
  const candidate = picking.candidates.get(image);
  const category = verdict === 'keep' && candidate ? categoryFor(picking, candidate, tallyOf(picking)) : null;
  change(app, new Map([[image, verdict === null ? null : { image, verdict, by: 'hand', category }]]));
}

/** What the quotas kept, and is not in the project yet, is undecided again. */
export function clearFilled(app: App): void {
  const { choices, inProject } = get(app);
  const filled = [...choices.values()].filter(({ by, image }) => by === 'fill' && !inProject.has(image));
  change(app, new Map(filled.map(({ image }) => [image, null])));
}

function change(app: App, changes: PickStep): void {
  app.store.setState(({ picking }) => ({ picking: { ...withChoices(picking, changes), applied: null } }));
  void store(app, changes);
}

export function stepPicking(app: App, direction: 'undo' | 'redo'): void {
  const step = stepped(get(app), direction);
  if (!step) return;
  app.store.setState({ picking: { ...step.picking, applied: null } });
  void store(app, step.changes);
}

/** In the order of the keys; a choice that cannot be stored is told, and what is stored is read again. */
const store = (app: App, changes: PickStep): Promise<void> =>
  enqueue(app, async () => {
    const choices = [...changes.values()].filter((choice) => choice !== null);
    const undecided = [...changes].flatMap(([image, choice]) => (choice === null ? [image] : []));
    try {
      await app.host.call('select.choose', { choices, undecided });
    } catch (thrown) {
      set(app, { data: null, failure: failureOf(thrown) });
      throw thrown;
    }
  });

export const fill = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const { settings, choices, data } = get(app);
    const answer = await app.host.call('select.fill', { settings });
    const changes = differences(choices, answer.choices);
    app.store.setState(({ picking }) => ({ picking: { ...withChoices(picking, changes), applied: null } }));
    const short = answer.short.map(({ category, got }) => `${data?.categories[category]?.name} (${got})`);
    const kept = answer.choices.filter(({ verdict }) => verdict === 'keep').length;
    const behind =
      short.length > 0 ? `No more images for ${short.slice(0, 8).join(', ')}${short.length > 8 ? ' ...' : ''}.` : null;
    tell(app, 'good', `${kept} images are kept.`, behind);
  });

/** The kept images become images of the project. */
export async function applyPicking(app: App): Promise<void> {
  await app.tasks.queue;
  const stop = new AbortController();
  app.tasks.applying = stop;
  set(app, { working: { what: 'Adding photos', done: 0, total: 0 }, failure: null, applied: null });
  try {
    const applied = await app.host.call(
      'select.apply',
      {},
      {
        signal: stop.signal,
        onProgress: ({ stage, done, total }) =>
          set(app, { working: { what: stage === 'photos' ? 'Adding photos' : 'Adding instances', done, total } }),
      },
    );
    set(app, { applied });
  } catch (thrown) {
    if (!isCancelled(thrown)) set(app, { failure: failureOf(thrown) });
  } finally {
    if (app.tasks.applying === stop) app.tasks.applying = null;
    set(app, { working: null });
    const state = await app.host.call('select.state', {}).catch(() => null);
    if (state) set(app, { inProject: new Set(state.inProject) });
  }
}

export const cancelApply = (app: App): void => app.tasks.applying?.abort();
