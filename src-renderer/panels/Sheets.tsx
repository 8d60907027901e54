/** @file The side sheet that is open, if one is. */
import type { ReactNode } from 'react';
import type { SheetName } from '../document/state.ts';
import { closeSheet } from '../tools/view.ts';
import { useApp, useAppState } from './app-context.ts';
import { Sheet } from './parts/Sheet.tsx';
import { ExportSheet } from './sheets/ExportSheet.tsx';
import { KeysSheet } from './sheets/KeysSheet.tsx';
import { ModelsSheet } from './sheets/ModelsSheet.tsx';
import { SettingsSheet } from './sheets/SettingsSheet.tsx';

const sheets: Record<SheetName, { readonly title: string; readonly body: () => ReactNode }> = {
  keys: { title: 'Keys', body: () => <KeysSheet /> },
  settings: { title: 'Settings', body: () => <SettingsSheet /> },
  models: { title: 'Models and devices', body: () => <ModelsSheet /> },
  export: { title: 'Project', body: () => <ExportSheet /> },
};

export function Sheets() {
  const app = useApp();
  const name = useAppState((state) => state.sheet);
  const project = useAppState((state) => state.project.info !== null);
  if (name === null || (name === 'export' && !project)) return null;
  const { title, body } = sheets[name];
  return (
    <Sheet key={name} title={title} onClose={() => closeSheet(app)}>
      {body()}
    </Sheet>
  );
}
