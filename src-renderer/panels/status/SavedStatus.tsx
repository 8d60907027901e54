/** @file Whether everything is on disk. What could not be stored stays here until it is solved. */
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { savedState } from '../../document/selectors.ts';
import { dismissUnstored, retryUnstored } from '../../tools/unstored.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { count } from '../parts/format.ts';

export function SavedStatus() {
  const saved = useAppState(savedState);
  const lost = useAppState((state) => state.connection.state === 'lost');
  if (saved === 'unstored') return <Unstored />;
  if (saved === 'storing') {
    return (
      <span className="status-item saved" role="status">
        {lost ? 'Waiting to store...' : 'Storing...'}
      </span>
    );
  }
  return (
    <span className="status-item saved quiet" role="status">
      <Icon name="accept" />
      All stored
    </span>
  );
}

function Unstored() {
  const app = useApp();
  const unstored = useAppState((state) => state.saving.unstored);
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="top-end" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className="status-item status-button saved"
          data-tone="bad"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="error" />
          {count(unstored.length, 'change')} not stored
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className="stack status-pop">
          {unstored.map(({ id, what, failure }) => (
            <li key={id} className="stack">
              <strong>{what}</strong>
              <p>{failure.message}</p>
              {failure.hint ? <p className="quiet">{failure.hint}</p> : null}
              <div className="row">
                <Button variant="filled" onClick={() => retryUnstored(app, id)}>
                  Try again
                </Button>
                <Button onClick={() => dismissUnstored(app, id)}>Give it up</Button>
              </div>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
