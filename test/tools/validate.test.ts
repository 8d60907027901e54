/** @file Validation and alignment as a page does them, without a window: queues, verdicts, taking back, two people. */
import { expect, test } from 'vitest';
import { chosenKeys } from '../../src-renderer/document/align.ts';
import { confirm, takeBack as takeBackMasks, toggleNumber, toggleOrder } from '../../src-renderer/tools/align.ts';
import { enterAlignment } from '../../src-renderer/tools/align-queue.ts';
import { setStage } from '../../src-renderer/tools/stage.ts';
import {
  answer,
  editText,
  pass,
  putOff,
  reject,
  setReviewer,
  setReviewersPerQuery,
  split,
  switchQueue,
  takeBack,
} from '../../src-renderer/tools/validate.ts';
import { enterValidation } from '../../src-renderer/tools/validate-queue.ts';
import { box } from '../api/annotate-app.ts';
import { samplePage, type TestPage } from './page.ts';

/** The sample's images with three queries more, and the stage of validation on screen. */
async function validating() {
  const page = await samplePage();
  const { app } = page;
  const { call } = app.host;
  const { images } = await call('images.list', {});
  const [first, second] = images;
  for (const [image, text] of [
    [first!, 'extra one'],
    [first!, 'extra two'],
    [second!, 'extra three'],
  ] as const) {
    await call('query.add', { imageId: image.id, text });
  }
  await call('settings.write', { reviewer: 'ann' });
  await page.until('the name is known', ({ settings }) => settings.reviewer === 'ann');
  setStage(app, 'review');
  const leave = enterValidation(app);
  await page.until('queries wait', ({ review }) => review.queue.state === 'ready');
  return { page, app, call, leave, images };
}

const texts = ({ state }: TestPage) => state().review.queue.items.map(({ query }) => query.text);
const current = (page: TestPage) => page.state().review.queue.items[0]!.query;

test('verdicts go on by themselves, are put off, and are taken back one after the other', async () => {
  const { page, app, call } = await validating();
  const order = texts(page);
  const left = page.state().review.queue.left!;
  await pass(app);
  expect(current(page).text).toBe(order[1]);
  expect(page.state().review.queue.left).toBe(left - 1);
  await answer(app, 'clear', true);
  expect(current(page).text).toBe(order[1]);
  await answer(app, 'correct', false);
  expect(current(page).text).toBe(order[2]);
  await putOff(app);
  expect(current(page).text).toBe(order[3]);
  // An answer alone is dropped first, then the verdict, then the one before.
  await answer(app, 'clear', false);
  await takeBack(app);
  expect(page.state().review.marks).toEqual({ clear: null, correct: null });
  await takeBack(app);
  expect(current(page)).toMatchObject({ text: order[1], clear: null });
  await takeBack(app);
  expect(current(page)).toMatchObject({ text: order[0], clear: null });
  expect(page.state().review.queue.left).toBe(left);
  const { people, queries } = await call('review.progress', {});
  expect(people).toMatchObject([{ who: 'ann', judged: 0, left }]);
  expect(queries).toMatchObject({ passed: 0, failed: 0 });
  await takeBack(app);
  expect(page.said()).toMatch(/Nothing was done here/);
});

test('a new wording is judged anew, paraphrases come next, a reason is remembered', async () => {
  const { page, app, call } = await validating();
  const first = current(page);
  await pass(app);
  await takeBack(app);
  await editText(app, `${first.text}, said better`);
  expect(current(page)).toMatchObject({ id: first.id, text: `${first.text}, said better` });
  await split(app, [{ text: 'in short', form: 'short' }]);
  expect(texts(page).slice(0, 2)).toEqual([`${first.text}, said better`, 'in short']);
  await reject(app, 'too easy');
  expect(current(page).text).toBe('in short');
  expect(page.state().settings.rejectReasons).toContain('too easy');
  const { queries } = await call('image.read', { imageId: first.imageId });
  expect(queries.find(({ id }) => id === first.id)).toMatchObject({ status: 'rejected', reviewer: 'ann' });
  await takeBack(app);
  await takeBack(app);
  expect(texts(page)).not.toContain('in short');
});

test('two people are blind to each other; a disagreement is decided in sight of both', async () => {
  const { page, app, call } = await validating();
  await setReviewersPerQuery(app, 2);
  const first = current(page);
  await pass(app);
  await setReviewer(app, 'ben');
  expect(current(page)).toMatchObject({ id: first.id, clear: null, correct: null });
  expect(page.state().review.queue.items[0]).toMatchObject({ mine: null, verdicts: [] });
  await answer(app, 'clear', false);
  await answer(app, 'correct', true);
  const second = current(page).id;
  await setReviewer(app, 'cid');
  expect(texts(page)).not.toContain(first.text);
  await switchQueue(app, 'disagreements');
  expect(page.state().review.queue.items).toMatchObject([
    {
      query: { id: first.id },
      verdicts: [
        { who: 'ann', clear: true },
        { who: 'ben', clear: false },
      ],
    },
  ]);
  await pass(app);
  expect(page.state().review.queue.items).toEqual([]);
  const { queries } = await call('image.read', { imageId: first.imageId });
  expect(queries.find(({ id }) => id === first.id)).toMatchObject({ clear: true, correct: true, reviewer: 'cid' });
  const { agreement } = await call('review.progress', {});
  expect(agreement).toMatchObject({
    clear: { pairs: 1, observed: 0 },
    correct: { pairs: 1, observed: 1, kappa: null },
  });
  // A verdict of another page on what is shown here: the query leaves this queue.
  await switchQueue(app, 'mine');
  expect(texts(page).length).toBeGreaterThan(0);
  await call('query.delete', { queryId: second });
  await page.until('it is gone', ({ review }) => !review.queue.items.some(({ query }) => query.id === second));
});

test('masks are suggested, toggled, ordered and confirmed at once; the last step is taken back', async () => {
  const { page, app, call, leave, images } = await validating();
  leave();
  const { width, height, id: imageId } = images[0]!;
  const shot = { width, height };
  const add = async (x: number) =>
    (await call('instance.add', { imageId, rle: box(x, 10, 60, 60, shot), source: 'import' })).instanceId;
  const truth = [await add(10), await add(100), await add(200)];
  const { queryId } = await call('query.add', { imageId, text: 'sort the squares by size' });
  await call('query.edit', { queryId, edit: { clear: true, correct: true } });
  setStage(app, 'align');
  enterAlignment(app);
  await page.until('the query waits', ({ align }) => align.queue.state === 'ready' && align.queue.items.length > 0);
  const item = () => page.state().align.queue.items[0];
  expect(item()).toMatchObject({ query: { id: queryId }, asksForOrder: true, reference: null });
  // Only what validation has passed waits.
  expect(page.state().align.queue.left).toBe(1);
  expect(page.state().align.notValidated).toBeGreaterThan(0);
  const numberOf = (id: number) =>
    item()!.candidates.findIndex((each) => each.kind === 'instance' && each.id === id) + 1;
  // It asks for an order, which begins empty: Enter does nothing yet.
  await confirm(app);
  expect(page.said()).toBe('No mask is chosen.');
  await toggleNumber(app, numberOf(truth[2]!));
  await toggleNumber(app, numberOf(truth[0]!));
  await confirm(app);
  expect(item()).toBeUndefined();
  const links = async () => (await call('image.read', { imageId })).links.filter((link) => link.queryId === queryId);
  expect((await links()).map(({ instanceId, rank }) => [instanceId, rank])).toEqual([
    [truth[2], 1],
    [truth[0], 2],
  ]);
  await takeBackMasks(app);
  expect(await links()).toEqual([]);
  expect(item()).toMatchObject({ query: { id: queryId, status: 'draft' } });
  // Without the order.
  await toggleOrder(app);
  await toggleNumber(app, numberOf(truth[1]!));
  expect(chosenKeys(page.state().align, 0.7)).toEqual([`instance ${truth[1]}`]);
  await confirm(app);
  expect((await links()).map(({ instanceId, rank }) => [instanceId, rank])).toEqual([[truth[1], null]]);
});
