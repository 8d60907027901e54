/**
 * @file Points and boxes: the segmenter works on the draft of the selected mask, or of a new one. The newest prompts win;
 * an answer goes to the draft that asked, and only while that still has the prompts it asked with.
 */
import type { Rle } from '../../src-main/contract/mask.ts';
import type { Box } from '../../src-main/contract/segmentation.ts';
import type { Draft, DraftTarget } from '../document/draft.ts';
import {
  draftKey,
  draftMask,
  dropDraft,
  newDraft,
  setDraft,
  withCandidates,
  withNextCandidate,
  withPrompts,
} from '../document/drafts.ts';
import { withSelection } from '../document/open.ts';
import { activeDraft, recordOf } from '../document/selectors.ts';
import type { Selection } from '../document/state.ts';
import { asHostError } from '../host/error.ts';
import type { App } from './app.ts';
import { enqueue, tell, tellFailure } from './queue.ts';

/** A click on the photo, in image pixels: label 1 is on the object, 0 is off it. */
export const addPoint = (app: App, x: number, y: number, label: 0 | 1): Promise<void> =>
  enqueue(app, () => {
    const draft = draftToPrompt(app);
    if (!draft) return;
    const hasAnchor = label === 1 || draft.base !== null || draft.box !== null || draft.points.some((each) => each[2]);
    if (!hasAnchor) return tell(app, 'none', 'Begin with a left click on the object; right clicks take parts away.');
    prompted(app, withPrompts(draft, { points: [...draft.points, [x, y, label]] }));
  });

/** A box around the object; it takes the place of the one before. */
export const setBox = (app: App, box: Box): Promise<void> =>
  enqueue(app, () => {
    const draft = draftToPrompt(app);
    if (draft) prompted(app, withPrompts(draft, { box }));
  });

/** A click on a point takes it away. */
export const removePoint = (app: App, index: number): Promise<void> =>
  enqueue(app, () => {
    const draft = activeDraft(app.store.getState());
    if (!draft || index >= draft.points.length) return;
    const points = draft.points.toSpliced(index, 1);
    const isEmpty = points.length === 0 && draft.box === null;
    if (isEmpty && draft.base === null && draft.past.length <= 1) return discardDraft(app, draft);
    prompted(app, withPrompts(draft, { points }));
  });

/** The next mask that the prompts may mean: a part, the whole. */
export const cycleCandidates = (app: App): Promise<void> =>
  enqueue(app, async () => {
    await clickDone(app);
    const draft = activeDraft(app.store.getState());
    if (!draft || (draft.points.length === 0 && draft.box === null)) {
      return tell(app, 'none', 'There is nothing to choose from.', 'Click on the object first.');
    }
    if (draft.all) app.store.setState((state) => setDraft(state, withNextCandidate(draft)));
    else await segment(app, draft, true);
    const now = activeDraft(app.store.getState());
    if (!now || now.candidates.length === 0) return;
    tell(app, now.candidates.length > 1 ? 'good' : 'none', `Mask ${now.index + 1} of ${now.candidates.length}.`);
  });

/** Waits for the segmenter's answer to the last prompt, so that what is accepted is what was clicked. */
export async function clickDone({ tasks }: App): Promise<void> {
  await tasks.click?.done;
}

/** Another image is opened: its work goes first. The draft keeps its prompts and is worked on when it is seen again. */
export function stopClick({ store, tasks }: App): void {
  tasks.click?.stop.abort();
  const draft = tasks.click && store.getState().drafts.get(tasks.click.key);
  if (draft) store.setState((state) => setDraft(state, { ...draft, waiting: false }));
  tasks.click = null;
}

/** Has the prompts of the selected draft answered where they are not. */
export function resumeDraft(app: App): void {
  const draft = activeDraft(app.store.getState());
  if (!draft || draft.candidates.length > 0 || app.tasks.click?.key === draftKey(draft.imageId, draft.target)) return;
  if (draft.points.length > 0 || draft.box !== null) begin(app, { ...draft, waiting: true });
}

/** Drops a draft with all its prompts; a mask that has a record stays selected. */
export function discardDraft(app: App, draft: Draft): void {
  const { store } = app;
  if (app.tasks.click?.key === draftKey(draft.imageId, draft.target)) stopClick(app);
  store.setState((state) => {
    const next = dropDraft(state, draft.imageId, draft.target);
    return draft.target.kind === 'new' ? withSelection(next, null, performance.now()) : next;
  });
}

/** The draft that a prompt goes to; it is selected. Null where no image is open. */
function draftToPrompt(app: App): Draft | null {
  const { store } = app;
  const state = store.getState();
  const { open } = state;
  if (!open) return null;
  const imageId = open.document.image.id;
  const { target, selection } = targetOf(open.selection, open.queryId);
  const known = state.drafts.get(draftKey(imageId, target));
  store.setState((each) => withSelection(each, selection, performance.now()));
  return known ?? newDraft(imageId, target, recordOf(open.document, selection)?.rle ?? null);
}

function targetOf(selection: Selection | null, queryId: number | null): { target: DraftTarget; selection: Selection } {
  if (selection && selection.kind !== 'draft') return { target: selection, selection };
  return { target: { kind: 'new', queryId }, selection: { kind: 'draft' } };
}

/**
 * The mask that the newest point corrects: the one that was on the screen when it was set, which is nearer to the object
 * than the one that the draft began with (docs/method.md). A box, or a point that was taken away, starts from there.
 */
function correctedMask({ base, box, points, past }: Draft): Rle | null {
  const before = past.at(-1);
  const isCorrection = before?.base === base && !box && !before.box && points.length === before.points.length + 1;
  return isCorrection ? draftMask(before) : base;
}

/** The draft has other prompts: asks for their mask, or shows the base where none are left. */
export function prompted(app: App, draft: Draft): void {
  if (draft.points.length > 0 || draft.box !== null) {
    begin(app, draft);
    return;
  }
  stopClick(app);
  app.store.setState((state) => setDraft(state, { ...draft, candidates: [], index: 0, waiting: false }));
}

function begin(app: App, draft: Draft): void {
  const { store, tasks } = app;
  tasks.click?.stop.abort();
  tasks.busyAt = performance.now();
  store.setState((state) => setDraft(state, draft));
  void segment(app, draft, false);
}

/** @param all asks for every granularity and shows the next one. */
function segment(app: App, draft: Draft, all: boolean): Promise<void> {
  const { tasks } = app;
  const key = draftKey(draft.imageId, draft.target);
  const stop = new AbortController();
  const done = work(app, key, draft, all, stop.signal).finally(() => {
    if (tasks.click?.stop === stop) tasks.click = null;
  });
  tasks.click = { key, stop, done };
  return done;
}

async function work(app: App, key: string, asked: Draft, all: boolean, signal: AbortSignal): Promise<void> {
  const { host, store } = app;
  const { imageId, points, box, base } = asked;
  const mask = correctedMask(asked);
  const { segmenter } = store.getState().settings;
  /** The draft as it is now, if it still has the prompts that were asked with. */
  const current = () => {
    const draft = store.getState().drafts.get(key);
    return draft && draft.points === points && draft.box === box && draft.base === base ? draft : null;
  };
  const input = {
    image: { id: imageId },
    pack: segmenter,
    points: [...points],
    candidates: all ? 4 : 1,
    ...(box ? { box } : {}),
    ...(mask ? { mask } : {}),
  };
  for (let attempt = 0; ; attempt++) {
    try {
      const { candidates } = await host.call('segment.click', input, { signal, lane: 'click' });
      const draft = current();
      if (!draft) return;
      const masks = candidates.map(({ segmentation, score }) => ({ rle: segmentation, score }));
      const answered = all ? withNextCandidate(draft, masks) : withCandidates(draft, masks, false);
      store.setState((state) => setDraft(state, answered));
      if (masks.length === 0) tell(app, 'none', 'Nothing was found there.', 'Click in the middle of the object.');
      return;
    } catch (thrown) {
      const { code } = asHostError(thrown);
      if (code === 'engine-crashed' && attempt === 0 && !signal.aborted) continue;
      const draft = current();
      if (draft) store.setState((state) => setDraft(state, { ...draft, waiting: false }));
      // The prompts stay: undo takes the last one back, another click tries again.
      if (code !== 'cancelled') tellFailure(app, thrown, 'The click could not be answered');
      return;
    }
  }
}
