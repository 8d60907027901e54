/** @file The name of the project, and what can be done with it as a whole. */
import { Menu } from '@mantine/core';
import { closeProject } from '../tools/projects.ts';
import { openSheet } from '../tools/view.ts';
import { useApp, useAppState } from './app-context.ts';
import { Icon, type IconName } from './icons.tsx';
import { type ProjectTab, useProjectTab } from './sheets/project-tab.ts';

const entries: readonly (readonly [ProjectTab, IconName, string])[] = [
  ['export', 'export', 'Export'],
  ['import', 'import', 'Import'],
  ['check', 'check', 'Check'],
  ['stats', 'chart', 'Statistics'],
  ['folders', 'folder', 'Folders of photos'],
];

export function ProjectMenu() {
  const app = useApp();
  const info = useAppState((state) => state.project.info);
  const [, setTab] = useProjectTab();
  if (!info) return null;
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start" width="15rem">
      <Menu.Target>
        <button type="button" className="top-project" title={info.folder}>
          <span className="cut">{info.name}</span>
          <Icon name="down" size="0.75rem" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(([tab, icon, title]) => (
          <Menu.Item
            key={tab}
            leftSection={<Icon name={icon} />}
            onClick={() => {
              setTab(tab);
              openSheet(app, 'export');
            }}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="back" />} onClick={() => closeProject(app)}>
          Close, and open another
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
