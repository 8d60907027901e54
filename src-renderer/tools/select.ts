/** @file Choosing what to work on: a query, a mask, what the pointer is over. */
import { selectChips } from '../document/chips.ts';
import { withQuery, withSelection } from '../document/open.ts';
import { sameSelection } from '../document/selectors.ts';
import type { Selection } from '../document/state.ts';
import type { App } from './app.ts';
import { resumeDraft } from './prompt.ts';
import { enqueue, tell } from './queue.ts';

export const selectMask = (app: App, selection: Selection | null): Promise<void> =>
  enqueue(app, () => {
    app.store.setState((state) => withSelection(state, selection, performance.now()));
    resumeDraft(app);
  });

/** A click on a mask of the canvas: one of another query brings that query along. */
export const pickMask = (app: App, selection: Selection | null): Promise<void> =>
  enqueue(app, () => {
    const { store } = app;
    const { open } = store.getState();
    if (open && selection?.kind === 'instance') {
      const queryIds = open.document.links.flatMap((link) => (link.instanceId === selection.id ? [link.queryId] : []));
      const isHere = open.queryId !== null && queryIds.includes(open.queryId);
      if (!isHere && queryIds.length > 0) store.setState((state) => withQuery(state, queryIds[0]!, performance.now()));
    }
    store.setState((state) => withSelection(state, selection, performance.now()));
    resumeDraft(app);
  });

/** The mask with that number on its chip. */
export const pickNumber = (app: App, number: number): Promise<void> =>
  enqueue(app, () => {
    const chip = selectChips(app.store.getState()).find((each) => each.number === number);
    if (!chip) return tell(app, 'none', `There is no mask ${number}.`);
    if (chip.status === 'rejected') return tell(app, 'none', `Mask ${number} was rejected.`, 'Undo brings it back.');
    if (chip.below) return tell(app, 'none', `Mask ${number} is hidden by the score threshold.`);
    app.store.setState((state) => withSelection(state, chip.selection, performance.now()));
    resumeDraft(app);
  });

/** From mask to mask in the order of their numbers, zooming to small ones is left to the person. */
export const stepMask = (app: App, step: 1 | -1): Promise<void> =>
  enqueue(app, () => {
    const state = app.store.getState();
    const chips = selectChips(state).filter(({ status, below }) => status !== 'rejected' && !below);
    if (chips.length === 0) return tell(app, 'none', 'There is no mask to select.');
    const at = chips.findIndex(({ selection }) => sameSelection(selection, state.open?.selection ?? null));
    const next = at < 0 ? (step === 1 ? 0 : chips.length - 1) : (at + step + chips.length) % chips.length;
    app.store.setState((each) => withSelection(each, chips[next]!.selection, performance.now()));
    resumeDraft(app);
  });

export const selectQuery = (app: App, queryId: number | null): Promise<void> =>
  enqueue(app, () => {
    app.store.setState((state) => withQuery(state, queryId, performance.now()));
  });

export const stepQuery = (app: App, step: 1 | -1): Promise<void> =>
  enqueue(app, () => {
    const { open } = app.store.getState();
    const queries = open?.document.queries ?? [];
    if (queries.length < 2) return tell(app, 'none', 'There is no other query on this image.');
    const at = queries.findIndex(({ id }) => id === open?.queryId);
    const next = queries[(at + step + queries.length) % queries.length]!;
    app.store.setState((state) => withQuery(state, next.id, performance.now()));
  });

/** What the pointer is over, on the canvas or in a list: drawn in both. */
export function hoverMask({ store }: App, hover: Selection | null): void {
  if (sameSelection(store.getState().view.hover, hover)) return;
  store.setState(({ view }) => ({ view: { ...view, hover } }));
}
