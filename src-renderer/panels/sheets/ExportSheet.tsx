/** @file The project as a whole: export, import, a check, what the work cost, and its folders of photos. */
import { Tabs } from '@mantine/core';
import { ImportTab } from '../import/ImportTab.tsx';
import { CheckTab } from './CheckTab.tsx';
import { ExportTab } from './ExportTab.tsx';
import { FoldersTab } from './FoldersTab.tsx';
import { projectTabs, useProjectTab } from './project-tab.ts';
import { StatsTab } from './StatsTab.tsx';

export function ExportSheet() {
  const [tab, setTab] = useProjectTab();
  return (
    <Tabs
      value={tab}
      onChange={(value) => setTab(projectTabs.find((known) => known === value) ?? 'export')}
      keepMounted={false}
    >
      <Tabs.List>
        <Tabs.Tab value="export">Export</Tabs.Tab>
        <Tabs.Tab value="import">Import</Tabs.Tab>
        <Tabs.Tab value="check">Check</Tabs.Tab>
        <Tabs.Tab value="stats">Statistics</Tabs.Tab>
        <Tabs.Tab value="folders">Folders</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="export">
        <ExportTab />
      </Tabs.Panel>
      <Tabs.Panel value="import">
        <ImportTab />
      </Tabs.Panel>
      <Tabs.Panel value="check">
        <CheckTab />
      </Tabs.Panel>
      <Tabs.Panel value="stats">
        <StatsTab />
      </Tabs.Panel>
      <Tabs.Panel value="folders">
        <FoldersTab />
      </Tabs.Panel>
    </Tabs>
  );
}
