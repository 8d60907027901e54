/** @file The stage of evaluation: what was chosen, what runs, and the last result. Pure. */
import type { Output } from '../../src-main/contract/api.ts';
import type {
  AnsweringModel,
  Evaluated,
  EvaluateProgress,
  Evaluation,
} from '../../src-main/contract/methods-evaluate.ts';
import type { FolderHandle } from '../../src-main/contract/methods-project.ts';
import type { Failure } from './state.ts';

export type EvaluatedKind = Evaluated['kind'];
export type EvaluationChoices = Output<'evaluate.choices'>;

/** A file that was chosen, or a folder. */
export type ChosenFile = { readonly handle: FolderHandle; readonly name: string; readonly folder: boolean };

export type EvaluationForm = {
  readonly kind: EvaluatedKind;
  /** Keys of models. */
  readonly model: string | null;
  readonly against: string | null;
  readonly results: ChosenFile | null;
  readonly truth: ChosenFile | null;
  readonly metrics: Evaluation['metrics'];
  /** Leaves out queries without an answer; one for results, one for the project. */
  readonly onlyAnswered: { readonly results: boolean; readonly truth: boolean };
};

export type EvaluationState = {
  readonly choices: EvaluationChoices | null;
  readonly form: EvaluationForm;
  readonly running: boolean;
  readonly progress: EvaluateProgress | null;
  readonly value: Evaluation | null;
  readonly failure: Failure | null;
  /** Files that were written for the person, with what they are. */
  readonly saved: readonly { readonly name: string; readonly what: string }[];
};

export const emptyEvaluation: EvaluationState = {
  choices: null,
  form: {
    ...{ kind: 'model', model: null, against: null, results: null, truth: null, metrics: 'lisa' },
    onlyAnswered: { results: false, truth: true },
  },
  running: false,
  progress: null,
  value: null,
  failure: null,
  saved: [],
};

export const keyOfModel = ({ pack, reasoner, profile }: AnsweringModel): string =>
  JSON.stringify([pack, reasoner, profile]);

/** What the form says as a call says it; null while something is still to be chosen. */
export function evaluatedOf({ form, choices }: EvaluationState): Evaluated | null {
  const { kind, results, truth } = form;
  if (kind === 'model') {
    const model = modelOf(choices, form.model);
    return model && { kind, model };
  }
  if (kind === 'results') return results && { kind, file: results.handle };
  if (!truth) return null;
  return truth.folder ? { kind, folder: truth.handle } : { kind, file: truth.handle };
}

export const modelOf = (choices: EvaluationChoices | null, key: string | null): AnsweringModel | null =>
  choices?.models.find(({ model }) => keyOfModel(model) === key)?.model ?? null;

/** Choices as they are now: a model that is gone is not chosen any more, and without a choice the most asked one is. */
export function withChoices(state: EvaluationState, choices: EvaluationChoices): EvaluationState {
  const known = (key: string | null) => (modelOf(choices, key) ? key : null);
  const first = choices.models[0];
  const model = known(state.form.model) ?? (first ? keyOfModel(first.model) : null);
  const against = known(state.form.against);
  return { ...state, choices, form: { ...state.form, model, against: against === model ? null : against } };
}
