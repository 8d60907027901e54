/** @file Brush strokes. Each is stored when it ends and is one step of undo. */
import { rleArea } from '../../src-main/contract/rle.ts';
import type { Draft, DraftTarget } from '../document/draft.ts';
import { draftKey, newDraft, setDraft, withMask } from '../document/drafts.ts';
import { withSelection } from '../document/open.ts';
import type { Selection } from '../document/state.ts';
import type { App, Stroke } from './app.ts';
import { enqueue, tell } from './queue.ts';
import { removeMask } from './remove-mask.ts';
import { storeMask } from './store-mask.ts';

/** The first stroke on a proposal accepts it; on nothing it begins a new mask; what has no pixel left is deleted. */
export const paint = (app: App, stroke: Stroke): Promise<void> =>
  enqueue(app, async () => {
    const { store, tasks } = app;
    const { imageId, rle, token } = stroke;
    const selection = tasks.strokeTargets.get(token) ?? current(app, stroke.selection);
    const target = targetOf(app, selection);
    const draft = store.getState().drafts.get(draftKey(imageId, target)) ?? null;
    if (rleArea(rle) === 0) {
      await removeMask(app, imageId, target, draft, 'Nothing was left of the mask');
      return;
    }
    const stored = await storeMask(app, { imageId, target, rle, draft, strokes: 1 });
    if (!stored) return keep(app, stroke, target, draft);
    tasks.strokeTargets.set(token, stored);
    store.setState((state) =>
      state.open?.document.image.id === imageId ? withSelection(state, stored, performance.now()) : state,
    );
    restartClock(app);
    if (target.kind !== 'instance')
      tell(app, 'good', target.kind === 'new' ? 'Added a mask.' : 'Accepted with your stroke.');
  });

/** A proposal that was accepted meanwhile is the instance that it became. */
function current({ store }: App, selection: Selection | null): Selection | null {
  if (selection?.kind !== 'proposal') return selection;
  const proposal = store.getState().open?.document.proposals.find(({ id }) => id === selection.id);
  return proposal?.instanceId ? { kind: 'instance', id: proposal.instanceId } : selection;
}

function targetOf({ store }: App, selection: Selection | null): DraftTarget {
  if (selection && selection.kind !== 'draft') return selection;
  return { kind: 'new', queryId: store.getState().open?.queryId ?? null };
}

/** What could not be stored stays on screen as a draft, which Enter stores. */
function keep({ store }: App, { imageId, rle }: Stroke, target: DraftTarget, draft: Draft | null): void {
  const kept = withMask(draft ?? newDraft(imageId, target, null), rle, 1);
  store.setState((state) => setDraft(state, kept));
  const selection: Selection = target.kind === 'new' ? { kind: 'draft' } : target;
  store.setState((state) => withSelection(state, selection, performance.now()));
}

function restartClock({ store }: App): void {
  store.setState(({ open }) => (open ? { open: { ...open, shownAt: performance.now() } } : {}));
}
