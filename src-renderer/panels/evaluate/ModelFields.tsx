/** @file Which model is evaluated, and which other one it is compared with. */
import { Select } from '@mantine/core';
import { keyOfModel } from '../../document/evaluation.ts';
import { editEvaluation } from '../../tools/evaluate.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Note } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { modelName } from './names.ts';

export function ModelFields() {
  const app = useApp();
  const models = useAppState(({ evaluation }) => evaluation.choices?.models ?? null);
  const { model, against } = useAppState(({ evaluation }) => evaluation.form);
  const reasoners = useAppState((state) => state.reasoners);
  if (models === null) return null;
  if (models.length === 0) {
    return (
      <Note
        title="No model was asked any of the accepted queries."
        hint="Ask a model in Annotate, or give its answers as a results file."
      />
    );
  }
  const data = models.map(({ model: each, queries }) => ({
    value: keyOfModel(each),
    label: `${modelName(each, reasoners)} (${count(queries, 'query', 'queries')})`,
  }));
  return (
    <>
      <Select label="Model" data={data} value={model} onChange={(value) => editEvaluation(app, { model: value })} />
      {models.length > 1 ? (
        <Select
          label="Compared with"
          description="On the queries that both have answered"
          placeholder="No other"
          clearable
          data={data.filter(({ value }) => value !== model)}
          value={against}
          onChange={(value) => editEvaluation(app, { against: value })}
        />
      ) : null}
    </>
  );
}
