/** @file What comes after a decision: the next query of the image that waits, then the next image that does. */
import { selectBelow, selectPending } from '../document/chips.ts';
import { nextUndecidedQuery, withQuery } from '../document/open.ts';
import { imagesWithDrafts, isUndecided } from '../document/selectors.ts';
import type { App } from './app.ts';
import { nothingLeft } from './navigate.ts';
import { stepNow } from './open-image.ts';
import { tell } from './queue.ts';

/** After a proposal was decided or a query answered: goes on by itself where the query is done and the setting says so. */
export async function nextAfterDecision(app: App, queryId: number): Promise<void> {
  const { store } = app;
  const state = store.getState();
  const { open } = state;
  if (!open || open.queryId !== queryId || selectPending(state).length > 0) return;
  const query = open.document.queries.find(({ id }) => id === queryId);
  const below = selectBelow(state);
  if (below > 0) {
    const masks = below === 1 ? '1 mask waits' : `${below} masks wait`;
    return tell(app, 'none', `${masks} below the score threshold.`, 'Lower the threshold to see them.');
  }
  if (!query || isUndecided(query)) {
    return tell(app, 'none', 'All masks were rejected.', 'Record that nothing matches, or click on the object.');
  }
  if (state.settings.autoAdvance) await goOn(app);
}

/** The next undecided query of the image, else the next undecided image. An unfinished mask is not left behind unsaid. */
export async function goOn(app: App): Promise<void> {
  const { store } = app;
  const state = store.getState();
  const { open } = state;
  if (!open) return;
  const query = nextUndecidedQuery(open.document, open.queryId);
  if (query) {
    store.setState((each) => withQuery(each, query.id, performance.now()));
    return tell(app, 'good', `Next query: ${query.text}`);
  }
  if (imagesWithDrafts(state).has(open.document.image.id)) {
    return tell(app, 'none', 'An unfinished mask is left on this image.', 'Enter stores it, Esc drops it.');
  }
  if (!(await stepNow(app, 1, true))) tell(app, 'good', nothingLeft(app));
}
