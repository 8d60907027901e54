/** @file The connection is lost and comes back: nothing is dropped without a word, nothing is made twice. */
import { expect, onTestFinished, test } from 'vitest';
import { startWebHost, type WebHost } from '../../src-main/web-host.ts';
import { selectPending } from '../../src-renderer/document/chips.ts';
import { savedState } from '../../src-renderer/document/selectors.ts';
import { webHost } from '../../src-renderer/host/web.ts';
import { enterAlignment } from '../../src-renderer/tools/align-queue.ts';
import { accept } from '../../src-renderer/tools/review.ts';
import { writeSettings } from '../../src-renderer/tools/settings.ts';
import { startApp } from '../../src-renderer/tools/start.ts';
import { paint } from '../../src-renderer/tools/stroke.ts';
import { dismissUnstored, retryUnstored } from '../../src-renderer/tools/unstored.ts';
import { enterValidation } from '../../src-renderer/tools/validate-queue.ts';
import { enterWriting } from '../../src-renderer/tools/writing-list.ts';
import { openPage, samplePage, startHost, type TestPage } from './page.ts';

const port = (url: string) => Number(new URL(url).port);

async function goOffline(page: TestPage): Promise<() => Promise<WebHost>> {
  writeSettings(page.app, { autoAdvance: false });
  await page.until('settings are stored', () => page.app.tasks.timers.size === 0);
  const { url, token } = page.web;
  await page.web.close();
  await page.until('the loss is seen', ({ connection }) => connection.state === 'lost');
  return async () => {
    const again = await startWebHost(page.application, { port: port(url), token });
    onTestFinished(() => again.close());
    return again;
  };
}

test('a change without an answer is shown as not stored; after the connection is back it is sent again on request', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const goOnline = await goOffline(page);
  const { selection } = selectPending(state())[0]!;
  await accept(app);
  expect(savedState(state())).toBe('unstored');
  expect(state().saving.unstored[0]).toMatchObject({ what: 'Accept mask 1', failure: { code: 'connection' } });
  expect(page.said()).toMatch(/^Not stored: Accept mask 1/);
  // Still there, still to decide.
  expect(open().selection).toEqual(selection);
  await goOnline();
  await page.until('online again', ({ connection }) => connection.state === 'online');
  await retryUnstored(app);
  expect(savedState(state())).toBe('stored');
  const stored = await app.host.call('image.read', { imageId: open().document.image.id });
  expect(stored.proposals.find(({ id }) => id === selection.id)?.status).toBe('accepted');
  expect(open().document.seq).toBe(stored.seq);
});

test('a change that was stored although its answer was lost leaves the list by itself, and is not made twice', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const goOnline = await goOffline(page);
  const { id } = selectPending(state())[0]!.selection;
  const before = open().document.instances.length;
  await accept(app);
  expect(savedState(state())).toBe('unstored');
  // The request had arrived; what was lost was the answer.
  await page.application.dispatch('proposal.accept', { proposalId: id });
  await goOnline();
  await page.until('it is found stored', (each) => savedState(each) === 'stored');
  await page.until('the page shows it', ({ open: now }) => now!.document.instances.length === before + 1);
});

test('a stroke that could not be stored stays on screen; giving a change up is possible', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const goOnline = await goOffline(page);
  const { record } = selectPending(state())[0]!;
  await paint(app, { imageId: open().document.image.id, rle: record.rle, selection: null, token: 1 });
  expect(open().selection).toEqual({ kind: 'draft' });
  expect([...state().drafts.values()][0]).toMatchObject({ base: record.rle, target: { kind: 'new' } });
  dismissUnstored(app, state().saving.unstored[0]!.id);
  expect(savedState(state())).toBe('stored');
  await goOnline();
  await page.until('online again', ({ connection }) => connection.state === 'online');
  const before = open().document.instances.length;
  await accept(app);
  expect(open().document.instances).toHaveLength(before + 1);
});

test('a read that is under way when the connection is lost is asked again; a page without the token is told', async () => {
  const page = await samplePage();
  const { app } = page;
  const goOnline = await goOffline(page);
  const read = app.host.call('image.read', { imageId: page.open().document.image.id });
  await goOnline();
  expect((await read).image.id).toBe(page.open().document.image.id);

  const { web } = await startHost();
  const stranger = startApp(webHost({ url: web.url, token: null, patienceMs: 1000 }));
  onTestFinished(stranger.stop);
  await stranger.ready;
  const failed = stranger.app.store.getState();
  expect(failed.project).toMatchObject({ known: true, info: null });
  expect(failed.connection.state).toBe('refused');
  await expect(stranger.app.host.call('models.list', {})).rejects.toMatchObject({
    code: 'forbidden',
    hint: expect.stringContaining('token'),
  });
});

test('two pages show the same: what one decides, the other has at once; the later of two decisions is told', async () => {
  const page = await samplePage();
  const other = await openPage(page);
  await other.until('the image', ({ open }) => open !== null);
  writeSettings(page.app, { autoAdvance: false });
  await other.until('the setting', ({ settings }) => !settings.autoAdvance);
  const [first, second] = selectPending(page.state());
  await accept(page.app);
  await other.until(
    'the other heard',
    (each) => selectPending(each).length === 1 || selectPending(each)[0]?.number === 2,
  );
  // What the other had selected is gone from under it: nothing else is decided in its place.
  expect(other.open().selection).toBeNull();
  await accept(other.app);
  expect(other.said()).toMatch(/^Selected the next mask/);
  await Promise.all([accept(page.app), accept(other.app)]);
  const stored = await page.app.host.call('image.read', { imageId: page.open().document.image.id });
  const decided = stored.proposals.filter(({ status }) => status === 'accepted').map(({ id }) => id);
  expect(decided).toEqual(expect.arrayContaining([first!.selection.id, second!.selection.id]));
  await page.until('both agree', () => page.open().document.seq === other.open().document.seq);
  expect(page.open().document.proposals).toEqual(other.open().document.proposals);
  expect(page.open().document.instances).toEqual(other.open().document.instances);
});

test('stages read again what happened while the connection was lost', async () => {
  const page = await samplePage();
  const { app, application, state } = page;
  const { images } = await app.host.call('images.list', {});
  const leave = [enterValidation(app), enterAlignment(app), enterWriting(app)];
  const total = () => state().review.progress?.queries.total;
  await page.until('all three have read', ({ review, align, writing }) =>
    Boolean(review.progress && align.queue.state === 'ready' && writing.images),
  );
  const [queries, waiting] = [total()!, state().align.notValidated];
  const goOnline = await goOffline(page);
  await application.dispatch('query.add', { imageId: images[0]!.id, text: 'while nobody heard' });
  await goOnline();
  await page.until('validation counts it', () => total() === queries + 1);
  await page.until('alignment does', ({ align }) => align.notValidated === waiting + 1);
  for (const each of leave) each();
});
