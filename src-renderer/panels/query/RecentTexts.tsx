/** @file Texts of queries that were asked lately in the project, to ask again or to change. */
import { Menu } from '@mantine/core';
import { useAppState } from '../app-context.ts';
import { IconButton } from '../parts/IconButton.tsx';

export function RecentTexts({ onPick }: { readonly onPick: (text: string) => void }) {
  const recent = useAppState((state) => state.recentTexts);
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start" width="20rem">
      <Menu.Target>
        <IconButton
          icon="history"
          label="Recent queries"
          keys="Arrow up"
          note={recent.length === 0 ? 'None was asked yet.' : undefined}
          disabled={recent.length === 0}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {recent.slice(0, 12).map((text) => (
          <Menu.Item key={text} onClick={() => onPick(text)}>
            <span className="recent-text">{text}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
