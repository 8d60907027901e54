/** @file The stage of alignment: a query, the masks of its photo, likeliest first; Enter confirms what is chosen. */
import { Loader } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { isOrdered, type MaskKey } from '../../document/align.ts';
import { alignScene, selectChosen } from '../../document/align-scene.ts';
import { hoverCandidate, toggleMask } from '../../tools/align.ts';
import { enterAlignment, restart } from '../../tools/align-queue.ts';
import type { PhotoEvents } from '../../tools/query-photo.ts';
import { useApp, useAppState } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { KeyButton } from '../parts/KeyButton.tsx';
import { QueryBand } from '../parts/QueryBand.tsx';
import { QueryPhoto } from '../parts/QueryPhoto.tsx';
import { AlignQueues } from './AlignQueues.tsx';
import { Candidates } from './Candidates.tsx';
import './align.css';

export function AlignStage() {
  const app = useApp();
  useEffect(() => enterAlignment(app), [app]);
  const item = useAppState(({ align }) => align.queue.items[0] ?? null);
  const events = useMemo(
    (): PhotoEvents => ({
      onPick: (id) => void toggleMask(app, id as MaskKey),
      onHover: (id) => hoverCandidate(app, id as MaskKey | null),
    }),
    [app],
  );
  return (
    <main className="decide" aria-label="Align masks">
      <h1 className="sr-only">Align masks</h1>
      <section className="decide-photo" aria-label="Query and photo">
        <QueryBand query={item?.query ?? null} masks={item?.answer.length ?? 0}>
          {item?.asksForOrder ? <strong>asks for an order</strong> : null}
        </QueryBand>
        <div className="stage">{item ? <QueryPhoto scene={alignScene} events={events} /> : <Nothing />}</div>
      </section>
      <aside className="decide-side" aria-label="Masks">
        <AlignQueues />
        {item ? <Choice /> : null}
      </aside>
    </main>
  );
}

function Choice() {
  const chosen = useAppState((state) => selectChosen(state).length);
  const ordered = useAppState(({ align }) => isOrdered(align));
  const reference = useAppState(({ align }) => align.reference);
  return (
    <>
      <div className="panel-part align-actions">
        <KeyButton
          id="align.confirm"
          tone="main"
          text={chosen === 0 ? 'Confirm' : `Confirm ${count(chosen, 'mask')}${ordered ? ' in this order' : ''}`}
        />
        <div className="key-pair">
          <KeyButton id="align.order" text="Order" pressed={ordered} />
          <KeyButton id="align.nothing" text="No match" />
          <KeyButton id="align.all" text="All or none" />
          <KeyButton id="align.mend" text="Mend masks" />
          <KeyButton id="align.undo" text="Take back" />
          <KeyButton id="align.later" text="Put off" />
        </div>
        <KeyButton id="align.reference" text="What the model looks at" pressed={reference} />
      </div>
      <Candidates />
    </>
  );
}

function Nothing() {
  const app = useApp();
  const { state, failure } = useAppState(({ align }) => align.queue);
  const { name, notValidated, withoutCandidates, validatedOnly } = useAppState(({ align }) => align);
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
  if (state !== 'ready') {
    return (
      <div className="decide-empty" role="status">
        <Loader size="sm" aria-label="Reading" />
      </div>
    );
  }
  return (
    <div className="decide-empty" role="status">
      <h2>{name === 'waiting' ? 'No query waits for its masks' : 'No query waits for an order'}</h2>
      {validatedOnly && notValidated > 0 ? (
        <p className="quiet">
          {count(notValidated, 'query', 'queries')} would wait, but validation has not passed{' '}
          {notValidated === 1 ? 'it' : 'them'} yet: turn off "Validated only" to align before.
        </p>
      ) : null}
      {withoutCandidates > 0 ? (
        <p className="quiet">
          {count(withoutCandidates, 'query', 'queries')} without masks to choose from: ask a model or draw them in
          "Annotate".
        </p>
      ) : null}
    </div>
  );
}
