/** @file Changing a mask without a model: grow, shrink, fill holes, drop specks, keep the largest part. */
import type { MaskEditInput } from '../../src-main/contract/api.ts';
import { newDraft, setDraft, withMask } from '../document/drafts.ts';
import { activeDraft, selectedRecord, shownMask } from '../document/selectors.ts';
import type { App } from './app.ts';
import { clickDone } from './prompt.ts';
import { enqueue, tell } from './queue.ts';
import { removeMask } from './remove-mask.ts';
import { storeMask } from './store-mask.ts';

export type MaskOperation = MaskEditInput['operation'];

/** Radius in pixels for grow and shrink, area in pixels for holes and specks. */
const defaultPixels: Readonly<Record<MaskOperation, number>> = {
  grow: 1,
  shrink: 1,
  'fill-holes': 400,
  'drop-specks': 100,
  'keep-largest': 0,
};

const done: Readonly<Record<MaskOperation, string>> = {
  grow: 'Grown by a pixel',
  shrink: 'Shrunk by a pixel',
  'fill-holes': 'Filled small holes',
  'drop-specks': 'Dropped specks',
  'keep-largest': 'Kept the largest part',
};

/** A mask that is accepted is changed at once; one that is not becomes, or stays, a draft that Enter accepts. */
export const editMask = (app: App, operation: MaskOperation, pixels = defaultPixels[operation]): Promise<void> =>
  enqueue(app, async () => {
    await clickDone(app);
    const { host, store } = app;
    const state = store.getState();
    const { open } = state;
    const mask = shownMask(state);
    if (!open?.selection || !mask) return tell(app, 'none', 'No mask is selected.');
    const { selection } = open;
    const imageId = open.document.image.id;
    const { mask: rle, area } = await host.call('mask.edit', { mask, operation, pixels });
    if (rle.counts === mask.counts) return tell(app, 'none', `${done[operation]}: nothing to change.`);
    const draft = activeDraft(state);
    const target = selection.kind === 'draft' ? { kind: 'new' as const, queryId: open.queryId } : selection;
    if (area === 0) return removeMask(app, imageId, target, draft, 'Nothing was left of the mask');
    if (target.kind === 'instance' && !draft) {
      const stored = await storeMask(app, { imageId, target, rle });
      if (stored) tell(app, 'good', `${done[operation]}: ${area} pixels.`);
      return;
    }
    const base = draft ?? newDraft(imageId, target, selectedRecord(state)?.rle ?? null);
    store.setState((each) => setDraft(each, withMask(base, rle)));
    tell(app, 'good', `${done[operation]}: ${area} pixels. Enter accepts it.`);
  });
