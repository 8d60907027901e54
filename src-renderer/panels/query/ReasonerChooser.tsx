/** @file Which model answers queries; where none can, that is said, with the way to set one up. */
import { Select } from '@mantine/core';
import { chosenReasoner } from '../../document/selectors.ts';
import { openSheet } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { useSettings } from '../sheets/use-settings.ts';

export function ReasonerChooser() {
  const reasoners = useAppState((state) => state.reasoners);
  const { write } = useSettings();
  const current = useAppState(chosenReasoner);
  if (!current) return null;
  return (
    <Select
      className="reasoner"
      aria-label="Model that answers"
      data={reasoners.map((one) => ({
        value: one.id,
        label: one.ready ? one.title : `${one.title} (not ready)`,
        disabled: !one.ready,
      }))}
      value={current}
      onChange={(reasoner) => {
        if (reasoner !== null) write({ reasoner });
      }}
    />
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
