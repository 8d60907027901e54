/**
 * @file A page without a window: the real application, its web host, the page's own connection and state. What tests do
 * with it a person does with keys and mouse.
 */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CallRecord } from '../../src-main/api/dispatcher.ts';
import { type App as Application, compose } from '../../src-main/compose.ts';
import { startWebHost, type WebHost } from '../../src-main/web-host.ts';
import { activeQuery } from '../../src-renderer/document/selectors.ts';
import type { OpenImage, State } from '../../src-renderer/document/state.ts';
import { webHost } from '../../src-renderer/host/web.ts';
import type { App } from '../../src-renderer/tools/app.ts';
import { openRecent } from '../../src-renderer/tools/projects.ts';
import { startApp } from '../../src-renderer/tools/start.ts';

export type TestHost = {
  readonly application: Application;
  readonly web: WebHost;
  /** One a call that has ended, in that order. */
  readonly records: CallRecord[];
};

export type TestPage = TestHost & {
  readonly app: App;
  state(): State;
  open(): OpenImage;
  /** Waits until the state is so. */
  until(what: string, isSo: (state: State) => boolean, ms?: number): Promise<void>;
  /** The last line of the status bar. */
  said(): string;
};

/** Ends with the test. */
export async function startHost(home?: string): Promise<TestHost> {
  const records: CallRecord[] = [];
  const env = { ...process.env, NOVO_HOME: home ?? (await newHome()) };
  const application = compose({ provider: 'cpu', env, onCall: (record) => records.push(record) });
  const web = await startWebHost(application);
  onTestFinished(async () => {
    await web.close();
    await application.close();
  });
  return { application, web, records };
}

/** Another page of the same application. */
export async function openPage(host: TestHost, storage: App['storage'] = null): Promise<TestPage> {
  const { app, ready, stop } = startApp(
    webHost({ url: host.web.url, token: host.web.token, patienceMs: 10_000 }),
    storage,
  );
  onTestFinished(stop);
  await ready;
  const { store } = app;
  return {
    ...host,
    app,
    state: store.getState,
    open: () => store.getState().open!,
    until: (what, isSo, ms = 20_000) =>
      new Promise((resolve, reject) => {
        if (isSo(store.getState())) return resolve();
        const timer = setTimeout(() => {
          stopListening();
          reject(
            new Error(`Not within ${ms} ms: ${what}. The status bar says: ${store.getState().notices.at(-1)?.text}`),
          );
        }, ms);
        const stopListening = store.subscribe((state) => {
          if (!isSo(state)) return;
          clearTimeout(timer);
          stopListening();
          resolve();
        });
      }),
    said: () => store.getState().notices.at(-1)?.text ?? '',
  };
}

/** Waits for what is no state of the page. */
export async function eventually(what: string, isSo: () => boolean, ms = 60_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Not within ${ms} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The sample project on screen: its first image has a query with proposals that wait. */
export async function samplePage(storage: App['storage'] = null): Promise<TestPage> {
  const page = await openPage(await startHost(), storage);
  const sample = page.state().project.recent.find((each) => each.sample)!;
  await openRecent(page.app, sample.id);
  await page.until('an image is open', ({ open }) => open !== null);
  await page.until('proposals wait', (state) => activeQuery(state)?.status === 'proposed');
  return page;
}

/** A home of its own, but for what is made of the models once and for all tests. */
async function newHome(): Promise<string> {
  const home = await temporaryFolder();
  const shared = process.env['NOVO_HOME'];
  if (shared) {
    await mkdir(join(shared, 'cache'), { recursive: true });
    await symlink(join(shared, 'cache'), join(home, 'cache'), 'junction');
  }
  return home;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'novo-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
