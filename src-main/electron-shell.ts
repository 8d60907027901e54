/**
 * @file Electron, locked down: everything that stands between the page and the machine is in this file, each item of
 * Electron's security checklist once. docs/hosts.md has the list. What the application does is in main.ts.
 */
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
} from 'electron';
import type { Keychain } from './api/services.ts';
import { AppError } from './contract/errors.ts';
import type { EnginePort } from './engine/protocol.ts';
import type { Keeper } from './store/settings.ts';
import { securityHeaders } from './web/answer.ts';
import { decodePath } from './web/guard.ts';

/** The page and all that it loads come from here; `standard` and `secure` make it an origin like https. */
const page = { scheme: 'app', host: 'novo', url: 'app://novo/' };

/** Where links may lead, in the user's browser: the paper, the sources of models, this project. */
const linkHosts: readonly string[] = ['arxiv.org', 'github.com', 'huggingface.co', 'www.apache.org'];

const isPage = (url: string) =>
  URL.canParse(url) && new URL(url).protocol === `${page.scheme}:` && new URL(url).host === page.host;
const isLink = (url: string) =>
  URL.canParse(url) && new URL(url).protocol === 'https:' && linkHosts.includes(new URL(url).host);

/** Before the application is ready. */
export function lockApplication(): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: page.scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-frame-navigate', (event) => !isPage(event.url) && event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (isLink(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}

/** When the application is ready: `answer` gives the page and its pictures, by a decoded path without `..`. */
export function lockSession(answer: (request: Request, path: string) => Promise<Response>): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, allow) => allow(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  // No remote content, whatever the page holds: nothing but our scheme is ever loaded.
  defaultSession.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !isPage(url) && !/^(blob:app:\/\/novo\/|data:|devtools:)/.test(url) });
  });
  protocol.handle(page.scheme, async (request) => {
    const path = isPage(request.url) ? decodePath(new URL(request.url).pathname) : null;
    const found = path === null ? new Response(null, { status: 404 }) : await answer(request, path);
    const headers = new Headers(found.headers);
    for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
    return new Response(found.body, { status: found.status, headers });
  });
}

/** Answers `ipcRenderer.invoke(channel, ...)` of our page's own frame, and of nobody else. */
export function answerPage(channel: string, answer: (...args: unknown[]) => unknown): void {
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, ...args: unknown[]) => {
    const frame = event.senderFrame;
    if (!frame || frame.parent !== null || !isPage(frame.url)) throw new Error('Only the page may ask this.');
    return answer(...args);
  });
}

export function openWindow(): BrowserWindow {
  // Without the default menu, whose keys (Ctrl+W, Ctrl+R, Ctrl+Z) would get in the annotator's way; macOS needs one.
  const isMac = process.platform === 'darwin';
  Menu.setApplicationMenu(
    isMac ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]) : null,
  );
  const window = new BrowserWindow({
    title: 'Novo Annotate',
    icon: join(import.meta.dirname, '../../resources/icon.png'),
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    name: 'main',
    windowStatePersistence: true,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would be fetched from the network.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(page.url);
  return window;
}

/** The engine as Electron's utility process: `entry` is the built engine-process.ts. */
export function spawnEngine(entry: string): EnginePort {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Novo engine', stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2000);
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(`ended with exit code ${code}`, output.trim())),
    kill: () => void child.kill(),
  };
}

/** Secrets, encrypted by the keychain of the system; `keeper` holds what cannot be read without it. */
export function openKeychain(keeper: Keeper): Keychain {
  const isPlain = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  const isThere = safeStorage.isEncryptionAvailable() && !isPlain;
  return {
    unavailable: isThere ? null : 'This system has no keychain that is unlocked (GNOME Keyring or KWallet on Linux).',
    get(name) {
      const kept = keeper.get(name);
      if (!isThere || typeof kept !== 'string' || kept === '') return null;
      try {
        return safeStorage.decryptString(Buffer.from(kept, 'base64'));
      } catch {
        // Encrypted by another keychain, as after a move to another machine: the key is entered anew.
        return null;
      }
    },
    set(name, value) {
      if (value !== null && !isThere) throw new AppError('io', 'There is no keychain to keep the key in.');
      keeper.set(name, value === null ? '' : safeStorage.encryptString(value).toString('base64'));
    },
  };
}
