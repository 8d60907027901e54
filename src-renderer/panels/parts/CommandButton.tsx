/** @file A button for a command of tools/commands.ts: name, keys and whether it can be done now come from there. */
import { Button } from '@mantine/core';
import { run } from '../../tools/keyboard.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon, type IconName } from '../icons.tsx';
import { IconButton } from './IconButton.tsx';
import { useCommand } from './use-command.ts';

type CommandButtonProps = {
  readonly id: string;
  readonly icon: IconName;
  /** With a text it is a button with words, without an icon with a tooltip. */
  readonly text?: string;
  readonly note?: string | undefined;
  readonly pressed?: boolean;
  readonly size?: 'sm' | 'md';
};

export function CommandButton({ id, icon, text, note, pressed, size = 'md' }: CommandButtonProps) {
  const app = useApp();
  const { command, keys } = useCommand(id);
  const enabled = useAppState((state) => command.enabled(state));
  const onClick = () => run(app, command);
  if (text !== undefined) {
    return (
      <Button
        leftSection={<Icon name={icon} />}
        disabled={!enabled}
        title={keys ? `${command.title} (${keys})` : command.title}
        onClick={onClick}
      >
        {text}
      </Button>
    );
  }
  return (
    <IconButton
      icon={icon}
      label={command.title}
      keys={keys}
      note={note}
      size={size}
      disabled={!enabled}
      onClick={onClick}
      {...(pressed === undefined ? {} : { pressed })}
    />
  );
}
