/** @file Undo and redo: of prompts first, then of what is stored about the image. */
import type { Changed } from '../../src-main/contract/methods-annotate.ts';
import { setDraft, stepBack } from '../document/drafts.ts';
import { withQuery, withSelection } from '../document/open.ts';
import { activeDraft } from '../document/selectors.ts';
import type { Selection } from '../document/state.ts';
import { describeChange } from '../document/words.ts';
import type { App } from './app.ts';
import { change } from './change.ts';
import { discardDraft, prompted, stopClick } from './prompt.ts';
import { enqueue, tell } from './queue.ts';

/** Takes back the last prompt of the mask that is worked on, else the last stored change of the image. */
export const undo = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const draft = activeDraft(app.store.getState());
    if (draft) {
      const before = stepBack(draft);
      if (!before) {
        discardDraft(app, draft);
      } else if (before.candidates.length === 0 && (before.points.length > 0 || before.box !== null)) {
        // Its answer never came, because this prompt came first.
        prompted(app, { ...before, waiting: true });
      } else {
        stopClick(app);
        app.store.setState((state) => setDraft(state, before));
      }
      return tell(app, 'good', 'Took back the last prompt.');
    }
    await takeBack(app, 'history.undo');
  });

export const redo = (app: App): Promise<void> => enqueue(app, () => takeBack(app, 'history.redo'));

async function takeBack(app: App, method: 'history.undo' | 'history.redo'): Promise<void> {
  const { store } = app;
  const { open } = store.getState();
  const verb = method === 'history.undo' ? 'undo' : 'redo';
  if (!open) return tell(app, 'none', `There is nothing to ${verb}.`);
  const imageId = open.document.image.id;
  const what = open.document.history[verb];
  const done = await change(app, method, { imageId }, { what: verb === 'undo' ? 'Undo' : 'Redo', imageId });
  if (!done) return;
  if (!done.changed) {
    return tell(
      app,
      'none',
      `There is nothing to ${verb} on this image.`,
      'What was done on another one is undone there.',
    );
  }
  show(app, done.changed);
  const named = what === null ? '' : `: ${describeChange(what)}`;
  tell(app, 'good', `${verb === 'undo' ? 'Undone' : 'Redone'}${named}.`);
}

/** Brings what has come back into view: its query, and the mask selected. */
function show({ store }: App, { diff }: Changed): void {
  const now = performance.now();
  let selection: Selection | null = null;
  let queryId: number | null = null;
  for (const entry of diff.put) {
    if (entry.table === 'query') queryId = entry.record.id;
    if (entry.table === 'proposal' && entry.record.status === 'pending') {
      selection ??= { kind: 'proposal', id: entry.record.id };
    }
    if (entry.table === 'instance') selection = { kind: 'instance', id: entry.record.id };
  }
  store.setState((state) => {
    const { open } = state;
    const hasQuery = open?.document.queries.some(({ id }) => id === queryId);
    const turned = hasQuery && open?.queryId !== queryId ? withQuery(state, queryId, now) : state;
    return selection ? withSelection(turned, selection, now) : turned;
  });
}
