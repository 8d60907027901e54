/** @file Clean-ups of the selected mask that need no tool: holes, specks, parts. Their names and keys are the table's. */
import { Menu } from '@mantine/core';
import { run } from '../../tools/keyboard.ts';
import { useApp, useAppState } from '../app-context.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useCommand } from '../parts/use-command.ts';

export function CleanMenu() {
  const { command } = useCommand('mask.drop-specks');
  const enabled = useAppState((state) => command.enabled(state));
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start" width="17rem" disabled={!enabled}>
      <Menu.Target>
        <IconButton icon="clean" label="Clean up the mask" size="md" disabled={!enabled} />
      </Menu.Target>
      <Menu.Dropdown>
        <CleanItem id="mask.fill-holes" />
        <CleanItem id="mask.drop-specks" />
        <CleanItem id="mask.keep-largest" />
      </Menu.Dropdown>
    </Menu>
  );
}

function CleanItem({ id }: { readonly id: string }) {
  const app = useApp();
  const { command, keys } = useCommand(id);
  return (
    <Menu.Item rightSection={<kbd>{keys}</kbd>} onClick={() => run(app, command)}>
      {command.title}
    </Menu.Item>
  );
}
