/** @file Clicks, boxes, strokes and mask operations with the real segmenter on the sample picture. */
import { expect, test } from 'vitest';
import type { Rle } from '../../src-main/contract/mask.ts';
import { decodeRle, encodeRle, rleArea } from '../../src-main/contract/rle.ts';
import { selectPending } from '../../src-renderer/document/chips.ts';
import { activeDraft, activeMask, activeQuery, recordOf, shownMask } from '../../src-renderer/document/selectors.ts';
import { redo, undo } from '../../src-renderer/tools/history.ts';
import { editMask } from '../../src-renderer/tools/mask-edit.ts';
import { openImage } from '../../src-renderer/tools/navigate.ts';
import { addPoint, clickDone, cycleCandidates, removePoint } from '../../src-renderer/tools/prompt.ts';
import { accept, rejectOrCancel } from '../../src-renderer/tools/review.ts';
import { selectMask } from '../../src-renderer/tools/select.ts';
import { writeSettings } from '../../src-renderer/tools/settings.ts';
import { paint } from '../../src-renderer/tools/stroke.ts';
import { setTool } from '../../src-renderer/tools/view.ts';
import { samplePage, type TestPage } from './page.ts';

/** The middle of the widest row of the best proposal: a place on an object. */
function onObject(page: TestPage): [x: number, y: number] {
  return insideOf(selectPending(page.state())[0]!.record.rle);
}

function insideOf(rle: Rle): [x: number, y: number] {
  const { width, data } = decodeRle(rle);
  const at = data.indexOf(1, Math.floor(data.length / 2)) < 0 ? data.indexOf(1) : data.indexOf(1, data.length / 2);
  return [(at % width) + 0.5, Math.floor(at / width) + 0.5];
}

/** The mask with its upper half painted over, as an eraser would. */
function halfOf(rle: Rle): Rle {
  const mask = decodeRle(rle);
  const first = Math.floor(mask.data.indexOf(1) / mask.width);
  const last = Math.floor(mask.data.lastIndexOf(1) / mask.width);
  mask.data.fill(0, 0, Math.floor((first + last) / 2) * mask.width);
  return encodeRle(mask);
}

const emptied = ({ size: [height, width] }: Rle): Rle =>
  encodeRle({ width, height, data: new Uint8Array(width * height) });

async function answered(page: TestPage): Promise<void> {
  await page.app.tasks.queue;
  await clickDone(page.app);
}

test('clicks before the encoding is ready are answered; Ctrl+Z takes back prompts first; Enter stores', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const [x, y] = onObject(page);
  await selectMask(app, null);
  expect(open().encoding.state).not.toBe('ready');
  await addPoint(app, x, y, 1);
  expect(activeDraft(state())?.waiting).toBe(true);
  await answered(page);
  const first = shownMask(state())!;
  expect(rleArea(first)).toBeGreaterThan(100);
  expect(activeDraft(state())).toMatchObject({ waiting: false, target: { kind: 'new', queryId: open().queryId } });

  await addPoint(app, x + 3, y + 3, 1);
  await addPoint(app, 1, 1, 0);
  await answered(page);
  expect(activeDraft(state())?.points).toHaveLength(3);
  await undo(app);
  await undo(app);
  await answered(page);
  expect(activeDraft(state())?.points).toHaveLength(1);
  expect(shownMask(state())).toEqual(first);

  const before = open().document.instances.length;
  await accept(app);
  expect(open().document.instances).toHaveLength(before + 1);
  expect(open().document.instances.at(-1)?.rle).toEqual(first);
  expect(activeDraft(state())).toBeNull();
  // What it cost is on record: the click that was left and the two that were taken back.
  const { median } = await app.host.call('project.stats', {});
  expect(median.clicks).toBeGreaterThan(0);
  // Nothing of the prompts is left to undo: now the stored mask is taken back.
  await undo(app);
  expect(open().document.instances).toHaveLength(before);
});

test('a further click corrects the mask on the screen; one that was taken away leaves no trace', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const [x, y] = onObject(page);
  await selectMask(app, null);
  await addPoint(app, x, y, 1);
  await answered(page);
  const first = shownMask(state())!;
  await addPoint(app, x + 40, y + 30, 0);
  await answered(page);
  const image = { id: open().document.image.id };
  const click = (input: object) => app.host.call('segment.click', { image, points: [], candidates: 1, ...input });
  const points = [...activeDraft(state())!.points];
  const corrected = await click({ points, mask: first });
  expect(shownMask(state())).toEqual(corrected.candidates[0]!.segmentation);
  await removePoint(app, 1);
  await answered(page);
  expect(shownMask(state())).toEqual(first);
});

test('C goes through what the clicks may mean, and comes round', async () => {
  const page = await samplePage();
  const { app, state } = page;
  const [x, y] = onObject(page);
  await selectMask(app, null);
  await addPoint(app, x, y, 1);
  await answered(page);
  expect(activeDraft(state())?.candidates).toHaveLength(1);
  await cycleCandidates(app);
  const { candidates, index } = activeDraft(state())!;
  expect(candidates.length).toBeGreaterThan(1);
  expect(index).toBe(1);
  for (let k = 1; k < candidates.length; k++) await cycleCandidates(app);
  expect(activeDraft(state())?.index).toBe(0);
});

test('a click corrects the selected proposal; Enter accepts it with that mask and says so in its attributes', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const { selection, record } = selectPending(state())[0]!;
  const [x, y] = onObject(page);
  await addPoint(app, x, y, 1);
  await addPoint(app, record.bbox[0] + record.bbox[2] - 1, record.bbox[1] + 1, 0);
  await answered(page);
  const draft = activeDraft(state())!;
  expect(draft.base).toEqual(record.rle);
  const corrected = shownMask(state())!;
  // Pending still: nothing is stored before it is accepted.
  expect(recordOf(open().document, selection)).toMatchObject({ status: 'pending' });
  await accept(app);
  const proposal = open().document.proposals.find(({ id }) => id === selection.id)!;
  expect(proposal.status).toBe('accepted');
  const instance = open().document.instances.find(({ id }) => id === proposal.instanceId)!;
  expect(instance.rle).toEqual(corrected);
  expect(instance.attributes).toMatchObject({ edited: true });
});

test('drafts stay with their image, and are there when it is opened again', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const home = open().document.image.id;
  const { image: other } = await app.host.call('images.step', { from: home, step: 1 });
  const [x, y] = onObject(page);
  await selectMask(app, null);
  await addPoint(app, x, y, 1);
  await answered(page);
  const mask = shownMask(state());
  await openImage(app, other!.id);
  expect(activeMask(state())).toBeNull();
  expect([...state().drafts.values()].map(({ imageId }) => imageId)).toEqual([home]);
  await openImage(app, home);
  expect(shownMask(state())).toEqual(mask);
  // A click whose answer was on its way when the person left is answered when they come back.
  await addPoint(app, x + 5, y + 5, 1);
  await openImage(app, other!.id);
  await openImage(app, home);
  await answered(page);
  expect(activeDraft(state())).toMatchObject({ waiting: false, points: [[x, y, 1], expect.anything()] });
  expect(activeDraft(state())?.candidates).toHaveLength(1);
  await rejectOrCancel(app);
  expect(state().drafts.size).toBe(0);
  expect(page.said()).toBe('Dropped the unfinished mask.');
});

test('the first stroke on a proposal accepts it, the next changes the instance, each is one undo; none left deletes', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  writeSettings(app, { autoAdvance: false });
  setTool(app, 'brush');
  const { selection, record } = selectPending(state())[0]!;
  const imageId = open().document.image.id;
  const half = halfOf(record.rle);
  const quarter = halfOf(half);
  // Two strokes, the second before the first is stored, as by a fast hand.
  void paint(app, { imageId, rle: half, selection, token: 1 });
  await paint(app, { imageId, rle: quarter, selection, token: 1 });
  const { instanceId } = open().document.proposals.find(({ id }) => id === selection.id)!;
  expect(open().selection).toEqual({ kind: 'instance', id: instanceId });
  expect(recordOf(open().document, open().selection)?.rle).toEqual(quarter);
  await undo(app);
  expect(recordOf(open().document, open().selection)?.rle).toEqual(half);
  await redo(app);
  await paint(app, { imageId, rle: emptied(quarter), selection: open().selection, token: 2 });
  expect(open().document.instances.some(({ id }) => id === instanceId)).toBe(false);
  expect(page.said()).toMatch(/Nothing was left of the mask/);
  await undo(app);
  expect(recordOf(open().document, { kind: 'instance', id: instanceId! })?.rle).toEqual(quarter);
});

test('strokes on nothing begin one mask of the active query, also when they come fast', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const { rle } = selectPending(state())[0]!.record;
  await selectMask(app, null);
  const imageId = open().document.image.id;
  const before = open().document.instances.length;
  void paint(app, { imageId, rle: halfOf(rle), selection: null, token: 7 });
  await paint(app, { imageId, rle, selection: null, token: 7 });
  expect(open().document.instances).toHaveLength(before + 1);
  const added = open().document.instances.at(-1)!;
  expect(added).toMatchObject({ rle, source: 'human' });
  expect(open().document.links).toContainEqual({ queryId: activeQuery(state())!.id, instanceId: added.id, rank: null });
});

test('grow and shrink: of a proposal a draft, of an instance stored', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  writeSettings(app, { autoAdvance: false });
  const { record, selection } = selectPending(state())[0]!;
  await Promise.all([editMask(app, 'grow'), editMask(app, 'grow')]);
  const grown = shownMask(state())!;
  expect(rleArea(grown)).toBeGreaterThan(record.area);
  expect(open().document.proposals.find(({ id }) => id === selection.id)?.rle).toEqual(record.rle);
  await undo(app);
  expect(rleArea(shownMask(state())!)).toBeLessThan(rleArea(grown));
  await accept(app);
  const instance = open().document.instances.at(-1)!;
  await selectMask(app, { kind: 'instance', id: instance.id });
  await editMask(app, 'shrink');
  expect(open().document.instances.find(({ id }) => id === instance.id)!.area).toBeLessThan(instance.area);
  await editMask(app, 'shrink', 5000);
  expect(open().document.instances.some(({ id }) => id === instance.id)).toBe(false);
  expect(page.said()).toMatch(/Nothing was left/);
});

test('a right click alone says how to begin; a point that is clicked goes away', async () => {
  const page = await samplePage();
  const { app, state } = page;
  await selectMask(app, null);
  await addPoint(app, 5, 5, 0);
  expect(page.said()).toMatch(/^Begin with a left click/);
  expect(state().drafts.size).toBe(0);
  const [x, y] = onObject(page);
  await addPoint(app, x, y, 1);
  await addPoint(app, x + 4, y, 1);
  await removePoint(app, 0);
  await answered(page);
  expect(activeDraft(state())?.points).toEqual([[x + 4, y, 1]]);
});
