/**
 * @file A dataset's queries are validated and get their masks by keys alone, in a real browser: two people who do not see
 * each other's verdicts, a third who decides, masks confirmed at once and in an order, and all of it taken back.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { barriers } from './barriers.ts';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';
import { tellWhatWasShown } from './shown.ts';

let browser: Browser;
let server: Server;
let remove: () => Promise<void>;

beforeAll(async () => {
  const { folder: home, remove: done } = await temporary();
  remove = done;
  await putPhotos(join(home, 'photos'), 4);
  server = await startServer(home);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

tellWhatWasShown();

const query = (page: Page) => page.locator('.query-band-text');
const shows = (page: Page, text: string) => query(page).getByText(text, { exact: true }).waitFor();
const waiting = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name} \\d+$`) });

/** Two queries on each photo, and three squares as ground truth. */
async function fill(): Promise<{ squares: number[]; imageId: number; ordered: number }> {
  const { images } = await server.call('images.list', {});
  for (const [at, { id }] of images.entries()) {
    for (const n of [1, 2]) await server.call('query.add', { imageId: id, text: `query ${at + 1}.${n}` });
  }
  const { id: imageId, width, height } = images[0]!;
  const squares: number[] = [];
  for (const x of [0, 100, 200]) {
    const data = new Uint8Array(width * height);
    for (let y = 0; y < 80; y++) data.fill(1, y * width + x, y * width + x + 60 + x / 10);
    const rle = encodeRle({ width, height, data });
    squares.push((await server.call('instance.add', { imageId, rle, source: 'import' })).instanceId);
  }
  const { queryId } = await server.call('query.add', { imageId, text: 'rank the squares by width' });
  return { squares, imageId, ordered: queryId };
}

test('queries are validated and aligned by keys', async () => {
  await server.call('project.create', { photos: await folderHandle(server, 'photos') });
  await server.call('project.scan', {});
  const { squares, imageId, ordered } = await fill();
  const { page, complaints } = await openPage(browser, server.address, { width: 1280, height: 800 });
  await page.getByRole('navigation', { name: 'Stages' }).waitFor();

  // Who reviews is asked once.
  await page.keyboard.press('Shift+Digit3');
  await page.getByRole('form', { name: 'Who reviews?' }).waitFor();
  await page.keyboard.type('Ann');
  await page.keyboard.press('Enter');
  await shows(page, 'query 1.1');
  expect(await waiting(page, 'For you').textContent()).toContain('9');
  expect(await barriers(page)).toEqual([]);

  // One key for yes to both; a key for each question; a reason by its number; taken back.
  await page.keyboard.press('Enter');
  await shows(page, 'query 1.2');
  await page.keyboard.press('Digit1');
  await page.keyboard.press('Digit4');
  await shows(page, 'rank the squares by width');
  await page.keyboard.press('Enter');
  await shows(page, 'query 2.1');
  await page.keyboard.press('KeyX');
  await page.getByRole('form', { name: 'Why is it rejected?' }).waitFor();
  await page.keyboard.press('Digit3');
  await shows(page, 'query 2.2');
  await expect
    .poll(async () => (await server.call('review.progress', {})).queries)
    .toMatchObject({ passed: 2, failed: 2 });
  await page.keyboard.press('Control+KeyZ');
  await shows(page, 'query 2.1');
  await expect
    .poll(async () => (await server.call('review.progress', {})).queries)
    .toMatchObject({ passed: 2, failed: 1 });

  // Other words for it, and paraphrases that come next.
  await page.keyboard.press('KeyE');
  await page.getByRole('textbox', { name: 'Text of the query' }).fill('query 2.1, said better');
  await page.keyboard.press('Enter');
  await shows(page, 'query 2.1, said better');
  await page.keyboard.press('KeyP');
  await page.getByRole('textbox', { name: 'Paraphrase 1' }).fill('2.1 in short');
  await page.keyboard.press('Enter');
  await page.getByText('1 paraphrase added').waitFor();
  await page.keyboard.press('Enter');
  await shows(page, '2.1 in short');
  await page.keyboard.press('Enter');
  await shows(page, 'query 2.2');

  // Two people must judge: nobody sees what the other said, and a third decides where they differ.
  await server.call('review.rule', { reviewersPerQuery: 2 });
  await server.call('settings.write', { reviewer: 'Ben' });
  await shows(page, 'query 1.1');
  expect(await page.getByText('Ann: clear').count()).toBe(0);
  await page.keyboard.press('Digit2');
  await page.keyboard.press('Digit3');
  await shows(page, 'query 1.2');
  // The page goes on at once; whoever takes over its place does so when the verdict is stored.
  const judged = async () => (await server.call('review.progress', {})).people.find(({ who }) => who === 'Ben')?.judged;
  await expect.poll(judged).toBe(1);
  await server.call('settings.write', { reviewer: 'Cid' });
  await page.getByRole('row', { name: /^Cid/ }).waitFor();
  await page.keyboard.press('KeyQ');
  await page.getByText('not clear, correct').waitFor();
  await shows(page, 'query 1.1');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Nobody disagrees' }).waitFor();
  const { agreement } = await server.call('review.progress', {});
  expect(agreement.people).toMatchObject([{ people: ['Ann', 'Ben'], clear: { pairs: 1, observed: 0 } }]);
  await server.call('review.rule', { reviewersPerQuery: 1 });

  // The masks: an order is kept as it was keyed, and a click on the photo takes a mask.
  await page.keyboard.press('Shift+Digit4');
  await shows(page, 'query 1.1');
  await page.keyboard.press('KeyD');
  await shows(page, 'rank the squares by width');
  expect(await barriers(page)).toEqual([]);
  const numberOf = async (instanceId: number) => {
    const { item } = await server.call('align.read', { queryId: ordered });
    return item.candidates.findIndex(({ id }) => id === instanceId) + 1;
  };
  for (const id of [squares[2]!, squares[0]!, squares[1]!]) await page.keyboard.press(`Digit${await numberOf(id)}`);
  await page.getByRole('button', { name: /Confirm 3 masks in this order/ }).waitFor();
  await page.keyboard.press('Enter');
  await shows(page, 'query 1.1');
  const links = async () =>
    (await server.call('image.read', { imageId })).links
      .filter(({ queryId }) => queryId === ordered)
      .map(({ instanceId, rank }) => [instanceId, rank]);
  await expect.poll(links).toEqual([
    [squares[2], 1],
    [squares[0], 2],
    [squares[1], 3],
  ]);
  await page.keyboard.press('KeyZ');
  await shows(page, 'rank the squares by width');
  await expect.poll(links).toEqual([]);

  // To the tools and back to the same query.
  await page.keyboard.press('KeyM');
  await page.getByRole('button', { name: /^Back to/ }).waitFor();
  await page.keyboard.press('Backquote');
  await shows(page, 'rank the squares by width');
  expect((await server.call('project.check', {})).findings).toEqual([]);
  expect(complaints).toEqual([]);
});
