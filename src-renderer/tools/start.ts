/** @file Starting the page: what is read first, and what is done about every event of the application. */
import { failureOf, withNotice } from '../document/notices.ts';
import type { Host } from '../host/host.ts';
import { type App, createApp } from './app.ts';
import { readAgain, receive } from './change.ts';
import { keepDrafts } from './kept-drafts.ts';
import { onImagesChanged, refreshCounts, reloadList } from './list.ts';
import { encode, readProvider } from './open-image.ts';
import { enterProject, openSomething, readRecent } from './projects.ts';
import { tell, tellFailure } from './queue.ts';
import { apply } from './settings.ts';
import { settleUnstored } from './unstored.ts';

/** The application on a host. `ready`: the first state has been read; `stop` takes the application from the host. */
export function startApp(
  host: Host,
  storage: App['storage'] = null,
): { readonly app: App; readonly ready: Promise<void>; stop(): void } {
  const app = createApp(host, storage);
  const stops = listen(app);
  if (storage) stops.push(keepDrafts(app, storage));
  const ready = readAll(app);
  return {
    app,
    ready,
    stop() {
      for (const stop of stops) stop();
      for (const timer of app.tasks.timers.values()) clearTimeout(timer);
      host.close();
    },
  };
}

function listen(app: App): (() => void)[] {
  const { host, store } = app;
  return [
    host.on('project.changed', (changed) => receive(app, changed)),
    host.on('project.state', ({ project }) => enterProject(app, project)),
    host.on('images.changed', ({ session, total }) => {
      if (session !== store.getState().project.info?.session) return;
      onImagesChanged(app);
      if (total > 0 && store.getState().open === null) void openSomething(app);
    }),
    host.on('scan.done', ({ session, result }) => {
      if (session !== store.getState().project.info?.session) return;
      store.setState(({ project }) => ({ project: { ...project, scan: result } }));
      onImagesChanged(app);
      if (result.added > 0) tell(app, 'good', `${result.added} ${result.added === 1 ? 'photo' : 'photos'} added.`);
      if (result.missing > 0)
        tell(app, 'none', `${result.missing} photos are not where they were.`, 'Filter with file:missing.');
    }),
    host.on('engine.state', ({ state, message }) => {
      const before = store.getState().engine.state;
      store.setState(({ engine }) => ({ engine: { ...engine, state, message } }));
      if (state === 'crashed') {
        store.setState((each) =>
          withNotice(each, 'bad', message ?? 'The models stopped; they start again by themselves.'),
        );
      }
      // What the engine had encoded is gone with it; asking for it again starts it, too.
      if (state === 'crashed' && store.getState().open?.encoding.state === 'ready') void encode(app);
      if (state === 'ready' && before === 'crashed') void readProvider(app);
    }),
    host.on('settings.changed', (settings) => apply(app, settings)),
    host.on('connection', ({ state, message }) => {
      const before = store.getState().connection.state;
      store.setState({ connection: { state, message, kind: host.kind } });
      if (state === 'online' && before === 'lost') void catchUp(app);
    }),
    host.on('missed', () => void catchUp(app)),
  ];
}

/** The connection is back, or events were lost: everything may have changed. */
async function catchUp(app: App): Promise<void> {
  await readAll(app);
  await Promise.all([readAgain(app), reloadList(app), refreshCounts(app)]);
  await settleUnstored(app);
}

async function readAll(app: App): Promise<void> {
  const { host, store } = app;
  try {
    // Asked for first, awaited last: photos do not wait for what can be asked about them.
    const reasoners = host.call('reasoners.list', {}).catch(() => ({ reasoners: [] }));
    const [settings, { project }] = await Promise.all([host.call('settings.read', {}), host.call('project.state', {})]);
    store.setState(({ connection }) => ({
      connection: { ...connection, state: 'online', kind: host.kind, message: null },
    }));
    apply(app, settings);
    enterProject(app, project);
    store.setState({ reasoners: (await reasoners).reasoners });
    await readRecent(app);
  } catch (thrown) {
    store.setState(({ project }) => ({ project: { ...project, known: true, failure: failureOf(thrown) } }));
    tellFailure(app, thrown);
  }
}

/** After endpoints were set up or removed. */
export async function readReasoners({ host, store }: App): Promise<void> {
  const { reasoners } = await host.call('reasoners.list', {});
  store.setState({ reasoners });
}
