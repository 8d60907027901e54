/** @file The main states of the page, light and dark, under axe: nothing serious keeps a person out, and nothing complains. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundledTiny } from '../llava/tiny.ts';
import { barriers } from './barriers.ts';
import { launch, openPage } from './browser.ts';
import { type Server, startServer, temporary } from './server.ts';

let browser: Browser;
let server: Server;
let remove: () => Promise<void>;

beforeAll(async () => {
  const temp = await temporary();
  remove = temp.remove;
  server = await startServer(temp.folder, { env: { NOVO_PACKS: await bundledTiny() } });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const sheet = (button: string, title: string) => async (page: Page) => {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('dialog', { name: title }).waitFor();
};
const closed = async (page: Page) => {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};
const openByName = (name: string) => async (page: Page) => {
  await page.getByRole('option').filter({ hasText: name }).click();
  await page.getByRole('application', { name: `Photo ${name}` }).waitFor();
  await page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
};

type Visit = readonly [state: string, go: (page: Page) => Promise<void>, leave?: (page: Page) => Promise<void>];

/** In this order, on one page. The sample has a picture with proposals and a decided query, and ones without any. */
const visits: readonly Visit[] = [
  ['start', async (page) => page.getByRole('button', { name: 'Try it' }).waitFor()],
  [
    'folder chooser',
    async (page) => {
      await page.getByRole('button', { name: 'New from a folder of photos' }).click();
      await page.getByRole('button', { name: 'Use this folder' }).waitFor();
    },
    async (page) => page.getByRole('button', { name: 'Cancel' }).click(),
  ],
  [
    'proposals',
    async (page) => {
      await server.call('project.open', { recent: await sampleId() });
      await openByName('scene-1.jpg')(page);
      await page
        .getByRole('region', { name: /^Proposals/ })
        .getByRole('listitem')
        .first()
        .waitFor();
    },
  ],
  ['nothing asked, queries suggested', openByName('scene-2.jpg')],
  [
    'model that answers',
    async (page) => {
      await page.getByRole('button', { name: /^Model that answers/ }).click();
      await page.getByRole('dialog', { name: 'Model that answers' }).waitFor();
    },
    closed,
  ],
  [
    'work',
    async (page) => {
      await openByName('scene-1.jpg')(page);
      await page.getByRole('button', { name: /^Look at the fast food/ }).click();
      await page
        .getByRole('region', { name: /^Masks of this query/ })
        .getByRole('listitem')
        .waitFor();
    },
  ],
  ['settings', sheet('Settings', 'Settings'), closed],
  ['models', sheet('Models and devices', 'Models and devices'), closed],
  ['export', sheet('Export, check, statistics', 'Project'), closed],
  [
    'keys',
    async (page) => {
      await page.keyboard.press('F1');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    },
    closed,
  ],
];

const sampleId = async () => (await server.call('project.recent', {})).projects.find(({ sample }) => sample)!.id;

test.each(['light', 'dark'] as const)(
  '%s: no state has a serious barrier, and the console is silent',
  async (theme) => {
    await server.call('settings.write', { theme });
    await server.call('project.close', {}).catch(() => undefined);
    const { page, context, complaints } = await openPage(browser, server.address);
    const found: Record<string, string[]> = {};
    for (const [state, go, leave] of visits) {
      await go(page);
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toContain(theme);
      found[state] = await barriers(page);
      await leave?.(page);
    }
    // And it is not for want of looking.
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
    expect((await barriers(page)).join()).toContain('button-name');
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((state) => [state, []])));
    expect(complaints).toEqual([]);
    await context.close();
  },
);
