/** @file Changing keys: press the new one; one that another command has is taken over only when the person says so. */
import { Button } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { type KeySettings, keysOf, rebind, unbind } from '../../tools/bindings.ts';
import type { Command } from '../../tools/command.ts';
import { commands } from '../../tools/commands.ts';
import { keyOf } from '../../tools/key-match.ts';
import { isMac } from '../../tools/keyboard.ts';
import { useAppState } from '../app-context.ts';
import { Section } from '../parts/Sheet.tsx';
import { useKeyNames } from '../parts/use-key-names.ts';
import './keys.css';
import { useSettings } from './use-settings.ts';

export function KeysSection() {
  const { write } = useSettings();
  const changed = useAppState((state) => state.settings.keys);
  const [listening, setListening] = useState<string | null>(null);
  return (
    <Section
      title="Keys"
      note="Keys are places on the keyboard, so they work in every language."
      aside={
        <Button disabled={Object.keys(changed).length === 0} onClick={() => write({ keys: {} })}>
          Restore all defaults
        </Button>
      }
    >
      <ul className="rebind">
        {commands.map((command) => (
          <KeyRow
            key={command.id}
            command={command}
            listening={listening === command.id}
            onListen={(on) => setListening(on ? command.id : null)}
          />
        ))}
      </ul>
    </Section>
  );
}

type RowProps = {
  readonly command: Command;
  readonly listening: boolean;
  readonly onListen: (on: boolean) => void;
};

/** A key that another command has; `settings` takes it over, where that can be. */
type Conflict = { readonly message: string; readonly settings: KeySettings | null };

function KeyRow({ command, listening, onListen }: RowProps) {
  const { write } = useSettings();
  const changed = useAppState((state) => state.settings.keys);
  const nameOf = useKeyNames();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const keys = keysOf(command, changed);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!listening) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      onListen(false);
      return;
    }
    const key = keyOf(event.nativeEvent, isMac());
    // Ctrl or Shift alone: the key itself is still to come.
    if (key === null) return;
    onListen(false);
    const result = rebind(command.id, key, changed);
    if (result.ok) write({ keys: { ...result.settings } });
    else setConflict({ message: `${nameOf(key)}: ${result.message}`, settings: result.settings });
  };
  const take = (settings: KeySettings) => {
    setConflict(null);
    write({ keys: { ...settings } });
  };
  const taken = conflict?.settings ?? null;
  return (
    <li className="rebind-row">
      <span className="grow">
        {command.title}
        {conflict ? (
          <span className="row wrap" role="alert">
            <span className="bad">{conflict.message}</span>
            {taken ? <Button onClick={() => take(taken)}>Use it here instead</Button> : null}
            <Button onClick={() => setConflict(null)}>Leave it</Button>
          </span>
        ) : null}
      </span>
      {command.id in changed ? <Button onClick={() => take(unbind(command.id, changed))}>Default</Button> : null}
      <button
        type="button"
        className="rebind-key"
        data-listening={listening || undefined}
        onClick={() => {
          setConflict(null);
          onListen(!listening);
        }}
        onBlur={() => listening && onListen(false)}
        onKeyDown={onKeyDown}
      >
        <span className="sr-only">Change the key of "{command.title}":</span>
        {listening ? 'Press the new key' : keys.map((key) => <kbd key={key}>{nameOf(key)}</kbd>)}
        {!listening && keys.length === 0 ? <span className="quiet">none</span> : null}
      </button>
    </li>
  );
}
