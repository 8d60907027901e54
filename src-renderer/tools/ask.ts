/** @file Putting a query to a reasoner. It takes its time; the person may go on meanwhile, and the answer finds its query. */
import type { Step } from '../../src-main/contract/methods-engine.ts';
import { failureOf } from '../document/notices.ts';
import { firstPending, withSelection } from '../document/open.ts';
import { chosenReasoner } from '../document/selectors.ts';
import type { Asking } from '../document/state.ts';
import { asHostError } from '../host/error.ts';
import type { App } from './app.ts';
import { receive } from './change.ts';
import { tell, tellFailure } from './queue.ts';

/** Asks and waits for the answer. Says so where no reasoner can answer; the query stays stored whatever happens. */
export async function askQuery(app: App, queryId: number): Promise<void> {
  const { host, store, tasks } = app;
  const state = store.getState();
  const reasoner = chosenReasoner(state)?.id ?? null;
  const query = state.open?.document.queries.find(({ id }) => id === queryId);
  if (!query) return;
  if (reasoner === null) {
    return tell(
      app,
      'none',
      'The query is stored. No model can answer text yet.',
      'Set one up in the settings, or click on the photo.',
    );
  }
  tasks.asking.get(queryId)?.abort();
  const stop = new AbortController();
  tasks.asking.set(queryId, stop);
  const set = (change: Partial<Asking>) =>
    store.setState(({ asking }) => {
      const before = asking.get(queryId);
      return before && tasks.asking.get(queryId) === stop
        ? { asking: new Map(asking).set(queryId, { ...before, ...change }) }
        : {};
    });
  const start: Asking = {
    queryId,
    imageId: query.imageId,
    reasoner,
    state: 'asking',
    startedAt: Date.now(),
    steps: [],
    failure: null,
  };
  store.setState(({ asking }) => ({ asking: new Map(asking).set(queryId, start) }));
  try {
    const answer = await host.call(
      'query.ask',
      { queryId, reasoner },
      {
        signal: stop.signal,
        lane: `ask-${queryId}`,
        onProgress: (step) => set({ steps: withStep(store.getState().asking.get(queryId)?.steps ?? [], step) }),
      },
    );
    receive(app, answer.changed);
    forget(app, queryId, stop);
    answered(app, queryId, query.text, answer.proposals, answer.duplicates);
  } catch (thrown) {
    if (asHostError(thrown).code === 'cancelled') {
      forget(app, queryId, stop);
      return;
    }
    set({ state: 'failed', failure: failureOf(thrown) });
    tellFailure(app, thrown, 'The query was not answered');
  } finally {
    if (tasks.asking.get(queryId) === stop) tasks.asking.delete(queryId);
  }
}

/** An answer that is still being said comes in pieces: they are one step. */
export function withStep(steps: readonly Step[], step: Step): readonly Step[] {
  const last = steps.at(-1);
  if (!step.continues || last?.kind !== step.kind) return [...steps, step];
  return [...steps.slice(0, -1), { ...last, text: last.text + step.text }];
}

export function cancelAsking(app: App, queryId: number): void {
  app.tasks.asking.get(queryId)?.abort();
  tell(app, 'good', 'Stopped the model. The query stays.');
}

/** A failure that was read. */
export function dismissAsking({ store }: App, queryId: number): void {
  store.setState(({ asking }) => ({ asking: new Map([...asking].filter(([id]) => id !== queryId)) }));
}

function forget({ store, tasks }: App, queryId: number, stop: AbortController): void {
  if (tasks.asking.get(queryId) !== stop) return;
  store.setState(({ asking }) => ({ asking: new Map([...asking].filter(([id]) => id !== queryId)) }));
}

function answered(app: App, queryId: number, text: string, proposals: number, duplicates: number): void {
  const { store } = app;
  const known = duplicates === 0 ? '' : `, ${duplicates} ${duplicates === 1 ? 'matches' : 'match'} existing masks`;
  const { open } = store.getState();
  const here = open?.queryId === queryId ? '' : ` for "${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;
  if (proposals === 0) {
    const hint = duplicates > 0 ? null : 'Record that nothing matches, or click on the object.';
    tell(app, 'none', `0 found${known}${here}.`, hint);
    return;
  }
  tell(app, 'good', `${proposals} found${known}${here}.`);
  if (open?.queryId !== queryId || open.selection !== null) return;
  store.setState((state) => withSelection(state, firstPending(state), performance.now()));
}
