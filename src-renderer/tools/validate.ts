/** @file What a reviewer does: answering the two questions, rewording, splitting, rejecting, taking back. */
import type { Input, Output } from '../../src-main/contract/api.ts';
import type { ReviewItem, ReviewQueueName } from '../../src-main/contract/methods-review.ts';
import type { Verdict } from '../../src-main/contract/review.ts';
import { isComplete, type Marks, noMarks, type ReviewForm } from '../document/review.ts';
import { withDone, withFirst } from '../document/work-queue.ts';
import type { App } from './app.ts';
import { type ChangeMethod, type ChangeOptions, change } from './change.ts';
import { enqueue, tell } from './queue.ts';
import { flushSettings, writeSettings } from './settings.ts';
import { openInAnnotate } from './stage.ts';
import { noteChange, takeBackLast } from './stage-queue.ts';
import {
  advance,
  countLeft,
  fill,
  readItem,
  readItems,
  readProgress,
  readProgressSoon,
  restart,
  setReview,
} from './validate-queue.ts';
import { focus } from './view.ts';

export type Paraphrase = Input<'query.split'>['parts'][number];

export const currentItem = ({ store }: App): ReviewItem | null => store.getState().review.queue.items[0] ?? null;

/** One answer; with both the verdict is stored, and the next query comes. */
export const answer = (app: App, question: keyof Marks, value: boolean): Promise<void> =>
  enqueue(app, async () => {
    if (!currentItem(app)) return tell(app, 'none', 'No query waits for a verdict.');
    setReview(app, ({ marks }) => ({ marks: { ...marks, [question]: value } }));
    const { marks } = app.store.getState().review;
    if (isComplete(marks)) await judge(app, { ...marks, rejected: false }, '');
  });

export const pass = (app: App): Promise<void> =>
  enqueue(app, () => judge(app, { clear: true, correct: true, rejected: false }, ''));

/** The reason is remembered for the next time. */
export const reject = (app: App, reason: string): Promise<void> =>
  enqueue(app, async () => {
    const text = reason.trim();
    if (text === '') return tell(app, 'none', 'A rejection needs a reason.');
    remember(app, text);
    await judge(app, { ...app.store.getState().review.marks, rejected: true }, text);
  });

/** The next query is on screen before the verdict is on disk; one that is refused brings its query back. */
async function judge(app: App, verdict: Verdict, reason: string): Promise<void> {
  const item = currentItem(app);
  if (!item) return tell(app, 'none', 'No query waits for a verdict.');
  const { query } = item;
  const { name, queue } = app.store.getState().review;
  const decides = name === 'disagreements';
  const input = { queryId: query.id, text: query.text, ...verdict, reason, decides, cost: costSince(queue.shownAt) };
  advance(app, true);
  const { unstored } = app.store.getState().saving;
  const done = await changeQuery(app, 'review.add', input, item, 'your verdict');
  if (done) tell(app, 'good', `${verdictWords(verdict)}: "${query.text.slice(0, 80)}"`, null);
  // One that may still be stored by trying again stays among those of the status bar.
  else if (app.store.getState().saving.unstored === unstored) await comeBack(app, query.id);
  await fill(app);
  readProgressSoon(app);
}

export const editText = (app: App, text: string): Promise<void> =>
  enqueue(app, async () => {
    const item = currentItem(app);
    const next = text.trim();
    showForm(app, null);
    if (!item || next === '' || next === item.query.text) return;
    const { id, version } = item.query;
    const cost = costSince(app.store.getState().review.queue.shownAt);
    const done = await changeQuery(
      app,
      'query.edit',
      { queryId: id, version, edit: { text: next }, cost },
      item,
      'the new text',
    );
    if (!done) return;
    await stay(app, id);
    tell(app, 'good', 'The text is stored. Judge it as it is now.');
  });

export const split = (app: App, parts: readonly Paraphrase[]): Promise<void> =>
  enqueue(app, async () => {
    const item = currentItem(app);
    if (!item || parts.length === 0) return showForm(app, null);
    const { id, version } = item.query;
    const cost = costSince(app.store.getState().review.queue.shownAt);
    const input = { queryId: id, version, parts: [...parts], cost };
    const done = await changeQuery(app, 'query.split', input, item, 'the paraphrases');
    if (!done) return;
    if (app.store.getState().review.form === 'split') showForm(app, null);
    await stay(app, id);
    // They come right after the query that they say anew.
    for (const added of [...done.queryIds].reverse()) {
      const fresh = await readItem(app, added);
      if (fresh) {
        setReview(app, ({ queue }) => ({
          queue: { ...queue, items: [...queue.items.slice(0, 1), fresh, ...queue.items.slice(1)] },
        }));
      }
    }
    await countLeft(app);
    tell(app, 'good', `${parts.length} ${parts.length === 1 ? 'paraphrase' : 'paraphrases'} added; they come next.`);
  });

/** The last verdict, text or split of this stage is undone, and its query shown again. */
export const takeBack = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const { marks, queue } = app.store.getState().review;
    if (marks.clear !== null || marks.correct !== null) {
      setReview(app, () => ({ marks: noMarks }));
      return tell(app, 'good', 'Took back the answer.');
    }
    const taken = await takeBackLast(app, queue.done);
    if (!taken) return;
    setReview(app, (review) => ({ queue: { ...review.queue, done: taken.rest } }));
    await comeBack(app, taken.last.queryId);
    tell(app, 'good', `Took back ${taken.last.what}.`);
    void readProgress(app);
  });

/** Not now: it comes again at the end. */
export const putOff = (app: App): Promise<void> =>
  enqueue(app, () => {
    const { queue } = app.store.getState().review;
    if (queue.items.length < 2) return tell(app, 'none', 'No other query waits.');
    advance(app, false);
    void fill(app);
  });

/** To the masks of the query; the way back brings it here again. */
export const mendMasks = (app: App): void => {
  const item = currentItem(app);
  if (item) void openInAnnotate(app, item.image.id, item.query.id, 'review');
};

export const switchQueue = (app: App, name: ReviewQueueName): Promise<void> => enqueue(app, () => restart(app, name));

export function showForm(app: App, form: ReviewForm | null): void {
  if (form !== null && !currentItem(app)) tell(app, 'none', 'No query waits for a verdict.');
  else setReview(app, () => ({ form }));
  if (form === null) focus(app, 'canvas');
}

/** Who judges. Stored before anything is judged. */
export const setReviewer = (app: App, reviewer: string): Promise<void> =>
  enqueue(app, async () => {
    writeSettings(app, { reviewer: reviewer.trim() });
    await flushSettings(app);
    await restart(app);
    await readProgress(app);
  });

export const setReviewersPerQuery = (app: App, reviewersPerQuery: 1 | 2): Promise<void> =>
  enqueue(app, async () => {
    const done = await change(app, 'review.rule', { reviewersPerQuery }, { what: 'Change the rule', imageId: null });
    if (!done) return;
    await restart(app);
    await readProgress(app);
  });

/** Shows a query again that was left. */
async function comeBack(app: App, queryId: number): Promise<void> {
  const item = await readItem(app, queryId);
  if (!item) return;
  setReview(app, ({ queue }) => ({ queue: withFirst(queue, item, performance.now()), marks: noMarks }));
  await countLeft(app);
}

/** Keeps a query that was changed in front. */
async function stay(app: App, queryId: number): Promise<void> {
  const item = await readItem(app, queryId);
  if (item) setReview(app, ({ queue }) => ({ queue: withFirst(queue, item, queue.shownAt) }));
}

/** Makes a change and keeps it to be taken back. Null where it was refused: what is shown is then read again. */
async function changeQuery<M extends ChangeMethod>(
  app: App,
  method: M,
  input: Input<M>,
  { query, image }: ReviewItem,
  what: string,
): Promise<Output<M> | null> {
  const options: ChangeOptions = { what: `Store ${what} on "${query.text.slice(0, 60)}"`, imageId: image.id };
  const done = await change(app, method, input, options);
  if (!done) {
    await readItems(app, [query.id]);
    return null;
  }
  const { seq } = (done as { changed: { seq: number } }).changed;
  noteChange(app, { imageId: image.id, seq });
  setReview(app, ({ queue }) => ({
    queue: withDone(queue, { queryId: query.id, imageId: image.id, seq, what }, performance.now()),
  }));
  return done;
}

const costSince = (shownAt: number) => ({
  ms: Math.min(86_400_000, Math.max(0, Math.round(performance.now() - shownAt))),
});

const verdictWords = ({ clear, correct, rejected }: Verdict): string => {
  if (rejected) return 'Rejected';
  if (clear && correct) return 'Passed';
  return [clear ? '' : 'Not clear', correct ? '' : 'Not correct'].filter((part) => part !== '').join(', ');
};

/** At most nine, one a key. The others keep their numbers; where all are taken the last one gives way. */
function remember(app: App, reason: string): void {
  const { rejectReasons } = app.store.getState().settings;
  if (!rejectReasons.includes(reason)) writeSettings(app, { rejectReasons: [...rejectReasons.slice(0, 8), reason] });
}
