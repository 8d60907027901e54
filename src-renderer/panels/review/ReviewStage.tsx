/** @file The stage of validation: photo and query large, two questions, one key each. */
import { Loader } from '@mantine/core';
import { useEffect } from 'react';
import { reviewScene } from '../../document/review-scene.ts';
import { enterValidation, restart } from '../../tools/validate-queue.ts';
import { useApp, useAppState } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { QueryBand } from '../parts/QueryBand.tsx';
import { QueryPhoto } from '../parts/QueryPhoto.tsx';
import { EditForm } from './EditForm.tsx';
import { Opinions } from './Opinions.tsx';
import { Progress } from './Progress.tsx';
import { Questions } from './Questions.tsx';
import { RejectForm } from './RejectForm.tsx';
import { ReviewerName } from './ReviewerName.tsx';
import { SplitForm } from './SplitForm.tsx';
import './review.css';

export function ReviewStage() {
  const reviewer = useAppState((state) => state.settings.reviewer.trim());
  return (
    <main className="decide" aria-label="Validate queries">
      <h1 className="sr-only">Validate queries</h1>
      {reviewer === '' ? <ReviewerName /> : <Validation key={reviewer} />}
    </main>
  );
}

function Validation() {
  const app = useApp();
  useEffect(() => enterValidation(app), [app]);
  const item = useAppState(({ review }) => review.queue.items[0] ?? null);
  const form = useAppState(({ review }) => review.form);
  return (
    <>
      <section className="decide-photo" aria-label="Query and photo">
        <QueryBand query={item?.query ?? null} masks={item?.instances.length ?? 0}>
          {item && item.mine !== null && item.mine.text !== item.query.text ? (
            <span className="warn">You judged an earlier wording: "{item.mine.text}"</span>
          ) : null}
        </QueryBand>
        <div className="stage">{item ? <QueryPhoto scene={reviewScene} /> : <Nothing />}</div>
      </section>
      <aside className="decide-side" aria-label="Verdict">
        <Opinions />
        {item && form === 'edit' ? <EditForm key={item.query.id} query={item.query} /> : null}
        {item && form === 'split' ? <SplitForm key={item.query.id} query={item.query} /> : null}
        {item && form === 'reject' ? <RejectForm key={item.query.id} /> : null}
        {form === null ? <Questions /> : null}
        <Progress />
      </aside>
    </>
  );
}

function Nothing() {
  const app = useApp();
  const { state, failure } = useAppState(({ review }) => review.queue);
  const name = useAppState(({ review }) => review.name);
  const total = useAppState(({ review }) => review.progress?.queries.total ?? null);
  if (failure) {
    return (
      <div className="decide-empty">
        <FailureNote failure={failure}>
          <button type="button" className="link" onClick={() => void restart(app)}>
            Try again
          </button>
        </FailureNote>
      </div>
    );
  }
  if (state !== 'ready' || total === null) {
    return (
      <div className="decide-empty" role="status">
        <Loader size="sm" aria-label="Reading" />
      </div>
    );
  }
  return (
    <div className="decide-empty" role="status">
      <h2>{total === 0 ? 'There is no query yet' : name === 'mine' ? 'Nothing waits for you' : 'Nobody disagrees'}</h2>
      <p className="quiet">
        {total === 0
          ? 'Queries are written in the stage "Write queries", typed in "Annotate", or imported.'
          : name === 'mine'
            ? 'You have judged all queries that need another verdict. Disagreements are the other queue.'
            : 'Queries that two people judge differently come here, for a third to decide.'}
      </p>
    </div>
  );
}
