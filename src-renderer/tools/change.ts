/**
 * @file Changing annotations: every change of the page goes through `change`, every change of anybody comes in through
 * `receive`. A change counts as stored when the application has said so, and not before.
 */
import type { Input, MethodName, Methods, Output } from '../../src-main/contract/api.ts';
import type { Changed, Cost, ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import { applyDiff } from '../document/diff.ts';
import type { Draft } from '../document/draft.ts';
import { failureOf, withNotice, withPending, withStored, withUnstored } from '../document/notices.ts';
import { withChanged, withDocument } from '../document/open.ts';
import { asHostError } from '../host/error.ts';
import type { App } from './app.ts';
import { refreshCounts } from './list.ts';
import { later, tellFailure } from './queue.ts';

/** Methods that answer with a change. */
export type ChangeMethod = {
  [M in MethodName]: Output<M> extends { changed: Changed | null } ? M : never;
}[MethodName] &
  keyof Methods;

export type ChangeOptions = {
  /** For people: "Accept mask 3". */
  readonly what: string;
  readonly imageId: number | null;
  /** Whether an image, as it was read again, has the change: then it need not be made again. */
  readonly isStored?: (doc: ImageDocument) => boolean;
};

/** Milliseconds since the mask was shown, clicks and strokes of its draft. */
export function costOf({ store }: App, draft: Draft | null = null, strokes = 0): Cost {
  const shownAt = store.getState().open?.shownAt ?? performance.now();
  const ms = Math.min(86_400_000, Math.max(0, Math.round(performance.now() - shownAt)));
  return { clicks: draft?.clicks ?? 0, strokes: (draft?.strokes ?? 0) + strokes, ms };
}

/**
 * Makes a change and takes in what it did. Null where it was not made; that was told to the person by then. What may
 * still be stored by trying again (no connection, a full disk) stays in the list of unstored changes.
 */
export async function change<M extends ChangeMethod>(
  app: App,
  method: M,
  input: Input<M>,
  options: ChangeOptions,
): Promise<Output<M> | null> {
  const { host, store } = app;
  store.setState((state) => withPending(state, 1));
  try {
    const output = await host.call(method, input);
    const { changed } = output as { changed: Changed | null };
    store.setState((state) => withStored(state, Date.now()));
    if (changed) receive(app, changed);
    return output;
  } catch (thrown) {
    refused(app, thrown, method, input, options);
    return null;
  } finally {
    store.setState((state) => withPending(state, -1));
  }
}

function refused<M extends ChangeMethod>(
  app: App,
  thrown: unknown,
  method: M,
  input: Input<M>,
  options: ChangeOptions,
): void {
  const { store, tasks } = app;
  const { what, imageId } = options;
  const { code } = asHostError(thrown);
  if (code === 'connection' || code === 'io' || code === 'internal') {
    const { unstored, storedAt } = store.getState().saving;
    const id = Math.max(0, storedAt ?? 0, ...unstored.map((each) => each.id)) + 1;
    store.setState((state) => withUnstored(state, { id, what, imageId, failure: failureOf(thrown) }));
    store.setState((state) => withNotice(state, 'bad', `Not stored: ${what}. ${failureOf(thrown).message}`));
    tasks.retries.set(id, {
      isStored: options.isStored ?? (() => false),
      again: async () => {
        const { changed } = (await app.host.call(method, input)) as { changed: Changed | null };
        if (changed) receive(app, changed);
        return true;
      },
    });
    return;
  }
  if (code === 'cancelled') return;
  tellFailure(app, thrown, what);
  // Somebody else was faster, or it is gone: show what there is now.
  if (code === 'conflict' || code === 'not-found') void readAgain(app);
}

/** Takes in a change that an answer or an event told of. */
export function receive(app: App, changed: Changed): void {
  const { store, tasks } = app;
  const { state, stale, countsStale } = withChanged(store.getState(), changed);
  store.setState(state);
  for (const [id, doc] of tasks.documents) {
    if (changed.seq <= doc.seq) continue;
    if (changed.seq > doc.seq + 1 || changed.session !== doc.session) tasks.documents.delete(id);
    else {
      const history = changed.imageId === id ? changed.history : doc.history;
      tasks.documents.set(id, { ...applyDiff(doc, changed.diff), seq: changed.seq, history });
    }
  }
  if (stale) later(app, 'read again', 0, () => void readAgain(app));
  if (countsStale) later(app, 'counts', 300, () => void refreshCounts(app));
}

/** The open image as it is stored now. */
export async function readAgain(app: App): Promise<void> {
  const { host, store } = app;
  const { open } = store.getState();
  if (!open) return;
  try {
    const document = await host.call('image.read', { imageId: open.document.image.id });
    store.setState((state) =>
      state.open?.generation === open.generation && document.seq >= state.open.document.seq
        ? withDocument(state, document)
        : state,
    );
  } catch (thrown) {
    if (asHostError(thrown).code !== 'connection') tellFailure(app, thrown, 'The image could not be read again');
  }
}
