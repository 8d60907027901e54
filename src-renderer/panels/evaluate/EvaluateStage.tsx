/** @file The stage of evaluation: at the left what is compared with what, beside it the figures and the answers. */
import { useEffect } from 'react';
import { cancelEvaluation, readChoices } from '../../tools/evaluate.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { Choices } from './Choices.tsx';
import { stageName } from './names.ts';
import { Result } from './Result.tsx';
import './evaluate.css';

export function EvaluateStage() {
  const app = useApp();
  useEffect(() => void readChoices(app), [app]);
  const { value, failure, running, progress } = useAppState((state) => state.evaluation);
  return (
    <main className="evaluate" aria-label="Evaluate">
      <h1 className="sr-only">Evaluate</h1>
      <aside className="evaluate-choices" aria-label="What is evaluated">
        <Choices />
      </aside>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached with the keyboard. */}
      <section className="evaluate-result" aria-label="Result" tabIndex={0} aria-busy={running}>
        {running ? (
          <Bar
            label={progress ? stageName(progress.stage) : 'Beginning'}
            done={progress?.done ?? 0}
            total={progress?.total ?? 0}
            onCancel={() => cancelEvaluation(app)}
          />
        ) : null}
        <FailureNote failure={failure} />
        {value ? <Result evaluation={value} /> : <Introduction />}
      </section>
    </main>
  );
}

function Introduction() {
  const idle = useAppState(({ evaluation }) => !evaluation.running && evaluation.failure === null);
  const accepted = useAppState(({ evaluation }) => evaluation.choices?.accepted ?? null);
  if (!idle || accepted === null) return null;
  return (
    <p className="evaluate-empty quiet">
      {accepted === 0
        ? 'No query of this project is accepted yet. What people have accepted is what a model is compared with.'
        : 'How good is a model on the queries that were reviewed here, and how far is this project from a ground truth? Choose at the left.'}
    </p>
  );
}
