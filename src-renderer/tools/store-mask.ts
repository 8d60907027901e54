/** @file Storing a mask that a person has made or corrected: as an accepted proposal, an edited or a new instance. */
import type { Rle } from '../../src-main/contract/mask.ts';
import type { Draft, DraftTarget } from '../document/draft.ts';
import { dropDraft } from '../document/drafts.ts';
import type { Selection } from '../document/state.ts';
import type { App } from './app.ts';
import { type ChangeOptions, change, costOf } from './change.ts';

export type MaskToStore = {
  readonly imageId: number;
  readonly target: DraftTarget;
  /** Not empty. */
  readonly rle: Rle;
  /** Where the mask comes from prompts; it is dropped when the mask is stored. */
  readonly draft?: Draft | null;
  readonly strokes?: number;
};

/** The instance that the mask is now; null where it was not stored, and then the draft stays. */
export async function storeMask(app: App, mask: MaskToStore): Promise<Extract<Selection, { id: number }> | null> {
  const { target, imageId, draft } = mask;
  const stored = await send(app, mask);
  if (stored === null) return null;
  if (draft) app.store.setState((state) => dropDraft(state, imageId, target));
  return { kind: 'instance', id: stored };
}

async function send(
  app: App,
  { imageId, target, rle, draft = null, strokes = 0 }: MaskToStore,
): Promise<number | null> {
  const { open } = app.store.getState();
  const document = open?.document.image.id === imageId ? open.document : null;
  const versionOf = (queryId: number | null | undefined) => document?.queries.find(({ id }) => id === queryId)?.version;
  const cost = costOf(app, draft, strokes);
  const about = (what: string, isStored: ChangeOptions['isStored']): ChangeOptions => ({
    what,
    imageId,
    ...(isStored ? { isStored } : {}),
  });
  switch (target.kind) {
    case 'proposal': {
      const queryId = document?.proposals.find(({ id }) => id === target.id)?.queryId;
      const done = await change(
        app,
        'proposal.accept',
        { proposalId: target.id, rle, version: versionOf(queryId), cost },
        about('Accept a corrected mask', ({ proposals }) =>
          proposals.some(({ id, status }) => id === target.id && status === 'accepted'),
        ),
      );
      return done?.instanceId ?? null;
    }
    case 'instance': {
      const done = await change(
        app,
        'instance.edit',
        { instanceId: target.id, edit: { rle }, cost },
        about('Change a mask', ({ instances }) =>
          instances.some((each) => each.id === target.id && each.rle.counts === rle.counts),
        ),
      );
      return done ? target.id : null;
    }
    case 'new': {
      // The query may have been deleted since the draft was begun; the mask is kept all the same.
      const queryIds = target.queryId !== null && versionOf(target.queryId) !== undefined ? [target.queryId] : [];
      const done = await change(
        app,
        'instance.add',
        { imageId, queryIds, rle, source: 'human', cost },
        about('Add a mask', ({ instances }) => instances.some((each) => each.rle.counts === rle.counts)),
      );
      return done?.instanceId ?? null;
    }
  }
}
