/** @file What the form of an evaluation asks for, and what becomes of its choices when the project changes. */
import { expect, test } from 'vitest';
import { emptyEvaluation, evaluatedOf, keyOfModel, withChoices } from '../../src-renderer/document/evaluation.ts';

const alpha = { pack: 'sam', reasoner: 'alpha', profile: 'default' };
const beta = { pack: 'sam', reasoner: null, profile: null };
const choices = (...models: (typeof alpha | typeof beta)[]) => ({
  ...{ accepted: 3, noTarget: 0 },
  models: models.map((model, k) => ({ model, queries: 3 - k, lastAt: 0 })),
});

test('the model that was asked most is chosen, and stays chosen while it is there', () => {
  expect(evaluatedOf(emptyEvaluation)).toBeNull();
  const first = withChoices(emptyEvaluation, choices(alpha, beta));
  expect(evaluatedOf(first)).toEqual({ kind: 'model', model: alpha });
  const other = { ...first, form: { ...first.form, model: keyOfModel(beta), against: keyOfModel(alpha) } };
  expect(evaluatedOf(withChoices(other, choices(alpha, beta)))).toEqual({ kind: 'model', model: beta });
  const gone = withChoices(other, choices(alpha));
  expect([evaluatedOf(gone), gone.form.against]).toEqual([{ kind: 'model', model: alpha }, null]);
  expect(evaluatedOf(withChoices(first, choices()))).toBeNull();
});

test('files go by their handles, a folder of ReasonSeg as a folder', () => {
  const { form } = emptyEvaluation;
  const results = { ...emptyEvaluation, form: { ...form, kind: 'results' as const } };
  expect(evaluatedOf(results)).toBeNull();
  const file = { handle: 'abc', name: 'r.jsonl', folder: false };
  expect(evaluatedOf({ ...results, form: { ...results.form, results: file } })).toEqual({
    kind: 'results',
    file: 'abc',
  });
  const truth = { ...form, kind: 'truth' as const, truth: { handle: 'def', name: 'reasonseg', folder: true } };
  expect(evaluatedOf({ ...emptyEvaluation, form: truth })).toEqual({ kind: 'truth', folder: 'def' });
  expect(evaluatedOf({ ...emptyEvaluation, form: { ...truth, results: file, truth: null } })).toBeNull();
});
