/** @file Why a query does not belong into the set: a number for a reason that was given before, or new words. */
import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { reject, showForm } from '../../tools/validate.ts';
import { useApp } from '../app-context.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useSettings } from '../sheets/use-settings.ts';
import { FormKeys } from './FormKeys.tsx';

export function RejectForm() {
  const app = useApp();
  const { settings, write } = useSettings();
  const reasons = settings.rejectReasons;
  const [text, setText] = useState('');
  const onKey = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean => {
    const reason = text === '' && !ctrlKey && !altKey && !metaKey ? reasons[Number(key) - 1] : undefined;
    if (reason !== undefined) void reject(app, reason);
    return reason !== undefined;
  };
  return (
    <FormKeys
      title="Why is it rejected?"
      doneText="Reject"
      onKey={onKey}
      onDone={() => void reject(app, text)}
      onLeave={() => showForm(app, null)}
    >
      <ul className="stack">
        {reasons.map((reason, at) => (
          <li key={reason} className="row">
            <button type="button" className="key-button grow" onClick={() => void reject(app, reason)}>
              <span className="grow">{reason}</span>
              <kbd>{at + 1}</kbd>
            </button>
            <IconButton
              icon="close"
              size="sm"
              label={`Forget the reason "${reason}"`}
              onClick={() => write({ rejectReasons: reasons.filter((each) => each !== reason) })}
            />
          </li>
        ))}
      </ul>
      <TextInput
        data-autofocus
        label="Another reason"
        description="It is kept for the next time"
        maxLength={1000}
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
    </FormKeys>
  );
}
