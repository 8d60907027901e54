/**
 * @file A language model that comes with the application answers what is typed and what is suggested; the page says which
 * it is, what it knows, and the next step where its answer should be doubted. The model is the tiny one of test/llava.
 */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundledTiny, picture } from '../llava/tiny.ts';
import { launch, openPage } from './browser.ts';
import { type Server, startServer, temporary } from './server.ts';

let browser: Browser;
let server: Server;
let remove: () => Promise<void>;

beforeAll(async () => {
  const temp = await temporary();
  remove = temp.remove;
  await mkdir(join(temp.folder, 'photos'));
  await cp(picture, join(temp.folder, 'photos', 'picture.png'));
  server = await startServer(temp.folder, { env: { NOVO_PACKS: await bundledTiny() } });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const ready = (page: Page) => page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
const modelButton = (page: Page) => page.getByRole('button', { name: 'Model that answers: Tiny LLaVA' });
const domain = 'Knows: Nothing: it exists for tests';
const ask = async (page: Page, text: string) => {
  await page.keyboard.press('KeyQ');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
};

test('typed queries are answered without any set-up, and a doubtful answer says what to do next', async () => {
  const { page, context, complaints } = await openPage(browser, server.address);
  await page.getByRole('button', { name: 'New from a folder of photos' }).click();
  await page.getByRole('button', { name: /^photos/ }).click();
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await page.getByRole('button', { name: 'Create and open' }).click();
  await ready(page);
  await page.getByText(domain).waitFor();

  await ask(page, 'which two can be read?');
  const proposals = page.getByRole('region', { name: /^Proposals/ }).getByRole('listitem');
  await proposals.first().waitFor({ timeout: 60_000 });

  await ask(page, 'what can fly?');
  await page.getByText(/^0 found/).waitFor({ timeout: 60_000 });
  await page.getByText('Does anything match?').waitFor();
  await page.getByText('What the model answered').click();
  await page.getByText('nothing here can fly.').waitFor();
  const doubt = page.getByRole('note', { name: 'Doubtful answer' });
  await expect.poll(() => doubt.textContent()).toContain('Tiny LLaVA may not know this photo');
  await doubt.getByRole('button', { name: 'use another model' }).click();
  const sheet = page.getByRole('dialog', { name: 'Models and devices' });
  await sheet.getByRole('article', { name: 'Tiny LLaVA' }).first().getByText('In use').waitFor();
  await page.keyboard.press('Escape');
  // Decided: there is nothing to doubt any more. The review went on to the first query, whose answer is another one.
  await page.keyboard.press('KeyN');
  await page.getByText('Next query: which two can be read?').waitFor();
  await page.getByRole('button', { name: /^what can fly/ }).click();
  await page.locator('.query-row[aria-current]', { hasText: 'what can fly?' }).waitFor();
  await doubt.waitFor({ state: 'detached' });

  await modelButton(page).click();
  const about = page.getByRole('dialog', { name: 'Model that answers' });
  await about.getByText('it exists for tests and knows four sentences').waitFor();
  await about.getByRole('button', { name: /^Use another model/ }).click();
  await sheet.waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('suggested queries: reached with the keyboard, asked at once, gone when they were asked', async () => {
  const { projects } = await server.call('project.recent', {});
  await server.call('project.open', { recent: projects.find(({ sample }) => sample)!.id });
  const { page, context, complaints } = await openPage(browser, server.address);
  await ready(page);
  // The first picture has queries: suggestions come when they are asked for.
  const suggestions = page.getByRole('region', { name: 'Suggested queries' });
  expect(await suggestions.count()).toBe(0);
  await page.getByRole('button', { name: 'Suggested queries' }).click();
  await suggestions.getByText('CC-BY-4.0').waitFor();

  await page.getByRole('option').filter({ hasText: 'scene-2.jpg' }).click();
  await page.getByRole('application', { name: 'Photo scene-2.jpg' }).waitFor();
  await ready(page);
  const { images } = await server.call('project.suggestions', {});
  const { imageId, texts } = images[1]!;
  await expect.poll(() => suggestions.getByRole('listitem').allTextContents()).toEqual(texts);
  // What is typed takes their place.
  await page.keyboard.press('KeyQ');
  await page.keyboard.type('x');
  await suggestions.waitFor({ state: 'detached' });
  await page.keyboard.press('Backspace');
  await suggestions.waitFor();
  for (let k = 0; k < 10; k++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent)) === texts[0]) break;
  }
  await page.keyboard.press('Enter');
  const asked = async () => (await server.call('image.read', { imageId })).runs;
  await expect.poll(asked, { timeout: 60_000 }).toMatchObject([{ reasoner: 'tiny-llava' }]);
  expect(await suggestions.count()).toBe(0);
  expect((await server.call('image.read', { imageId })).queries.map(({ text }) => text)).toEqual([texts[0]]);
  // On a picture of the sample the model is at home: its answers are not doubted.
  expect(await page.getByRole('note', { name: 'Doubtful answer' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Suggested queries' }).click();
  await expect.poll(() => suggestions.getByRole('listitem').allTextContents()).toEqual(texts.slice(1));

  // However many are asked, the row of the last one is in sight.
  const more = ['one', 'two', 'three', 'four', 'five', 'six'].map((number) => `which ${number} can be read?`);
  const row = page.locator('.query-row[aria-current]');
  for (const text of more) {
    await ask(page, text);
    await row.filter({ hasText: text }).waitFor();
  }
  await expect
    .poll(() =>
      row.evaluate((each) => {
        const list = each.closest('ul')!.getBoundingClientRect();
        const { top, bottom } = each.getBoundingClientRect();
        return top >= list.top - 1 && bottom <= list.bottom + 1;
      }),
    )
    .toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});
