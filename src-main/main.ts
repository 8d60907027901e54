/**
 * @file The desktop host: the same application as in the web host, in a window. What keeps the page away from the
 * machine is in electron-shell.ts. docs/hosts.md
 */
import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import Store from 'electron-store';
import { compose } from './compose.ts';
import { answerPage, lockApplication, lockSession, openKeychain, openWindow, spawnEngine } from './electron-shell.ts';
import { serveContent } from './web/content.ts';
import { defaultLimits } from './web/limits.ts';
import { createPageCalls } from './web/page-calls.ts';

const built = (path: string) => join(import.meta.dirname, path);

function start(): void {
  let window: BrowserWindow | undefined;
  const log = (line: string) => console.error(line);
  const novo = compose({
    // Settings are in the file that all hosts share; what only this machine can decrypt is in one of its own.
    keychain: openKeychain(new Store({ name: 'keys', accessPropertiesByDotNotation: false, configFileMode: 0o600 })),
    spawnEngine: () => spawnEngine(built('engine-process.js')),
    onCall: ({ trace }) => trace && log(trace),
    log,
  });
  const send = (name: string, data: unknown) => {
    if (window && !window.isDestroyed()) window.webContents.send('event', name, data);
  };
  novo.onEvent(send);

  const { images, exports } = novo;
  const content = { images, exports, files: built('../renderer'), log };
  lockSession((request, path) => serveContent(request, path, content));

  const calls = createPageCalls(novo.dispatch, send, defaultLimits.calls);
  answerPage('call', calls.call);
  answerPage('cancel', calls.cancel);
  const granted = async (path: string) => ({ handle: await novo.grantFolder(path), name: basename(path) || path });
  answerPage('choose-folder', async () => {
    const { filePaths } = await dialog.showOpenDialog(window!, { properties: ['openDirectory', 'createDirectory'] });
    return filePaths[0] === undefined ? null : granted(filePaths[0]);
  });
  // What was dropped may be anything; only a folder is granted.
  answerPage('grant-drop', (path) => (typeof path === 'string' && path ? granted(path).catch(() => null) : null));

  window = openWindow();
  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) calls.cancelAll();
  });
  window.webContents.on('render-process-gone', (_, { reason }) => {
    log(`The page has ended (${reason}); it is loaded anew.`);
    calls.cancelAll();
    window?.reload();
  });
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void novo.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}

// Tests and second copies have their own folder, and so their own lock.
const { NOVO_HOME } = process.env;
if (NOVO_HOME) app.setPath('userData', join(NOVO_HOME, 'desktop'));

// One project database has one writer, and one person has one window.
if (app.requestSingleInstanceLock()) {
  lockApplication();
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(start);
} else app.quit();
