/** @file Going from image to image. Queued behind what was done before, so that nothing is left behind unstored. */
import { imagesWithDrafts } from '../document/selectors.ts';
import type { App } from './app.ts';
import { openNow, stepNow } from './open-image.ts';
import { enqueue, tell } from './queue.ts';

export const openImage = (app: App, imageId: number, position: number | null = null): Promise<void> =>
  enqueue(app, async () => {
    if (app.store.getState().open?.document.image.id === imageId) return;
    await openNow(app, imageId, position);
  });

export const stepImage = (app: App, step: 1 | -1): Promise<void> =>
  enqueue(app, async () => {
    const { images } = app.store.getState();
    const found = await stepNow(app, step, false);
    if (found) return;
    const filtered = images.filterText.trim() === '' ? '' : ' that the filter lets through';
    tell(app, 'none', step === 1 ? `This is the last image${filtered}.` : `This is the first image${filtered}.`);
  });

export const stepUndecided = (app: App, step: 1 | -1): Promise<void> =>
  enqueue(app, async () => {
    if (!(await stepNow(app, step, true))) tell(app, 'none', nothingLeft(app));
  });

/** All that the filter lets through is decided. */
export function nothingLeft({ store }: App): string {
  const state = store.getState();
  const drafts = imagesWithDrafts(state).size;
  const left = drafts === 0 ? '' : ` ${drafts} ${drafts === 1 ? 'image has' : 'images have'} an unfinished mask.`;
  const filtered = state.images.filterText.trim() === '' ? '' : ' that the filter lets through';
  return `No other image${filtered} waits for a decision.${left}`;
}
