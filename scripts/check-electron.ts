/**
 * @file `npm run check:electron`: starts the built desktop host in Electron and tries, from inside the page, what must
 * work and what must not. Says so where Electron cannot run here, and then nothing has been checked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from 'playwright-core';
import { ensureBuilt } from './build.ts';
import { electronBinary } from './electron.ts';
import { chooseHost } from './host-choice.ts';

const root = join(import.meta.dirname, '..');

type Bridge = { call(method: string, input: unknown, options?: unknown): Promise<unknown>; [name: string]: unknown };

/** Runs in the page: every answer as text. */
async function probe(): Promise<Record<string, string>> {
  const { novo } = globalThis as unknown as { novo: Bridge };
  const tried = async (run: () => unknown) => {
    try {
      const value = await run();
      return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
    } catch (error) {
      return `refused: ${error}`;
    }
  };
  const frame = globalThis as unknown as {
    open(url: string): unknown;
    Function: FunctionConstructor;
    navigator: { permissions: { query(of: { name: string }): Promise<{ state: string }> } };
  };
  return {
    bridge: Object.keys(novo).sort().join(' '),
    node: await tried(() =>
      [typeof globalThis.process, typeof (globalThis as { require?: unknown }).require].join(' '),
    ),
    policy: await tried(async () => (await fetch('./index.html')).headers.get('content-security-policy') ?? 'none'),
    call: await tried(() => novo.call('engine.status', {})),
    path: await tried(() => novo.call('models.add', { folder: '/etc' })),
    wrong: await tried(() => novo.call('no.such', {})),
    media: await tried(async () => (await fetch('/media/1')).status),
    file: await tried(async () => (await fetch('file:///etc/hostname')).status),
    network: await tried(async () => (await fetch('https://example.com/')).status),
    eval: await tried(() => new frame.Function('return 1')()),
    window: await tried(() => frame.open('https://example.com/')),
    permission: await tried(async () => (await frame.navigator.permissions.query({ name: 'geolocation' })).state),
  };
}

const wanted: Readonly<Record<string, RegExp>> = {
  bridge: /^call cancel chooseFolder grantDrop onEvent$/,
  node: /^undefined undefined$/,
  policy: /^default-src 'none'/,
  call: /"ok":true.*"pid":\d+/,
  path: /"code":"forbidden"/,
  wrong: /"code":"not-found"/,
  media: /^404$/,
  file: /^refused/,
  network: /^refused/,
  eval: /^refused/,
  window: /^null$/,
  permission: /^denied$/,
};

async function check(page: Page): Promise<string[]> {
  await page.waitForLoadState();
  const found = await page.evaluate(probe);
  const wrong = Object.entries(wanted).filter(([name, pattern]) => !pattern.test(found[name] ?? ''));
  const before = page.url();
  await page.evaluate(() => {
    (globalThis as unknown as { location: { href: string } }).location.href = 'https://example.com/';
  });
  await page.waitForTimeout(500);
  const moved = page.url() === before ? [] : [`navigation: went to ${page.url()}`];
  return [...wrong.map(([name]) => `${name}: ${found[name]}`), ...moved];
}

const binary = electronBinary();
const { platform, env } = process;
const facts = {
  platform,
  env,
  uid: process.getuid?.(),
  installed: binary !== null,
  fetchFailed: 'its binary is not here',
};
const choice = chooseHost(facts);
if (binary === null || choice.host !== 'electron') {
  const why = choice.host === 'web' ? choice.why : 'its binary is not here';
  console.log(`Electron was not started, because ${why}: nothing has been checked. \`npm start\` fetches the binary.`);
} else {
  await ensureBuilt('desktop');
  const home = mkdtempSync(join(tmpdir(), 'novo-electron-'));
  const electron = await _electron.launch({
    executablePath: binary,
    args: [root],
    env: { ...env, NOVO_HOME: home } as never,
  });
  try {
    const problems = await check(await electron.firstWindow());
    for (const problem of problems) console.error(`not as it must be: ${problem}`);
    if (problems.length === 0) console.log(`Electron: ${Object.keys(wanted).length + 1} checks, all well.`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    await electron.close();
    rmSync(home, { recursive: true, force: true });
  }
}
