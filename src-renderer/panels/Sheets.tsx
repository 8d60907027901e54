/** @file The side sheet that is open, if one is. */
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { SheetName } from '../document/state.ts';
import type { App } from '../tools/app.ts';
import { closeSheet, focus } from '../tools/view.ts';
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
  const before = useRef<Element | null>(null);
  // Before the sheet takes the focus, which it does in an effect.
  useLayoutEffect(() => {
    if (name !== null) before.current = document.activeElement;
  }, [name]);
  useEffect(() => (name === null ? undefined : () => giveFocus(app, before.current)), [name, app]);
  const project = useAppState((state) => state.project.info !== null);
  if (name === null || (name === 'export' && !project)) return null;
  const { title, body } = sheets[name];
  return (
    <Sheet key={name} title={title} onClose={() => closeSheet(app)}>
      {body()}
    </Sheet>
  );
}

/** After a sheet has closed: to the photo, where Enter goes on with the review; without one to where it was. */
function giveFocus(app: App, before: Element | null): void {
  if (app.store.getState().open) focus(app, 'canvas');
  else if (before instanceof HTMLElement && before.isConnected) before.focus();
}
