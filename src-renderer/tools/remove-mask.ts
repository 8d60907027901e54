/** @file Taking a mask away: an instance is deleted, a proposal rejected, a draft dropped. The first two can be undone. */
import type { Draft, DraftTarget } from '../document/draft.ts';
import { dropDraft } from '../document/drafts.ts';
import { withSelection } from '../document/open.ts';
import { activeDraft } from '../document/selectors.ts';
import type { Selection } from '../document/state.ts';
import type { App } from './app.ts';
import { change, costOf } from './change.ts';
import { discardDraft } from './prompt.ts';
import { enqueue, tell } from './queue.ts';
import { rejectSelected } from './review.ts';

export const deleteSelected = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const { open } = app.store.getState();
    const { selection } = open ?? {};
    if (!open || !selection) return tell(app, 'none', 'No mask is selected.');
    const draft = activeDraft(app.store.getState());
    const target: DraftTarget = selection.kind === 'draft' ? { kind: 'new', queryId: null } : selection;
    await removeMask(app, open.document.image.id, target, draft, null);
  });

/** Deletes an instance that need not be selected, as from a list. */
export const deleteInstance = (app: App, instanceId: number): Promise<void> =>
  enqueue(app, async () => {
    const { open } = app.store.getState();
    if (open) await removeMask(app, open.document.image.id, { kind: 'instance', id: instanceId }, null, null);
  });

/** Within a queued job. @param why said before what was done, as "Nothing was left of the mask". */
export async function removeMask(
  app: App,
  imageId: number,
  target: DraftTarget,
  draft: Draft | null,
  why: string | null,
): Promise<void> {
  const { store } = app;
  const say = (what: string) => tell(app, 'good', why === null ? `${what}.` : `${why}: ${what.toLowerCase()}.`);
  if (target.kind === 'new') {
    if (draft) discardDraft(app, draft);
    return say('Dropped the unfinished mask');
  }
  if (target.kind === 'proposal') {
    select(app, target);
    await rejectSelected(app);
    return why === null ? undefined : tell(app, 'good', `${why}: it was rejected.`, 'Undo brings it back.');
  }
  const done = await change(
    app,
    'instance.delete',
    { instanceId: target.id, cost: costOf(app, draft, why === null ? 0 : 1) },
    {
      what: 'Delete a mask',
      imageId,
      isStored: ({ instances }) => !instances.some(({ id }) => id === target.id),
    },
  );
  if (!done) return;
  store.setState((state) => dropDraft(state, imageId, target));
  say('Deleted the mask');
}

function select({ store }: App, selection: Selection): void {
  store.setState((state) => withSelection(state, selection, performance.now()));
}
