/** @file Queries: typed, stored at once, put to a model, edited, deleted. */
import type { Input } from '../../src-main/contract/api.ts';
import { withQuery } from '../document/open.ts';
import type { App } from './app.ts';
import { askQuery } from './ask.ts';
import { change, costOf } from './change.ts';
import { enqueue, tell } from './queue.ts';
import { focus } from './view.ts';

export const maxQueryLength = 10_000;

export type QueryOptions = Partial<Pick<Input<'query.add'>, 'form' | 'reasoningType'>> & {
  /** Whether it is put to a model once it is stored. */
  readonly ask?: boolean;
};

export type QueryEdit = Input<'query.edit'>['edit'];

/** Stores a query of the open image and asks the chosen reasoner. Ends when it is stored; the answer comes by itself. */
export const addQuery = (app: App, text: string, options: QueryOptions = {}): Promise<void> => {
  const { ask = true, ...fields } = options;
  return enqueue(app, async () => {
    const { store } = app;
    const trimmed = text.trim();
    const { open } = store.getState();
    if (!open) return tell(app, 'none', 'No image is open.');
    if (trimmed === '') return tell(app, 'none', 'The query is empty.');
    if (trimmed.length > maxQueryLength) {
      return tell(app, 'none', `A query has at most ${maxQueryLength} characters; this one has ${trimmed.length}.`);
    }
    const imageId = open.document.image.id;
    const known = open.document.queries.find((query) => query.text === trimmed);
    if (known) {
      store.setState((state) => withQuery(state, known.id, performance.now()));
      tell(app, 'none', 'This image has that query already; it is selected.');
      return focus(app, 'canvas');
    }
    const done = await change(
      app,
      'query.add',
      { imageId, text: trimmed, ...fields, cost: costOf(app) },
      {
        what: `Add the query "${trimmed.slice(0, 60)}"`,
        imageId,
        isStored: ({ queries }) => queries.some((query) => query.text === trimmed),
      },
    );
    if (!done) return;
    store.setState((state) => {
      const queryTexts = new Map(state.queryTexts);
      queryTexts.delete(imageId);
      const recentTexts = [trimmed, ...state.recentTexts.filter((each) => each !== trimmed)].slice(0, 200);
      return { ...withQuery(state, done.queryId, performance.now()), queryTexts, recentTexts };
    });
    focus(app, 'canvas');
    if (ask) void askQuery(app, done.queryId);
    else tell(app, 'good', 'Stored the query.');
  });
};

/** The text of the query box, kept for each image. */
export function setQueryText({ store }: App, text: string): void {
  const imageId = store.getState().open?.document.image.id;
  if (imageId === undefined) return;
  store.setState(({ queryTexts }) => ({ queryTexts: new Map(queryTexts).set(imageId, text) }));
}

/** Asks the query that was used last elsewhere on this image as well. */
export const repeatLastQuery = (app: App): Promise<void> => {
  let found: string | undefined;
  return enqueue(app, async () => {
    const imageId = app.store.getState().open?.document.image.id;
    if (imageId === undefined) return tell(app, 'none', 'No image is open.');
    const { texts } = await app.host.call('queries.recent', { limit: 1, imageId });
    found = texts[0];
    if (found === undefined) tell(app, 'none', 'There is no other query to repeat.');
  }).then(() => (found === undefined ? undefined : addQuery(app, found)));
};

/** Asks a query again, or the active one; what waits of the answer before is replaced, and undo brings it back. */
export async function askAgain(app: App, queryId = app.store.getState().open?.queryId ?? null): Promise<void> {
  if (queryId === null) return tell(app, 'none', 'There is no query to ask.');
  await askQuery(app, queryId);
}

export const editQuery = (app: App, queryId: number, edit: QueryEdit): Promise<void> =>
  enqueue(app, async () => {
    const { open } = app.store.getState();
    const query = open?.document.queries.find(({ id }) => id === queryId);
    if (!open || !query) return;
    const done = await change(
      app,
      'query.edit',
      { queryId, version: query.version, edit },
      {
        what: 'Edit the query',
        imageId: open.document.image.id,
        isStored: ({ queries }) => {
          const now = queries.find(({ id }) => id === queryId);
          return !!now && Object.entries(edit).every(([name, value]) => now[name as keyof typeof now] === value);
        },
      },
    );
    if (done) tell(app, 'good', 'Stored the query.');
  });

/** Deletes a query with its masks that no other query has; undo brings all back. */
export const deleteQuery = (app: App, queryId: number): Promise<void> =>
  enqueue(app, async () => {
    const { open } = app.store.getState();
    const query = open?.document.queries.find(({ id }) => id === queryId);
    if (!open || !query) return;
    app.tasks.asking.get(queryId)?.abort();
    const done = await change(
      app,
      'query.delete',
      { queryId, version: query.version },
      {
        what: 'Delete the query',
        imageId: open.document.image.id,
        isStored: ({ queries }) => !queries.some(({ id }) => id === queryId),
      },
    );
    if (done) tell(app, 'good', 'Deleted the query.', 'Undo brings it back with its masks.');
  });
