/** @file The side sheet that is open, if one is. */
import { lazy, type ReactNode, Suspense, useEffect, useLayoutEffect, useRef } from 'react';
import type { SheetName } from '../document/state.ts';
import type { App } from '../tools/app.ts';
import { closeSheet, focus } from '../tools/view.ts';
import { useApp, useAppState } from './app-context.ts';
import { Boundary } from './parts/Boundary.tsx';
import { Sheet } from './parts/Sheet.tsx';

// Loaded after the first photo, which does not wait for them, and before one is wanted: also when the host is gone then.
const load = {
  export: async () => ({ default: (await import('./sheets/ExportSheet.tsx')).ExportSheet }),
  keys: async () => ({ default: (await import('./sheets/KeysSheet.tsx')).KeysSheet }),
  models: async () => ({ default: (await import('./sheets/ModelsSheet.tsx')).ModelsSheet }),
  settings: async () => ({ default: (await import('./sheets/SettingsSheet.tsx')).SettingsSheet }),
};
const ExportSheet = lazy(load.export);
const KeysSheet = lazy(load.keys);
const ModelsSheet = lazy(load.models);
const SettingsSheet = lazy(load.settings);
const loadAfterMs = 2000;

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
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const each of Object.values(load)) each().catch(() => undefined);
    }, loadAfterMs);
    return () => clearTimeout(timer);
  }, []);
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
      <Boundary what={`"${title}"`}>
        <Suspense>{body()}</Suspense>
      </Boundary>
    </Sheet>
  );
}

/** After a sheet has closed: to the photo, where Enter goes on with the review; without one to where it was. */
function giveFocus(app: App, before: Element | null): void {
  if (app.store.getState().open) focus(app, 'canvas');
  else if (before instanceof HTMLElement && before.isConnected) before.focus();
}
