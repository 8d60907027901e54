/** @file Deciding: accept, reject, accept all, nothing matches. Each is stored at that moment and can be taken back. */
import type { Proposal } from '../../src-main/contract/records.ts';
import { selectPending } from '../document/chips.ts';
import type { Draft } from '../document/draft.ts';
import { draftKey, draftMask, dropDraft } from '../document/drafts.ts';
import { firstPending, withSelection } from '../document/open.ts';
import { activeAsking, activeDraft, activeQuery, recordOf, selectedChip } from '../document/selectors.ts';
import type { Selection } from '../document/state.ts';
import { goOn, nextAfterDecision } from './advance.ts';
import type { App } from './app.ts';
import { cancelAsking } from './ask.ts';
import { change, costOf } from './change.ts';
import { clickDone, discardDraft } from './prompt.ts';
import { enqueue, tell } from './queue.ts';
import { selectMask } from './select.ts';
import { storeMask } from './store-mask.ts';

/** Accepts the selected proposal, or stores the mask that was clicked or corrected; then the next that waits. */
export const accept = (app: App): Promise<void> =>
  onThisImage(app, async () => {
    await clickDone(app);
    const { store } = app;
    const state = store.getState();
    if (!state.open) return tell(app, 'none', 'No image is open.');
    const draft = activeDraft(state);
    if (draft) return acceptDraft(app, draft);
    const record = recordOf(state.open.document, state.open.selection);
    if (state.open.selection?.kind === 'proposal' && record) return acceptOffered(app, record as Proposal);
    const waiting = firstPending(state);
    if (!waiting) return tell(app, 'none', 'Nothing waits to be accepted here.');
    store.setState((each) => withSelection(each, waiting, performance.now()));
    tell(app, 'none', 'Selected the next mask that waits; Enter accepts it.');
  });

/** Accepts all proposals that wait and can be seen, with their corrections, and goes on to what is undecided next. */
export const acceptAll = (app: App): Promise<void> =>
  onThisImage(app, async () => {
    await clickDone(app);
    const { store } = app;
    const { open, drafts } = store.getState();
    if (!open) return tell(app, 'none', 'No image is open.');
    const imageId = open.document.image.id;
    const corrected = [...drafts.values()].filter((draft) => draft.imageId === imageId && draftMask(draft) !== null);
    const inAnswer = new Set(selectPending(store.getState()).map(({ selection }) => draftKey(imageId, selection)));
    let accepted = 0;
    for (const draft of corrected) {
      const isMine = draft.target.kind !== 'proposal' || inAnswer.has(draftKey(imageId, draft.target));
      if (!isMine) continue;
      if (!(await storeMask(app, { imageId, target: draft.target, rle: draftMask(draft)!, draft }))) return;
      accepted += 1;
    }
    const pending = selectPending(store.getState());
    if (pending.length > 0) {
      const query = activeQuery(store.getState())!;
      const proposalIds = pending.map(({ selection }) => selection.id);
      const done = await change(
        app,
        'proposal.acceptAll',
        { queryId: query.id, proposalIds, version: query.version, cost: costOf(app) },
        {
          what: `Accept ${pending.length} masks`,
          imageId,
          isStored: ({ proposals }) =>
            proposals.every(({ id, status }) => !proposalIds.includes(id) || status !== 'pending'),
        },
      );
      if (!done) return;
      accepted += done.accepted;
    }
    if (accepted === 0) tell(app, 'none', 'Nothing waited to be accepted.');
    else tell(app, 'good', accepted === 1 ? 'Accepted 1 mask.' : `Accepted ${accepted} masks.`);
    await goOn(app);
  });

/** Esc: drops unfinished prompts, else rejects the selected proposal, else stops the model, else selects nothing. */
export const rejectOrCancel = (app: App): Promise<void> => {
  if (app.canvas.view?.cancelGesture()) return Promise.resolve();
  // Not behind the queue: that may be waiting for the very answer that the person no longer wants.
  const draftNow = activeDraft(app.store.getState());
  if (draftNow) {
    discardDraft(app, draftNow);
    tell(app, 'good', 'Dropped the unfinished mask.');
    return Promise.resolve();
  }
  return onThisImage(app, async () => {
    const { store } = app;
    const { open } = store.getState();
    if (open?.selection?.kind === 'proposal') return rejectSelected(app);
    if (activeAsking(store.getState())?.state === 'asking') return cancelAsking(app, open!.queryId!);
    if (open?.selection) return store.setState((state) => withSelection(state, null, performance.now()));
    tell(app, 'none', 'There is nothing to reject or cancel.');
  });
};

/** Accepts the proposal that is given, with its corrections, whether it is selected or not. */
export const acceptProposal = (app: App, proposalId: number): Promise<void> => {
  void selectMask(app, { kind: 'proposal', id: proposalId });
  return accept(app);
};

/** Rejects the proposal that is given, whether it is selected or not. */
export const rejectProposal = (app: App, proposalId: number): Promise<void> =>
  enqueue(app, () => {
    app.store.setState((state) => withSelection(state, { kind: 'proposal', id: proposalId }, performance.now()));
    return rejectSelected(app);
  });

export async function rejectSelected(app: App): Promise<void> {
  const { store } = app;
  const { open } = store.getState();
  const proposal = open && (recordOf(open.document, open.selection) as Proposal | null);
  if (!open || !proposal || open.selection?.kind !== 'proposal') return;
  const number = selectedChip(store.getState())?.number;
  const version = open.document.queries.find(({ id }) => id === proposal.queryId)?.version;
  const next = nextPending(app, open.selection);
  const done = await change(
    app,
    'proposal.reject',
    { proposalId: proposal.id, version, cost: costOf(app, activeDraft(store.getState())) },
    {
      what: `Reject mask ${number ?? ''}`.trim(),
      imageId: open.document.image.id,
      isStored: ({ proposals }) => proposals.find(({ id }) => id === proposal.id)?.status !== 'pending',
    },
  );
  if (!done) return;
  store.setState((state) => dropDraft(state, open.document.image.id, { kind: 'proposal', id: proposal.id }));
  tell(app, 'good', `Rejected mask ${number ?? ''}.`);
  store.setState((state) => withSelection(state, next, performance.now()));
  await nextAfterDecision(app, proposal.queryId);
}

/** "Nothing matches" for the active query, or takes that back. */
export const markNothing = (app: App): Promise<void> =>
  onThisImage(app, async () => {
    const { store } = app;
    const { open } = store.getState();
    const query = activeQuery(store.getState());
    if (!open || !query) return tell(app, 'none', 'There is no query to answer.', 'Type one first.');
    const noTarget = !query.noTarget;
    const done = await change(
      app,
      'query.noTarget',
      { queryId: query.id, noTarget, version: query.version, cost: costOf(app) },
      {
        what: noTarget ? 'Record that nothing matches' : 'Take back that nothing matches',
        imageId: open.document.image.id,
        isStored: ({ queries }) => queries.find(({ id }) => id === query.id)?.noTarget === noTarget,
      },
    );
    if (!done) return;
    tell(app, 'good', noTarget ? 'Recorded: nothing matches.' : 'Taken back: something may match.');
    if (noTarget) await nextAfterDecision(app, query.id);
  });

/** A decision is about what was on screen when the key was pressed: on an image that came up since it does nothing. */
function onThisImage(app: App, job: () => void | Promise<void>): Promise<void> {
  const { generation } = app.tasks;
  return enqueue(app, () => {
    if (app.tasks.generation === generation) return job();
    tell(app, 'none', 'Another image came up meanwhile; nothing was decided there.');
  });
}

async function acceptOffered(app: App, proposal: Proposal): Promise<void> {
  const { store } = app;
  const { open } = store.getState();
  const number = selectedChip(store.getState())?.number;
  const next = nextPending(app, { kind: 'proposal', id: proposal.id });
  const version = open!.document.queries.find(({ id }) => id === proposal.queryId)?.version;
  const done = await change(
    app,
    'proposal.accept',
    { proposalId: proposal.id, version, cost: costOf(app) },
    {
      what: `Accept mask ${number ?? ''}`.trim(),
      imageId: open!.document.image.id,
      isStored: ({ proposals }) => proposals.find(({ id }) => id === proposal.id)?.status !== 'pending',
    },
  );
  if (!done) return;
  tell(app, 'good', `Accepted mask ${number ?? ''}.`);
  store.setState((state) => withSelection(state, next, performance.now()));
  await nextAfterDecision(app, proposal.queryId);
}

async function acceptDraft(app: App, draft: Draft): Promise<void> {
  const { store } = app;
  const rle = draftMask(draft);
  if (!rle) return tell(app, 'none', 'The clicks have given no mask yet.', 'Click on the object, or press Esc.');
  const { target, imageId } = draft;
  const next = target.kind === 'proposal' ? nextPending(app, target) : null;
  const queryId = store.getState().open?.queryId ?? null;
  const stored = await storeMask(app, { imageId, target, rle, draft });
  if (!stored) return;
  if (target.kind === 'instance') return tell(app, 'good', 'Stored the corrected mask.');
  tell(app, 'good', target.kind === 'new' ? 'Stored the new mask.' : 'Accepted the corrected mask.');
  store.setState((state) => withSelection(state, next, performance.now()));
  if (target.kind === 'proposal' && queryId !== null) await nextAfterDecision(app, queryId);
}

/** The next proposal that waits after `selection`, starting over at the best; null where it is the last. */
function nextPending({ store }: App, selection: Selection): Selection | null {
  const pending = selectPending(store.getState());
  const at = pending.findIndex(
    (chip) => chip.selection.kind === selection.kind && 'id' in selection && chip.selection.id === selection.id,
  );
  const rest = [...pending.slice(at + 1), ...pending.slice(0, Math.max(0, at))];
  return rest[0]?.selection ?? null;
}
