/** @file The line above: which project, what the screen puts there, and the side sheets. */
import type { ReactNode } from 'react';
import type { SheetName } from '../document/state.ts';
import { toggleSheet } from '../tools/view.ts';
import { useApp, useAppState } from './app-context.ts';
import { type IconName, Mark } from './icons.tsx';
import { ProjectMenu } from './ProjectMenu.tsx';
import { IconButton } from './parts/IconButton.tsx';
import './top-bar.css';

const sheets: readonly {
  readonly sheet: SheetName;
  readonly icon: IconName;
  readonly label: string;
  readonly needsProject: boolean;
  readonly keys?: string;
}[] = [
  { sheet: 'export', icon: 'export', label: 'Export, check, statistics', needsProject: true },
  { sheet: 'models', icon: 'device', label: 'Models and devices', needsProject: false },
  { sheet: 'settings', icon: 'settings', label: 'Settings', needsProject: false },
  { sheet: 'keys', icon: 'help', label: 'Keys', needsProject: false, keys: 'F1' },
];

export function TopBar({ children }: { readonly children?: ReactNode }) {
  const app = useApp();
  const open = useAppState((state) => state.sheet);
  const project = useAppState((state) => state.project.info !== null);
  return (
    <header className="top">
      <span className="top-brand">
        <Mark />
        {project ? null : <strong>Novo Annotate</strong>}
      </span>
      {project ? <ProjectMenu /> : null}
      {children}
      <span className="grow" />
      {sheets
        .filter(({ needsProject }) => project || !needsProject)
        .map(({ sheet, icon, label, keys }) => (
          <IconButton
            key={sheet}
            icon={icon}
            label={label}
            keys={keys}
            pressed={open === sheet}
            onClick={() => toggleSheet(app, sheet)}
          />
        ))}
    </header>
  );
}
