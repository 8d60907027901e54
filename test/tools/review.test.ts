/** @file The main job on the sample project: accept, reject, nothing matches, undo, on the real store. */
import { expect, test } from 'vitest';
import { selectAccepted, selectChips, selectPending } from '../../src-renderer/document/chips.ts';
import { activeQuery, savedState } from '../../src-renderer/document/selectors.ts';
import { redo, undo } from '../../src-renderer/tools/history.ts';
import { accept, acceptAll, markNothing, rejectOrCancel } from '../../src-renderer/tools/review.ts';
import { selectQuery } from '../../src-renderer/tools/select.ts';
import { writeSettings } from '../../src-renderer/tools/settings.ts';
import { openPage, samplePage } from './page.ts';

test('the best proposal is selected; Enter accepts it, selects the next, and it is stored', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const before = selectPending(state());
  expect(before.length).toBeGreaterThan(1);
  expect(open().selection).toEqual(before[0]!.selection);
  await accept(app);
  expect(page.said()).toBe('Accepted mask 1.');
  expect(selectPending(state())).toHaveLength(before.length - 1);
  expect(open().selection).toEqual(before[1]!.selection);
  expect(selectAccepted(state())[0]).toMatchObject({ number: 1, colour: before[0]!.colour });
  expect(savedState(state())).toBe('stored');
  // Another page reads it from the disk.
  const other = await openPage(page);
  await other.until('the image', (each) => each.open !== null);
  expect(other.open().document.instances).toEqual(open().document.instances);
});

test('Enter typed ahead accepts one after the other, and never on an image that came up meanwhile', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const imageId = open().document.image.id;
  const queryId = open().queryId;
  const count = selectPending(state()).length;
  // An image that has not been looked at yet comes next.
  const { image: next } = await app.host.call('images.step', { from: imageId, step: 1 });
  const added = await app.host.call('query.add', { imageId: next!.id, text: 'what is round?' });
  await page.until('the page heard of it', ({ open: now }) => now!.document.seq >= added.changed.seq);
  await Promise.all(Array.from({ length: count + 2 }, () => accept(app)));
  expect(open().document.image.id).toBe(next!.id);
  expect(page.said()).toContain('nothing was decided there');
  const stored = await app.host.call('image.read', { imageId });
  const accepted = stored.proposals.filter((each) => each.queryId === queryId && each.status === 'accepted');
  expect(accepted).toHaveLength(count);
});

test('accepting where nothing waits changes nothing and says so', async () => {
  const page = await samplePage();
  const { app, state } = page;
  writeSettings(app, { autoAdvance: false });
  while (selectPending(state()).length > 0) await accept(app);
  const { seq } = page.open().document;
  await accept(app);
  expect(page.open().document.seq).toBe(seq);
  expect(page.said()).toBe('Nothing waits to be accepted here.');
});

test('rejected, taken back, done again: what is stored follows', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const [first, second] = selectPending(state());
  await rejectOrCancel(app);
  expect(page.said()).toBe('Rejected mask 1.');
  expect(open().selection).toEqual(second!.selection);
  // Numbers stay as they are while the masks are decided.
  expect(selectPending(state())[0]!.number).toBe(2);
  await undo(app);
  expect(page.said()).toContain('rejecting');
  expect(open().selection).toEqual(first!.selection);
  await redo(app);
  const { imageId } = activeQuery(state())!;
  const { proposals } = await app.host.call('image.read', { imageId });
  expect(proposals.find(({ id }) => id === first!.selection.id)?.status).toBe('rejected');
});

test('accept all takes what can be seen, leaves what the threshold hides, and is one step back', async () => {
  const page = await samplePage();
  const { app, state } = page;
  const scores = selectPending(state()).map(({ score }) => score!);
  const threshold = (scores[0]! + scores.at(-1)!) / 2;
  app.store.setState(({ view }) => ({ view: { ...view, threshold } }));
  const imageId = page.open().document.image.id;
  await acceptAll(app);
  const visible = scores.filter((score) => score >= threshold).length;
  const stored = await app.host.call('image.read', { imageId });
  expect(stored.proposals.filter(({ status }) => status === 'pending')).toHaveLength(scores.length - visible);
  await app.host.call('history.undo', { imageId });
  const after = await app.host.call('image.read', { imageId });
  expect(after.proposals.filter(({ status }) => status === 'pending')).toHaveLength(scores.length);
});

test('nothing matches: stored, taken back', async () => {
  const page = await samplePage();
  const { app, state } = page;
  writeSettings(app, { autoAdvance: false });
  const { id } = activeQuery(state())!;
  await markNothing(app);
  expect(activeQuery(state())).toMatchObject({ id, noTarget: true, status: 'accepted' });
  expect(selectPending(state())).toHaveLength(0);
  await undo(app);
  await selectQuery(app, id);
  expect(activeQuery(state())).toMatchObject({ id, noTarget: false, status: 'proposed' });
  expect(selectChips(state()).length).toBeGreaterThan(0);
});
