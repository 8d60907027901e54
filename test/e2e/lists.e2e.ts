/** @file The list of 5,000 photos: scrolled, filtered, walked through with the keys. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { launch, type Opened, openPage } from './browser.ts';
import { makeMany, manyName } from './many.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';

const count = 5000;
/** Under load a small machine takes its time; what is waited for must come all the same. */
const patient = { timeout: 10_000 };
let browser: Browser;
let server: Server;
let home: string;
let remove: () => Promise<void>;
let opened: Opened;
let page: Page;
let list: Locator;

beforeAll(async () => {
  ({ folder: home, remove } = await temporary());
  await makeMany(home, count);
  server = await startServer(home);
  await server.call('project.open', { folder: await folderHandle(server, 'project') });
  await server.call('project.scan', {});
  await annotate();
  browser = await launch();
  opened = await openPage(browser, server.address);
  ({ page } = opened);
  list = page.getByRole('listbox', { name: 'Images' });
  await row(1).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const row = (number: number) => list.getByRole('option').filter({ hasText: manyName(number) });
const isOpen = (number: number) => page.getByRole('application', { name: `Photo ${manyName(number)}` }).waitFor();
const shown = async (): Promise<string[]> =>
  (await list.getByRole('option').locator('.image-name > span:first-child').allTextContents()).filter(Boolean);
const filter = async (text: string) => page.getByRole('searchbox', { name: 'Filter images' }).fill(text);

/** Photos 2 to 4 are done, 10 has an unsure mask and an open query, 11 an unsure mask, 12 a spatial question. */
async function annotate(): Promise<void> {
  const { images } = await server.call('images.list', { limit: 20 });
  const idOf = (number: number) => images[number - 1]!.id;
  for (const number of [2, 3, 4]) {
    const { queryId } = await server.call('query.add', { imageId: idOf(number), text: 'is there a dragon?' });
    await server.call('query.noTarget', { queryId, noTarget: true });
  }
  const { width, height } = images[9]!;
  const data = new Uint8Array(width * height).fill(1, 0, 500);
  const rle = encodeRle({ width, height, data });
  await server.call('query.add', { imageId: idOf(10), text: 'where is the red cup?' });
  await server.call('instance.add', { imageId: idOf(10), rle, score: 0.4 });
  await server.call('instance.add', { imageId: idOf(11), rle, score: 0.7 });
  await server.call('query.add', { imageId: idOf(12), text: 'what is left of it?', reasoningType: 'spatial' });
  const { categoryId } = await server.call('category.add', { name: 'mug' });
  const { instances } = await server.call('image.read', { imageId: idOf(11) });
  await server.call('instance.edit', { instanceId: instances[0]!.id, edit: { categoryId } });
}

test('the list says how many there are and draws only what is in sight, wherever it is scrolled to', async () => {
  await page.getByText(`3 / ${count.toLocaleString('en')} done`).waitFor();
  await list.hover();
  for (const step of [400, 30_000, 60_000, 100_000, -150_000, 1_000_000]) {
    await page.mouse.wheel(0, step);
    await expect.poll(() => list.getByText('Loading').count(), patient).toBe(0);
    expect(await list.getByRole('option').count()).toBeLessThan(60);
  }
  await row(count).waitFor();
  // Thumbnails are there, not only names.
  const thumbnail = row(count).locator('img');
  await expect
    .poll(() => thumbnail.evaluate((image: HTMLImageElement) => image.naturalWidth), patient)
    .toBeGreaterThan(0);
});

test('the keys walk through the list and open what they rest on', async () => {
  await list.focus();
  await page.keyboard.press('Home');
  await isOpen(1);
  for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowDown');
  await isOpen(4);
  await page.keyboard.press('ArrowUp');
  await isOpen(3);
  await page.keyboard.press('End');
  await isOpen(count);
  expect(await row(count).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('role')), patient)
    .toBe('application');
  const name = await page.getByRole('application').getAttribute('aria-label');
  expect(Number(/photo (\d+)/.exec(name ?? '')?.[1])).toBeGreaterThan(5);
});

test('Tab goes to the next photo that waits for a decision, over those that are done, and around the end', async () => {
  await list.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await isOpen(1);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('role')), patient)
    .toBe('application');
  await page.keyboard.press('Tab');
  await isOpen(5);
  await page.keyboard.press('Shift+Tab');
  await isOpen(1);
  await page.keyboard.press('KeyD');
  await isOpen(2);
  await page.keyboard.press('KeyA');
  await isOpen(1);
  await page.keyboard.press('KeyA');
  await page.getByText('This is the first image').waitFor();
  await list.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await isOpen(count);
  await page.keyboard.press('Tab');
  await isOpen(1);
});

test('filters: what each lets through, and what is wrong with one that cannot be read', async () => {
  const cases: readonly (readonly [text: string, numbers: readonly number[]])[] = [
    ['status:open', [10, 12]],
    ['status:done', [2, 3, 4]],
    ['score:<0.6', [10]],
    ['score:<0.8', [10, 11]],
    ['text:"red cup"', [10]],
    ['none:yes', [2, 3, 4]],
    ['type:spatial', [12]],
    ['category:mug', [11]],
    ['photo 04321', [4321]],
    ['status:open type:spatial', [12]],
  ];
  for (const [text, numbers] of cases) {
    await filter(text);
    await expect.poll(shown, { ...patient, message: text }).toEqual(numbers.map(manyName));
    await page.getByText(`${numbers.length} shown`).waitFor();
  }
  await filter('status:nope');
  await page.getByText('status: is one of new, open, done, not "nope".').waitFor();
  expect(await shown()).toEqual([manyName(12)]);
  await filter('no photo is called so');
  await page.getByText('No image fits the filter').waitFor();
  await filter('status:new');
  await page.getByText('4,995 shown').waitFor();
  // Keys stay within what the filter lets through.
  await filter('status:done');
  await expect.poll(shown, patient).toEqual([2, 3, 4].map(manyName));
  await list.focus();
  await page.keyboard.press('End');
  await isOpen(4);
  await filter('');
  await page.getByText('2 open').waitFor();
});

test('a photo that has gone is marked in the list and can be looked for', async () => {
  await rm(join(home, 'photos', manyName(7)));
  await server.call('project.scan', {});
  await filter('file:missing');
  await expect.poll(shown, patient).toEqual([manyName(7)]);
  await row(7).getByText('file missing').waitFor();
  await filter('');
  expect(opened.complaints).toEqual([]);
});
