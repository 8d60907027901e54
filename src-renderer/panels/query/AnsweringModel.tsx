/**
 * @file Which model answers here and what it knows, beside the query box: its name, a quiet line, and on a click all that
 * is known of it, with the way to another one. Where none can answer, that is said instead.
 */
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import type { Reasoner } from '../../../src-main/contract/methods-models.ts';
import { chosenReasoner } from '../../document/selectors.ts';
import { openSheet } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { useSettings } from '../sheets/use-settings.ts';

/** Where the photo goes. */
const placeOf = ({ kind }: Reasoner) => (kind === 'endpoint' ? 'Asks a model server' : 'Runs on this machine');

export function AnsweringModel() {
  const current = useAppState(chosenReasoner);
  const [open, setOpen] = useState(false);
  if (!current) return <span className="grow" />;
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width="21rem" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className="model"
          aria-label={`Model that answers: ${current.title}`}
          onClick={() => setOpen(!open)}
        >
          <span className="cut">{current.title}</span>
          <Icon name="down" size="0.75rem" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Model that answers">
        <About current={current} onClose={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** What the model knows, in a line; where it is, of one that does not say. */
export function ModelDomain() {
  const current = useAppState(chosenReasoner);
  if (!current) return null;
  const { domain } = current;
  return (
    <p className="model-domain cut small quiet" title={domain}>
      {domain ? `Knows: ${domain}` : placeOf(current)}
    </p>
  );
}

function About({ current, onClose }: { readonly current: Reasoner; readonly onClose: () => void }) {
  const app = useApp();
  const reasoners = useAppState((state) => state.reasoners);
  const { write } = useSettings();
  return (
    <div className="stack">
      <p>
        <strong>{current.title}</strong>
        <span className="quiet">
          {current.kind === 'endpoint'
            ? ' answers. The photo and the query are sent to its server.'
            : ' answers. It runs on this machine: photos and queries stay here.'}
        </span>
      </p>
      {current.domain ? (
        <p>
          <span className="quiet">It knows:</span> {current.domain}{' '}
          <span className="quiet">On other pictures its answers are often wrong.</span>
        </p>
      ) : null}
      {reasoners.length > 1 ? (
        <fieldset className="model-choice">
          <legend className="label">Answered by</legend>
          {reasoners.map((one) => (
            <label key={one.id} className="row">
              <input
                type="radio"
                name="reasoner"
                checked={one.id === current.id}
                disabled={!one.ready}
                onChange={() => write({ reasoner: one.id })}
              />
              <span className="cut">{one.title}</span>
              <span className="small quiet">{one.ready ? placeOf(one) : 'not ready'}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      <div className="row">
        <Button
          onClick={() => {
            onClose();
            openSheet(app, 'models');
          }}
        >
          Use another model...
        </Button>
      </div>
    </div>
  );
}

export function NoReasoner() {
  const app = useApp();
  const current = useAppState(chosenReasoner);
  if (current) return null;
  return (
    <p className="no-reasoner">
      <Icon name="info" />
      <span>
        No model can answer queries yet: they are stored all the same, and clicks and brush work.{' '}
        <button type="button" className="link" onClick={() => openSheet(app, 'models')}>
          Set one up
        </button>
      </span>
    </p>
  );
}
