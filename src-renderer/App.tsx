/** @file The page: which screen is shown, in which colours. */
import { Loader, MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { useEffect } from 'react';
import { AppContext, useAppState } from './panels/app-context.ts';
import { ConnectionBanner } from './panels/centre/Banners.tsx';
import { Boundary } from './panels/parts/Boundary.tsx';
import { Sheets } from './panels/Sheets.tsx';
import { StageScreen } from './panels/StageScreen.tsx';
import { StartScreen } from './panels/start/StartScreen.tsx';
import { TopBar } from './panels/TopBar.tsx';
import { theme } from './theme/mantine.ts';
import type { App as Application } from './tools/app.ts';

export function App({ app }: { readonly app: Application }) {
  useEffect(keepDroppedFilesOut, []);
  return (
    <AppContext value={app}>
      <Themed />
    </AppContext>
  );
}

/** A file that is dropped beside its place would take the page's place in the window. */
function keepDroppedFilesOut(): () => void {
  const refuse = (event: DragEvent) => {
    if (!event.defaultPrevented && event.dataTransfer) event.dataTransfer.dropEffect = 'none';
    event.preventDefault();
  };
  addEventListener('dragover', refuse);
  addEventListener('drop', refuse);
  return () => {
    removeEventListener('dragover', refuse);
    removeEventListener('drop', refuse);
  };
}

function Themed() {
  const wanted = useAppState((state) => state.settings.theme);
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  return (
    // Mantine would inject style elements for its variables and classes; the page's policy refuses them, and theme/ has
    // both as files.
    <MantineProvider
      theme={theme}
      forceColorScheme={wanted === 'system' ? system : wanted}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <Boundary what="The page">
        <Screen />
        <Sheets />
      </Boundary>
    </MantineProvider>
  );
}

function Screen() {
  const open = useAppState((state) => state.project.info !== null);
  const known = useAppState((state) => state.project.known);
  if (open) return <StageScreen />;
  if (!known) return <Connecting />;
  return (
    <div className="work">
      <TopBar />
      <ConnectionBanner />
      <StartScreen />
    </div>
  );
}

function Connecting() {
  const failed = useAppState((state) => state.connection.state !== 'connecting' && state.connection.state !== 'online');
  return (
    <main className="connecting">
      <div role="status">{failed ? <ConnectionBanner /> : <Loader size="sm" aria-label="Connecting" />}</div>
    </main>
  );
}
