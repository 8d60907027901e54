/** @file Accepted masks: in which answers they are, in what order. */
import type { App } from './app.ts';
import { change } from './change.ts';
import { enqueue, tell } from './queue.ts';

/** Puts an instance of the image into the answer of a query, or takes it out; the mask itself stays. */
export const linkInstance = (app: App, instanceId: number, queryId: number, linked: boolean): Promise<void> =>
  enqueue(app, async () => {
    const { open } = app.store.getState();
    const query = open?.document.queries.find(({ id }) => id === queryId);
    if (!open || !query) return;
    const done = await change(
      app,
      'instance.link',
      { queryId, instanceId, linked, version: query.version },
      {
        what: linked ? 'Add a mask to the answer' : 'Take a mask out of the answer',
        imageId: open.document.image.id,
        isStored: ({ links }) =>
          links.some((link) => link.queryId === queryId && link.instanceId === instanceId) === linked,
      },
    );
    if (done) tell(app, 'good', linked ? 'Added to the answer.' : 'Taken out of the answer; the mask stays.');
  });

/** Ranks the answer's masks in that order; an empty list takes the ranks away. */
export const rankInstances = (app: App, queryId: number, instanceIds: readonly number[]): Promise<void> =>
  enqueue(app, async () => {
    const { open } = app.store.getState();
    const query = open?.document.queries.find(({ id }) => id === queryId);
    if (!open || !query) return;
    const input = { queryId, instanceIds: [...instanceIds], version: query.version };
    const done = await change(app, 'query.rank', input, { what: 'Rank the masks', imageId: open.document.image.id });
    if (done) tell(app, 'good', 'Ranked.');
  });
