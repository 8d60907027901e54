/** @file Changes that were not acknowledged: tried again, found stored after all, or given up by the person. */
import { withoutUnstored } from '../document/notices.ts';
import { asHostError } from '../host/error.ts';
import type { App } from './app.ts';
import { readAgain } from './change.ts';
import { enqueue, tell, tellFailure } from './queue.ts';

/** Sends unstored changes again, oldest first, or `only` one of them. Those that turn out to be stored already are not made twice. */
export const retryUnstored = (app: App, only?: number): Promise<void> =>
  enqueue(app, async () => {
    await readAgain(app);
    for (const { id, what, imageId } of app.store.getState().saving.unstored) {
      if (only !== undefined && id !== only) continue;
      const retry = app.tasks.retries.get(id);
      try {
        const stored = await isStored(app, id, imageId);
        if (!stored) await retry?.again();
        forget(app, id);
        tell(app, 'good', `Stored: ${what}.`);
      } catch (thrown) {
        if (asHostError(thrown).code === 'conflict' || asHostError(thrown).code === 'not-found') {
          // The image has moved on: what is there now was decided by somebody who saw it.
          forget(app, id);
        }
        tellFailure(app, thrown, what);
      }
    }
  });

/** After the connection is back: what was stored although its answer was lost leaves the list. */
export async function settleUnstored(app: App): Promise<void> {
  for (const { id, imageId, failure } of app.store.getState().saving.unstored) {
    if (failure.code !== 'connection') continue;
    if (await isStored(app, id, imageId).catch(() => false)) forget(app, id);
  }
}

/** The person gives a change up. */
export function dismissUnstored(app: App, id: number): void {
  forget(app, id);
}

async function isStored({ host, tasks }: App, id: number, imageId: number | null): Promise<boolean> {
  const retry = tasks.retries.get(id);
  if (!retry || imageId === null) return false;
  return retry.isStored(await host.call('image.read', { imageId }));
}

function forget({ store, tasks }: App, id: number): void {
  tasks.retries.delete(id);
  store.setState((state) => withoutUnstored(state, id));
}
