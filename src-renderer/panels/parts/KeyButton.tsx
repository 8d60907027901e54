/** @file A button with words that shows the key of its command: where speed counts the keys must be seen. */
import { run } from '../../tools/keyboard.ts';
import { useApp, useAppState } from '../app-context.ts';
import './stage-work.css';
import { useCommand } from './use-command.ts';

type KeyButtonProps = {
  readonly id: string;
  readonly text: string;
  /** A switch that is on or off; absent for a plain button. */
  readonly pressed?: boolean;
  readonly tone?: 'good' | 'bad' | 'main';
};

export function KeyButton({ id, text, pressed, tone }: KeyButtonProps) {
  const app = useApp();
  const { command, keys } = useCommand(id);
  const enabled = useAppState((state) => command.enabled(state));
  return (
    <button
      type="button"
      className="key-button"
      data-tone={tone}
      aria-pressed={pressed}
      aria-keyshortcuts={keys ?? undefined}
      title={command.title}
      disabled={!enabled}
      onClick={() => run(app, command)}
    >
      <span className="grow">{text}</span>
      {keys ? <kbd>{keys}</kbd> : null}
    </button>
  );
}
