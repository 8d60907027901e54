/** @file What is compared with what: a model, a file of results, or the project itself. */
import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import type { FormEvent } from 'react';
import { type EvaluatedKind, evaluatedOf } from '../../document/evaluation.ts';
import { editEvaluation, evaluateNow } from '../../tools/evaluate.ts';
import { useApp, useAppState } from '../app-context.ts';
import { count } from '../parts/format.ts';
import { FileField } from './FileField.tsx';
import { ModelFields } from './ModelFields.tsx';
import { SaveRequests } from './SaveRequests.tsx';

const kinds: readonly { readonly value: EvaluatedKind; readonly label: string }[] = [
  { value: 'model', label: 'Model' },
  { value: 'results', label: 'Results file' },
  { value: 'truth', label: 'This project' },
];

const explanations: Readonly<Record<EvaluatedKind, string>> = {
  model: 'What a model proposed here, compared with what people accepted in the end.',
  results: 'Answers of any model to the accepted queries, from a file of "batch" lines with their ids.',
  truth: 'What people accepted here, compared with a ground truth: a COCO file with queries, or a ReasonSeg folder.',
};

export function Choices() {
  const app = useApp();
  const state = useAppState(({ evaluation }) => evaluation);
  const { form, choices, running } = state;
  const { kind, onlyAnswered, metrics } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void evaluateNow(app);
  };
  return (
    <form className="stack evaluate-form" onSubmit={submit}>
      <h2>Evaluate</h2>
      <SegmentedControl
        fullWidth
        aria-label="What is evaluated"
        data={[...kinds]}
        value={kind}
        onChange={(value) => editEvaluation(app, { kind: value })}
      />
      <p className="quiet">{explanations[kind]}</p>
      {choices ? (
        <p className="number">
          {count(choices.accepted, 'accepted query', 'accepted queries')}
          {choices.noTarget > 0 ? `, of them ${choices.noTarget.toLocaleString()} where nothing matches` : ''}
        </p>
      ) : null}
      {kind === 'model' ? <ModelFields /> : <FileField key={kind} kind={kind} />}
      {kind === 'results' ? <SaveRequests /> : null}
      {kind === 'model' ? null : (
        <Checkbox
          label={kind === 'results' ? 'Only queries that the file answers' : 'Only queries that are accepted here'}
          description="Otherwise one without an answer counts as a bad one"
          checked={onlyAnswered[kind]}
          onChange={(e) => editEvaluation(app, { onlyAnswered: { ...onlyAnswered, [kind]: e.target.checked } })}
        />
      )}
      <div className="stack">
        <span id="evaluate-metrics">Metrics as in</span>
        <SegmentedControl
          fullWidth
          aria-labelledby="evaluate-metrics"
          data={[
            { value: 'lisa', label: 'LISA, NOVO' },
            { value: 'seg-zero', label: 'Seg-Zero' },
          ]}
          value={metrics}
          onChange={(value) => editEvaluation(app, { metrics: value })}
        />
      </div>
      <Button type="submit" variant="filled" disabled={running || evaluatedOf(state) === null}>
        Evaluate
      </Button>
    </form>
  );
}
