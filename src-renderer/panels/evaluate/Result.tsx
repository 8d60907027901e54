/** @file A finished evaluation: what it is of, what to know about it, figures, parts, comparison, pictures. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Evaluation } from '../../../src-main/contract/methods-evaluate.ts';
import { saveEvaluation } from '../../tools/evaluate.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { Note } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { Comparison } from './Comparison.tsx';
import { Figures } from './Figures.tsx';
import { Gallery } from './Gallery.tsx';
import { perCent } from './names.ts';
import { Parts } from './Parts.tsx';

export function Result({ evaluation }: { readonly evaluation: Evaluation }) {
  const { results, against, parts, worst, best } = evaluation;
  return (
    <>
      <Head evaluation={evaluation} />
      <Notes evaluation={evaluation} />
      <Figures evaluation={evaluation} />
      {against ? <Comparison results={results} against={against} /> : null}
      <Parts key={evaluation.id} parts={parts} />
      <Gallery worst={worst} best={best} />
    </>
  );
}

function Head({ evaluation }: { readonly evaluation: Evaluation }) {
  const app = useApp();
  const saved = useAppState((state) => state.evaluation.saved);
  const [busy, setBusy] = useState(false);
  const { results, truth, queries, images, answered, metrics, decoderCalls } = evaluation;
  const save = async () => {
    setBusy(true);
    await saveEvaluation(app);
    setBusy(false);
  };
  const facts = [
    `${count(queries, 'query', 'queries')} on ${count(images, 'image')}`,
    ...(answered < queries ? [`${answered.toLocaleString()} answered`] : []),
    ...(decoderCalls ? [`median of ${decoderCalls.median} decoder calls`] : []),
    `metrics of ${metrics === 'lisa' ? 'LISA' : 'Seg-Zero'}`,
  ];
  return (
    <header className="row wrap evaluate-head">
      <div className="grow">
        <h2>{results}</h2>
        <p className="quiet">
          against {truth}: <span className="number">{facts.join(', ')}</span>
        </p>
      </div>
      {saved.map(({ name, what }) => (
        <Button key={name} component="a" href={app.host.exportUrl(name)} download={name} title={name}>
          <Icon name="download" />
          <span className="after-icon">{what}</span>
        </Button>
      ))}
      {saved.length === 0 ? (
        <Button onClick={save} loading={busy}>
          Save the report
        </Button>
      ) : null}
    </header>
  );
}

function Notes({ evaluation: { notes, problems, identical } }: { readonly evaluation: Evaluation }) {
  const own = identical.of > 0 && identical.masks > 0;
  const share = perCent(identical.masks / identical.of);
  return (
    <>
      {own ? (
        <Note
          title={`${share} % of the true masks (${identical.masks.toLocaleString()} of ${identical.of.toLocaleString()}) are this model's own, accepted as they were.`}
          hint="That favours it: for another model the same agreement would be harder to reach."
        />
      ) : null}
      {notes.map((note) => (
        <Note key={note} title={note} />
      ))}
      {problems.total > 0 ? (
        <details className="details">
          <summary>{count(problems.total, 'problem')}</summary>
          <ul className="notes">
            {problems.first.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
            {problems.total > problems.first.length ? (
              <li>and {(problems.total - problems.first.length).toLocaleString()} more</li>
            ) : null}
          </ul>
        </details>
      ) : null}
    </>
  );
}
