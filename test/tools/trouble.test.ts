/** @file A page that is loaded again, and an engine that dies: what the person was at is still there. */
import { expect, test } from 'vitest';
import { activeDraft, drawnPrompts, shownMask } from '../../src-renderer/document/selectors.ts';
import { addPoint, clickDone } from '../../src-renderer/tools/prompt.ts';
import { selectMask } from '../../src-renderer/tools/select.ts';
import { eventually, openPage, samplePage } from './page.ts';

/** What a tab keeps over a reload. */
function tab() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test('an unfinished mask is there after the page was loaded again, and not in another project', async () => {
  const storage = tab();
  const page = await samplePage(storage);
  const { app, state } = page;
  await selectMask(app, null);
  await addPoint(app, 400, 400, 1);
  await clickDone(app);
  const mask = shownMask(state());
  expect(mask).not.toBeNull();
  await eventually('it is kept', () => storage.kept.size > 0);

  const again = await openPage(page, storage);
  await again.until('the image is open', ({ open }) => open !== null);
  expect(again.open().document.image.id).toBe(page.open().document.image.id);
  // What was not answered by then is asked again.
  await again.until('the mask is back', (each) => shownMask(each) !== null, 60_000);
  expect(shownMask(again.state())).toEqual(mask);
  expect(drawnPrompts(again.state()).points).toEqual([[400, 400, 1]]);

  // Tabs of their own: the pages above still write to theirs.
  const key = [...storage.kept.keys()][0]!;
  const elsewhere = tab();
  elsewhere.setItem(key, '{"session":"of another opening","drafts":[]}');
  const other = await openPage(page, elsewhere);
  await other.until('the image is open', ({ open }) => open !== null);
  expect(other.state().drafts.size).toBe(0);
  const damaged = tab();
  damaged.setItem(key, 'no JSON');
  expect((await openPage(page, damaged)).state().drafts.size).toBe(0);
});

test('the engine is killed: it is said, the image is encoded again, and clicks are answered', async () => {
  const page = await samplePage();
  const { app, state } = page;
  await page.until('encoded', ({ open }) => open?.encoding.state === 'ready', 60_000);
  const { pid } = await app.host.call('engine.status', {});
  process.kill(pid, 'SIGKILL');
  await page.until('it is said', ({ engine }) => engine.state === 'crashed');
  await selectMask(app, null);
  await addPoint(app, 400, 400, 1);
  await clickDone(app);
  expect(activeDraft(state())).toMatchObject({ waiting: false, candidates: [{ score: expect.any(Number) }] });
  await page.until('encoded again', ({ open }) => open?.encoding.state === 'ready', 60_000);
  expect(state().engine.state).toBe('ready');
});
