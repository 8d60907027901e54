/** @file The candidates of the open image: one is active, and the keys decide on it. */
import type { Candidate, Flag } from '../../../src-main/contract/generate.ts';
import type { Query } from '../../../src-main/contract/records.ts';
import { activeCandidate } from '../../document/writing.ts';
import { choose } from '../../tools/writing.ts';
import { useApp, useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { useInSight } from '../parts/use-in-sight.ts';
import { AddForm, EditCandidate } from './CandidateForms.tsx';
import { ProvenanceView } from './ProvenanceView.tsx';

export function CandidatePanel() {
  const open = useAppState(({ writing }) => writing.open);
  const form = useAppState(({ writing }) => writing.form);
  const provenance = useAppState(({ writing }) => writing.provenance);
  const candidate = useAppState(({ writing }) => activeCandidate(writing));
  if (!open) return <div className="writing-side" />;
  const own = open.queries.filter(({ id }) => !open.candidates.some(({ queryId }) => queryId === id));
  return (
    <div className="writing-side">
      {form === 'add' ? <AddForm key={open.image.id} /> : null}
      {form === 'edit' && candidate ? <EditCandidate key={candidate.id} candidate={candidate} /> : null}
      {form === null ? <Decision candidate={candidate} /> : null}
      <section className="writing-candidates" aria-label="Candidates">
        {open.candidates.length === 0 ? (
          <p className="panel-part quiet">No model has written about this image yet. Q types a query.</p>
        ) : null}
        <ul aria-label="Candidates of this image">
          {open.candidates.map((each) => (
            <Row key={each.id} candidate={each} active={each.id === candidate?.id} />
          ))}
        </ul>
        {own.length > 0 ? <Queries queries={own} /> : null}
      </section>
      {provenance && candidate ? <ProvenanceView key={candidate.id} candidateId={candidate.id} /> : null}
    </div>
  );
}

function Decision({ candidate }: { readonly candidate: Candidate | null }) {
  return (
    <div className="panel-part writing-decision">
      <div className="row wrap">
        <CommandButton id="candidate.keep" icon="accept" text="Keep" />
        <CommandButton id="candidate.drop" icon="close" text="Drop" />
        <CommandButton id="candidate.edit" icon="edit" text="Edit" />
        {candidate?.state === 'dropped' ? <CommandButton id="candidate.reopen" icon="redo" text="Wait again" /> : null}
        <span className="grow" />
        <CommandButton id="candidate.add" icon="plus" />
        <CommandButton id="candidate.origin" icon="info" />
        <CommandButton id="candidate.undo" icon="undo" />
      </div>
      <p className="quiet small">K or Enter keeps, X drops, E edits; W and S step, A and D change the image.</p>
    </div>
  );
}

const stateNames: Record<Candidate['state'], string> = { new: 'waits', kept: 'kept', dropped: 'dropped' };

function Row({ candidate, active }: { readonly candidate: Candidate; readonly active: boolean }) {
  const app = useApp();
  const row = useInSight<HTMLLIElement>(active);
  const { id, text, state, form, reasoningType, flags, original, targets } = candidate;
  const facts = [form, reasoningType, targets.length > 0 ? `means ${targets.length}` : null];
  return (
    <li ref={row}>
      <button
        type="button"
        className="candidate"
        data-state={state}
        data-active={active || undefined}
        aria-current={active}
        onClick={() => choose(app, id)}
      >
        <span className="candidate-text" lang="">
          {text}
        </span>
        <span className="row quiet small">
          <span className="grow">{facts.filter((fact) => fact !== null).join(', ')}</span>
          {original === text ? null : <span className="tag">edited</span>}
          <span className={`tag ${state === 'kept' ? 'good' : state === 'dropped' ? 'quiet' : 'warn'}`}>
            {stateNames[state]}
          </span>
        </span>
        {flags.length > 0 ? <Flags flags={flags} /> : null}
      </button>
    </li>
  );
}

const flagNames: Record<Flag['code'], string> = {
  duplicate: 'duplicate',
  similar: 'similar',
  elsewhere: 'elsewhere',
  leak: 'gives it away',
  'too-short': 'short',
  'too-long': 'long',
  'not-a-query': 'no query',
  labels: 'labels',
};

function Flags({ flags }: { readonly flags: readonly Flag[] }) {
  return (
    <span className="candidate-flags">
      {flags.map(({ code, note }) => (
        <span key={`${code} ${note}`} className="small">
          <strong className="warn">{flagNames[code]}</strong> {note}
        </span>
      ))}
    </span>
  );
}

function Queries({ queries }: { readonly queries: readonly Query[] }) {
  return (
    <section className="panel-part" aria-label="Other queries of this image">
      <h3>Other queries of this image</h3>
      <ul className="stack">
        {queries.map(({ id, text, source, status }) => (
          <li key={id}>
            <span lang="">{text}</span>{' '}
            <span className="quiet small">
              {source === 'human' ? 'by hand' : source === 'import' ? 'imported' : 'by a model'}, {status}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
