/** @file Going through images: what is fetched ahead, what is cancelled, what is said at the ends. */
import { expect, test } from 'vitest';
import { rowAt } from '../../src-renderer/document/selectors.ts';
import { ensureRows, setFilter } from '../../src-renderer/tools/list.ts';
import { openImage, stepImage, stepUndecided } from '../../src-renderer/tools/navigate.ts';
import { eventually, samplePage } from './page.ts';

const encoded = (records: readonly { method: string; error?: string }[]) =>
  records.filter(({ method }) => method === 'image.encode');

test('the open image is encoded at once, then the next one ahead; opening that one has nothing left to encode', async () => {
  const page = await samplePage();
  const { app, open } = page;
  await page.until('encoded', (state) => state.open?.encoding.state === 'ready', 60_000);
  expect(open().encoding).toMatchObject({ cached: false, failure: null });
  expect(open().encoding.ms).toBeGreaterThan(0);
  const { image: next } = await app.host.call('images.step', { from: open().document.image.id, step: 1 });
  await eventually('the next one is fetched ahead', () => app.tasks.prefetching.has(next!.id));
  await app.tasks.prefetching.get(next!.id)?.done;
  await stepImage(app, 1);
  expect(open().document.image.id).toBe(next!.id);
  await page.until('encoded', (state) => state.open?.encoding.state === 'ready');
  expect(open().encoding).toMatchObject({ cached: true, ms: 0 });
});

test('going elsewhere cancels what was fetched ahead, and the encoding of the image that was left', async () => {
  const page = await samplePage();
  const { app, open, records } = page;
  const images = (await app.host.call('images.list', {})).images.map(({ id }) => id);
  const [first, second, third] = images.filter((id) => id !== open().document.image.id).concat(images);
  // Not encoded yet: going on gives it up.
  expect(open().encoding.state).not.toBe('ready');
  await openImage(app, first!);
  await page.until('encoded', (state) => state.open?.encoding.state === 'ready', 60_000);
  expect(encoded(records)[0]?.error).toMatch(/^cancelled/);
  const ahead = [...app.tasks.prefetching.values()];
  await openImage(app, second!);
  for (const { stop } of ahead) expect(stop.signal.aborted || app.tasks.prefetching.size === 0).toBe(true);
  await openImage(app, third!);
  await page.until('encoded', (state) => state.open?.encoding.state === 'ready', 60_000);
  expect(open().document.image.id).toBe(third);
});

test('keys that come fast end at the right image; at the end it is said', async () => {
  const page = await samplePage();
  const { app, open } = page;
  const { images, total } = await app.host.call('images.list', {});
  await openImage(app, images[0]!.id);
  await Promise.all(Array.from({ length: total + 2 }, () => stepImage(app, 1)));
  expect(open().document.image.id).toBe(images.at(-1)!.id);
  expect(page.said()).toBe('This is the last image.');
  await stepUndecided(app, 1);
  expect(open().document.queries.some(({ status }) => status === 'proposed' || status === 'draft')).toBe(true);
});

test('an image that is not there leaves the open one on screen and says why', async () => {
  const page = await samplePage();
  const before = page.open();
  await openImage(page.app, 9999);
  expect(page.open().document).toEqual(before.document);
  expect(page.state().opening).toMatchObject({ imageId: 9999, failure: { code: 'not-found' } });
});

test('the list follows filter and decisions; a filter that cannot be read keeps it and says why', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  await page.until('the list', ({ images }) => images.total !== null);
  const { total } = state().images;
  ensureRows(app, 0, total! - 1);
  expect(rowAt(state(), open().position ?? 0)?.id).toBe(open().document.image.id);
  await page.until('the counts', ({ project }) => project.counts !== null);
  await setFilter(app, 'status:open');
  expect(state().images.total).toBe(state().project.counts!.open);
  await setFilter(app, 'status:opne');
  expect(state().images).toMatchObject({ filterText: 'status:opne', filter: { state: 'open' } });
  expect(state().images.filterError).toContain('new, open, done');
  await setFilter(app, 'text:"no such thing"');
  expect(state().images.total).toBe(0);
  // The image that is worked on stays; it only has no place in the list.
  expect(open().position).toBeNull();
});
