/**
 * @file The three files that know Electron, read against its security checklist. They cannot run without Electron's
 * binary (`npm run check:electron` does that), so they stay short, and nothing in them may be loosened unnoticed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { expect, test } from 'vitest';
import { securityHeaders } from '../../src-main/web/answer.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, 'src-main', name), 'utf8');
const [main, shell, preload] = [read('main.ts'), read('electron-shell.ts'), read('preload.ts')];
const all = main + shell + preload;
const lines = (text: string) => text.split('\n').length - 1;

test('they can be read in five minutes', () => {
  expect(lines(preload)).toBeLessThanOrEqual(25);
  expect(lines(main)).toBeLessThanOrEqual(100);
  expect(lines(shell)).toBeLessThanOrEqual(200);
});

test.each([
  ['the sandbox, for every renderer', 'app.enableSandbox();'],
  ['the sandbox', 'sandbox: true,'],
  ['context isolation', 'contextIsolation: true,'],
  ['no Node in the page', 'nodeIntegration: false,'],
  ['no Node in workers', 'nodeIntegrationInWorker: false,'],
  ['no Node in frames', 'nodeIntegrationInSubFrames: false,'],
  ['web security', 'webSecurity: true,'],
  ['no insecure content', 'allowRunningInsecureContent: false,'],
  ['no experimental features', 'experimentalFeatures: false,'],
  ['no webview', 'webviewTag: false,'],
  ['no webview, should there be one', "contents.on('will-attach-webview', (event) => event.preventDefault());"],
  ['no navigation', "contents.on('will-frame-navigate', (event) => !isPage(event.url) && event.preventDefault());"],
  ['no redirection', "contents.on('will-redirect', (event) => event.preventDefault());"],
  ['no navigation by dropping a file', 'navigateOnDragDrop: false,'],
  ['no new windows', "return { action: 'deny' };"],
  ['permissions asked for', 'setPermissionRequestHandler((_contents, _permission, allow) => allow(false));'],
  ['permissions looked up', 'setPermissionCheckHandler(() => false);'],
  ['devices', 'setDevicePermissionHandler(() => false);'],
  ['no remote content', 'decide({ cancel: !isPage(url) &&'],
  ['headers on every response', 'of Object.entries(securityHeaders)) headers.set(name, value);'],
  ['the scheme before ready', 'protocol.registerSchemesAsPrivileged(['],
  ['no tools for developers in what is shipped', 'devTools: !app.isPackaged,'],
])('%s', (_, setting) => {
  expect(shell).toContain(setting);
});

test('nothing is loosened', () => {
  const loose =
    /nodeIntegration\w*: true|contextIsolation: false|sandbox: false|webSecurity: false|enableBlinkFeatures|bypassCSP|allowServiceWorkers|file:\/\/|loadFile|executeJavaScript|'unsafe-|no-sandbox|http:\/\/|\bremote\.|\beval\(/;
  expect(all).not.toMatch(loose);
  expect(all.match(/loadURL\(/g)).toHaveLength(1);
  expect(shell).toContain('window.loadURL(page.url)');
  expect(securityHeaders['Content-Security-Policy']).toMatch(/^default-src 'none'; script-src 'self';/);
});

test('links leave only over https to known hosts', () => {
  expect(all.match(/shell\.open\w+\(/g)).toEqual(['shell.openExternal(']);
  expect(shell).toContain('if (isLink(url)) void shell.openExternal(url);');
  expect(shell).toContain("new URL(url).protocol === 'https:' && linkHosts.includes(new URL(url).host)");
});

test('every message of the page passes the one check of its sender', () => {
  expect(all.match(/ipcMain\.\w+\(/g)).toEqual(['ipcMain.handle(']);
  expect(shell).toMatch(/if \(!frame \|\| frame\.parent !== null \|\| !isPage\(frame\.url\)\) (\{\s+)?throw new Error/);
  const asked = [...preload.matchAll(/ipcRenderer\.invoke\('([\w-]+)'/g)].map(([, channel]) => channel);
  const answered = [...main.matchAll(/answerPage\('([\w-]+)'/g)].map(([, channel]) => channel);
  expect(asked).toEqual(['call', 'cancel', 'choose-folder', 'grant-drop']);
  expect(answered).toEqual(asked);
});

test('the page gets functions with names, not Electron', () => {
  expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1);
  expect([...preload.matchAll(/^ {2}(\w+)[:(]/gm)].map(([, name]) => name)).toEqual([
    'call',
    'cancel',
    'onEvent',
    'chooseFolder',
    'grantDrop',
  ]);
  // The event of Electron, whose `sender` can send anything, stays outside.
  expect(preload).toContain('(_: unknown, name: string, data: unknown) => listener(name, data)');
  expect(preload).not.toMatch(/ipcRenderer\.(send|sendSync|postMessage)|: ipcRenderer\b|node:/);
});

test('one copy, and calls of the page are not trusted', () => {
  expect(main).toContain('app.requestSingleInstanceLock()');
  expect(main).toContain('createPageCalls(');
  expect(main).not.toMatch(/trusted|\.dispatch\(/);
});

test('Electron is pinned, and every fuse has been decided on', async () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
  const url = new URL('../../scripts/fuses.mjs', import.meta.url).href;
  const { fuses } = (await import(url)) as { fuses: Record<string, unknown> };
  const names = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
  for (const name of names) {
    expect(typeof fuses[FuseV1Options[name as keyof typeof FuseV1Options]], name).toBe('boolean');
  }
  expect(fuses['strictlyRequireAllFuses']).toBe(true);
  for (const off of ['RunAsNode', 'EnableNodeOptionsEnvironmentVariable', 'EnableNodeCliInspectArguments'] as const) {
    expect(fuses[FuseV1Options[off]], off).toBe(false);
  }
});
