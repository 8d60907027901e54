/** @file What a person does in alignment: choosing masks, ordering them, confirming all of them at once. */
import type { AlignItem } from '../../src-main/contract/methods-align.ts';
import { chosenKeys, isOrdered, keyOf, type MaskKey, toggled } from '../document/align.ts';
import { withDone, withFirst } from '../document/work-queue.ts';
import { advance, countLeft, fill, readItem, restart, setAlign, untouched } from './align-queue.ts';
import type { App } from './app.ts';
import { type ChangeOptions, change } from './change.ts';
import { enqueue, tell } from './queue.ts';
import { writeSettings } from './settings.ts';
import { openInAnnotate } from './stage.ts';
import { noteChange, takeBackLast } from './stage-queue.ts';

const currentItem = ({ store }: App): AlignItem | null => store.getState().align.queue.items[0] ?? null;

const chosenNow = ({ store }: App): readonly MaskKey[] => {
  const { align, settings } = store.getState();
  return chosenKeys(align, settings.alignOverlap);
};

/** Takes a mask in or out; while ordering it gets the next place. */
export const toggleMask = (app: App, key: MaskKey): Promise<void> =>
  enqueue(app, () => {
    if (!currentItem(app)) return;
    const chosen = toggled(chosenNow(app), key);
    setAlign(app, () => ({ chosen }));
  });

/** The mask with that number. */
export const toggleNumber = (app: App, number: number): Promise<void> =>
  enqueue(app, () => {
    const candidate = currentItem(app)?.candidates[number - 1];
    if (!candidate) return tell(app, 'none', `There is no mask ${number}.`);
    const chosen = toggled(chosenNow(app), keyOf(candidate));
    setAlign(app, () => ({ chosen }));
  });

/** All masks that are suggested, or none. */
export const toggleAll = (app: App): Promise<void> =>
  enqueue(app, () => {
    const item = currentItem(app);
    if (!item) return;
    const all = item.candidates.filter(({ coveredBy }) => coveredBy === null).map(keyOf);
    const chosen = chosenNow(app).length > 0 ? [] : all;
    setAlign(app, () => ({ chosen }));
  });

/** An order begins empty: the first key is the first place. Without an order the same masks stay chosen. */
export const toggleOrder = (app: App): Promise<void> =>
  enqueue(app, () => {
    if (!currentItem(app)) return;
    setAlign(app, (align) => (isOrdered(align) ? { ordered: false } : { ordered: true, chosen: [] }));
  });

/** What is chosen becomes the answer, and the next query comes. */
export const confirm = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const item = currentItem(app);
    if (!item) return tell(app, 'none', 'No query waits for its masks.');
    const { align } = app.store.getState();
    const byKey = new Map(item.candidates.map((candidate) => [keyOf(candidate), candidate]));
    const answer = chosenNow(app).flatMap((key) => byKey.get(key) ?? []);
    if (answer.length === 0) {
      const hint = isOrdered(align)
        ? 'Press the numbers in their order, or turn the order off.'
        : 'Press their numbers, or say that nothing matches.';
      return tell(app, 'none', 'No mask is chosen.', hint);
    }
    const ranked = isOrdered(align);
    const { id: queryId, version, text } = item.query;
    const entries = answer.map(({ kind, id }) => ({ kind, id }));
    const input = { queryId, version, answer: entries, ranked, cost: costSince(align.queue.shownAt) };
    const done = await decide(app, item, 'the masks', (what) => change(app, 'align.confirm', input, what));
    if (!done) return;
    const order = ranked ? ', in order' : '';
    tell(
      app,
      'good',
      `${answer.length} ${answer.length === 1 ? 'mask' : 'masks'} stored${order}: "${text.slice(0, 80)}"`,
    );
  });

export const nothingMatches = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const item = currentItem(app);
    if (!item) return;
    const { id: queryId, version } = item.query;
    if (item.answer.length > 0) {
      return tell(app, 'none', 'The query has masks already.', 'Delete them in "Annotate" first, if nothing matches.');
    }
    const input = { queryId, version, noTarget: true, cost: costSince(app.store.getState().align.queue.shownAt) };
    const done = await decide(app, item, '"nothing matches"', (what) => change(app, 'query.noTarget', input, what));
    if (done) tell(app, 'good', 'Stored: nothing matches.');
  });

export const takeBack = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const { align } = app.store.getState();
    if (align.chosen !== null || align.ordered !== null) {
      setAlign(app, () => untouched);
      return tell(app, 'good', 'Back to what is suggested.');
    }
    const taken = await takeBackLast(app, align.queue.done);
    if (!taken) return;
    setAlign(app, ({ queue }) => ({ queue: { ...queue, done: taken.rest } }));
    await comeBack(app, taken.last.queryId);
    tell(app, 'good', `Took back ${taken.last.what}.`);
  });

/** Not now: it comes again at the end. */
export const putOff = (app: App): Promise<void> =>
  enqueue(app, () => {
    if (app.store.getState().align.queue.items.length < 2) return tell(app, 'none', 'No other query waits.');
    advance(app, false);
    void fill(app);
  });

/** To clicks and brush; the way back brings the query here again. */
export const mendMasks = (app: App): void => {
  const item = currentItem(app);
  if (item) void openInAnnotate(app, item.image.id, item.query.id, 'align');
};

export const toggleReference = (app: App): void => setAlign(app, ({ reference }) => ({ reference: !reference }));
export const hoverCandidate = (app: App, hover: MaskKey | null): void => setAlign(app, () => ({ hover }));
export const setThreshold = (app: App, alignOverlap: number): void => writeSettings(app, { alignOverlap });

export const switchQueue = (app: App): Promise<void> =>
  enqueue(app, () => restart(app, { name: app.store.getState().align.name === 'waiting' ? 'unranked' : 'waiting' }));

export const setValidatedOnly = (app: App, validatedOnly: boolean): Promise<void> =>
  enqueue(app, () => restart(app, { validatedOnly }));

/**
 * Stores a decision and keeps it to be taken back. The next query is on screen before it is on disk; one that is refused
 * brings its query back.
 */
async function decide(
  app: App,
  { query, image }: AlignItem,
  name: string,
  store: (what: ChangeOptions) => Promise<{ changed: { seq: number } } | null>,
): Promise<boolean> {
  advance(app, true);
  const { unstored } = app.store.getState().saving;
  const done = await store({ what: `Store ${name} of "${query.text.slice(0, 60)}"`, imageId: image.id });
  if (done) {
    const { seq } = done.changed;
    noteChange(app, { imageId: image.id, seq });
    const step = { queryId: query.id, imageId: image.id, seq, what: name };
    setAlign(app, ({ queue }) => ({ queue: withDone(queue, step, performance.now()) }));
  } else if (app.store.getState().saving.unstored === unstored) await comeBack(app, query.id);
  await fill(app);
  return done !== null;
}

/** Shows a query again that was left. */
async function comeBack(app: App, queryId: number): Promise<void> {
  const item = await readItem(app, queryId);
  if (!item) return;
  setAlign(app, ({ queue }) => ({ ...untouched, queue: withFirst(queue, item, performance.now()) }));
  await countLeft(app);
}

const costSince = (shownAt: number) => ({
  ms: Math.min(86_400_000, Math.max(0, Math.round(performance.now() - shownAt))),
});
