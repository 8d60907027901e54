/** @file A part of the page that cannot be drawn: the rest stays, it says what to do, and the page loaded anew goes on. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, openPage } from './browser.ts';
import { type Server, startServer, temporary } from './server.ts';

let browser: Browser;
let server: Server;
let remove: () => Promise<void>;

beforeAll(async () => {
  const { folder: home, remove: done } = await temporary();
  remove = done;
  server = await startServer(home);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

test('a stage whose file is gone, as after an update under an open page, leaves the rest alone', async () => {
  const { page } = await openPage(browser, server.address);
  await page.getByRole('button', { name: 'Try it' }).click();
  const stages = page.getByRole('navigation', { name: 'Stages' });
  await stages.waitFor();
  await page.route(/FiguresStage-.*\.js/, (route) => route.abort());
  await stages.getByRole('button', { name: 'Figures' }).click();
  const told = page.getByRole('alert');
  await told.getByRole('heading', { name: 'The stage "Figures" could not be drawn' }).waitFor();
  expect(await told.textContent()).toContain('What is stored is safe');

  // Another stage can be worked in meanwhile.
  await stages.getByRole('button', { name: 'Annotate' }).click();
  await page.getByRole('application', { name: /^Photo scene-/ }).waitFor();
  expect(await told.count()).toBe(0);

  await stages.getByRole('button', { name: 'Figures' }).click();
  await page.unroute(/FiguresStage-.*\.js/);
  await page.getByRole('button', { name: 'Load the page anew' }).click();
  await page.getByRole('navigation', { name: 'Stages' }).getByRole('button', { name: 'Figures' }).click();
  await page.getByText(/^2 queries on 1 image/).waitFor();
});
