/** @file What the model is doing, or did, for the current query: steps, its own words, and an error with the way on. */
import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Step } from '../../../src-main/contract/methods-engine.ts';
import { activeAsking, activeQuery, activeRun } from '../../document/selectors.ts';
import type { Asking } from '../../document/state.ts';
import { askQuery, cancelAsking, dismissAsking } from '../../tools/ask.ts';
import { openSheet } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { milliseconds } from '../parts/format.ts';

export function AnswerTrace() {
  const query = useAppState(activeQuery);
  const asking = useAppState(activeAsking);
  const answer = useAppState((state) => activeRun(state)?.answer ?? null);
  if (!query) return null;
  if (asking?.state === 'asking') return <Working asking={asking} />;
  if (asking?.state === 'failed') return <Failed asking={asking} />;
  if (answer === null || answer === '') return null;
  return (
    <details className="panel-part details">
      <summary>What the model answered</summary>
      <div className="trace">
        <p className="trace-step">{answer}</p>
      </div>
    </details>
  );
}

function Working({ asking }: { readonly asking: Asking }) {
  const app = useApp();
  const seconds = useElapsed(asking.startedAt);
  const last = asking.steps.at(-1);
  return (
    <section className="panel-part" aria-label="The model is working">
      <div className="row">
        <Loader size="0.875rem" aria-hidden="true" />
        <span className="grow cut" role="status">
          {last ? stepNames[last.kind] : 'Asking the model'}
        </span>
        <span className="quiet number">{seconds < 60 ? `${seconds} s` : milliseconds(seconds * 1000)}</span>
        <Button onClick={() => cancelAsking(app, asking.queryId)}>Cancel</Button>
      </div>
      <Trace steps={asking.steps} />
    </section>
  );
}

function Failed({ asking }: { readonly asking: Asking }) {
  const app = useApp();
  return (
    <section className="panel-part" aria-label="No answer">
      <FailureNote failure={asking.failure}>
        <Button onClick={() => askQuery(app, asking.queryId)}>Ask again</Button>
        <Button onClick={() => openSheet(app, 'models')}>Models</Button>
        <Button onClick={() => dismissAsking(app, asking.queryId)}>Dismiss</Button>
      </FailureNote>
      <Trace steps={asking.steps} />
    </section>
  );
}

const stepNames: Record<Step['kind'], string> = {
  question: 'The model is thinking',
  answer: 'Making masks',
  repair: 'The answer could not be used: asked again',
  usage: 'Making masks',
  note: 'Making masks',
};

function Trace({ steps }: { readonly steps: readonly Step[] }) {
  if (steps.length === 0) return null;
  return (
    <details className="details">
      <summary>Details</summary>
      <ol className="trace">
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end.
          <li key={index} className="trace-step">
            <span className="small quiet">{step.kind}</span> {step.text}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** Whole seconds since `startedAt` (`Date.now()`). */
function useElapsed(startedAt: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((now - startedAt) / 1000));
}
