/** @file The verbs of evaluation. A run goes on while another stage is shown; the newest one wins. */
import type { ShownAnswer } from '../../src-main/contract/methods-evaluate.ts';
import { type EvaluationForm, evaluatedOf, modelOf, withChoices } from '../document/evaluation.ts';
import { failureOf } from '../document/notices.ts';
import type { State } from '../document/state.ts';
import { isCancelled } from '../host/error.ts';
import type { App } from './app.ts';
import { tellFailure } from './queue.ts';
import { openInAnnotate } from './stage.ts';

type Evaluation = State['evaluation'];

const running = new WeakMap<App, AbortController>();

const set = ({ store }: App, change: (state: Evaluation) => Evaluation) =>
  store.setState(({ evaluation }) => ({ evaluation: change(evaluation) }));

/** What there is to evaluate, as it is now. */
export async function readChoices(app: App): Promise<void> {
  const session = app.store.getState().project.info?.session;
  try {
    const choices = await app.host.call('evaluate.choices', {});
    if (app.store.getState().project.info?.session !== session) return;
    set(app, (state) => withChoices(state, choices));
  } catch (thrown) {
    if (!isCancelled(thrown)) set(app, (state) => ({ ...state, failure: failureOf(thrown) }));
  }
}

export function editEvaluation(app: App, edit: Partial<EvaluationForm>): void {
  set(app, (state) => {
    const form = { ...state.form, ...edit };
    return { ...state, form: form.against === form.model ? { ...form, against: null } : form };
  });
}

export async function evaluateNow(app: App): Promise<void> {
  const { evaluation, project } = app.store.getState();
  const evaluated = evaluatedOf(evaluation);
  if (!evaluated) return;
  running.get(app)?.abort();
  const stop = new AbortController();
  running.set(app, stop);
  const session = project.info?.session;
  const isCurrent = () => running.get(app) === stop && app.store.getState().project.info?.session === session;
  const { form, choices } = evaluation;
  const against = form.kind === 'model' ? modelOf(choices, form.against) : null;
  const onlyAnswered = form.kind !== 'model' && form.onlyAnswered[form.kind];
  set(app, (state) => ({ ...state, running: true, progress: null, failure: null, saved: [] }));
  try {
    const input = { evaluated, ...(against && { against }), metrics: form.metrics, onlyAnswered };
    const value = await app.host.call('evaluate.run', input, {
      signal: stop.signal,
      onProgress: (progress) => isCurrent() && set(app, (state) => ({ ...state, progress })),
    });
    if (isCurrent()) set(app, (state) => ({ ...state, value }));
  } catch (thrown) {
    if (isCurrent() && !isCancelled(thrown)) set(app, (state) => ({ ...state, failure: failureOf(thrown) }));
  } finally {
    if (isCurrent()) set(app, (state) => ({ ...state, running: false, progress: null }));
  }
}

export const cancelEvaluation = (app: App): void => running.get(app)?.abort();

/** The result as it is shown, as files of the project. */
export async function saveEvaluation(app: App): Promise<void> {
  const { value } = app.store.getState().evaluation;
  if (!value) return;
  try {
    const { html, json } = await app.host.call('evaluate.save', { id: value.id });
    const saved = [
      { name: html, what: 'Report with pictures' },
      { name: json, what: 'All figures' },
    ];
    set(app, (state) => (state.value?.id === value.id ? { ...state, saved } : state));
  } catch (thrown) {
    tellFailure(app, thrown, 'The report was not saved');
  }
}

/** The image and query of an answer, with the masks of the project; "back" leads here again. */
export function openAnswer(app: App, { imageId, queryId }: ShownAnswer): void {
  if (imageId !== null && queryId !== null) void openInAnnotate(app, imageId, queryId, 'evaluate');
}
