/** @file From a COCO file to a project of chosen images, on the real page, by keys. */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, openPage } from './browser.ts';
import { type Server, startServer, temporary } from './server.ts';

const data = join(process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'coco-dev');
/** Where pictures of the screen go, if anywhere. */
const shots = process.env['NOVO_SHOTS'];

let server: Server;
let browser: Browser;
let home: Awaited<ReturnType<typeof temporary>>;

beforeAll(async () => {
  if (!existsSync(data)) return;
  home = await temporary();
  mkdirSync(join(home.folder, 'coco'));
  symlinkSync(join(data, 'instances.json'), join(home.folder, 'coco/instances.json'));
  symlinkSync(join(data, 'images'), join(home.folder, 'coco/images'));
  [server, browser] = await Promise.all([startServer(home.folder), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
  await home?.remove();
});

const shot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
};
const kept = async (page: Page) => Number((await page.locator('.pick-quotas strong').innerText()).replace(/\D/g, ''));
const waitForPhotos = (page: Page) =>
  page.waitForFunction(() => {
    const pictures = [...document.querySelectorAll<HTMLImageElement>('.pick-cell img')].slice(0, 8);
    return pictures.length === 8 && pictures.every((each) => each.complete && each.naturalWidth > 0);
  });

test.skipIf(!existsSync(data))(
  'a project from a COCO file: choose by keys and by quotas, and add what was kept',
  async () => {
    const { page, complaints } = await openPage(browser, server.address, { width: 1440, height: 900 });
    page.setDefaultTimeout(60_000);
    await page.getByRole('button', { name: 'New from a COCO file' }).click();
    await page.getByRole('button', { name: 'Choose: Annotations (COCO JSON)' }).click();
    await page.getByRole('button', { name: 'coco', exact: true }).last().click();
    await shot(page, 'select-file');
    await page.getByRole('button', { name: /^instances\.json/ }).click();
    await page.getByRole('button', { name: 'Choose: Folder of photos' }).click();
    await page.getByRole('button', { name: 'images', exact: true }).click();
    await page.getByText(/photos in "images"/).waitFor();
    await page.getByRole('button', { name: 'Use this folder' }).click();
    await page.getByLabel('Name of the project').fill('RISeg of mine');
    await page.getByRole('button', { name: 'Create and choose images' }).click();

    await page.getByText(/465 images/).waitFor();
    await waitForPhotos(page);
    const first = page.getByRole('option', { selected: true });
    expect(await first.getAttribute('aria-label')).toMatch(/^\d+\.jpg: \d+ [a-z]+.*, undecided$/);
    await page.keyboard.press('k');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('x');
    await page.keyboard.press('Enter');
    expect(await kept(page)).toBe(2);
    expect(await page.getByRole('option', { name: /, kept for / }).count()).toBe(2);
    expect(await page.getByRole('option', { name: /, dropped$/ }).count()).toBe(1);
    await page.keyboard.press('z');
    expect(await kept(page)).toBe(1);
    await page.keyboard.press('Shift+z');
    expect(await kept(page)).toBe(2);
    await shot(page, 'select-grid');

    await page.getByLabel('Per class').fill('2');
    await page.keyboard.press('Escape');
    await page.locator('.pick-grid').focus();
    await page.keyboard.press('f');
    await page.waitForFunction(
      () => Number(document.querySelector('.pick-quotas strong')?.textContent?.replace(/\D/g, '')) > 50,
    );
    const filled = await kept(page);
    expect(await page.locator('.pick-class', { hasText: 'person' }).innerText()).toMatch(/2 \/ 2/);
    await shot(page, 'select-filled');
    await page.locator('.pick-class', { hasText: 'person' }).first().click();
    await page.waitForFunction(() =>
      /: \d+ person, /.test(document.querySelector('.pick-cell[aria-selected=true]')?.getAttribute('aria-label') ?? ''),
    );
    await page.keyboard.press('Space');
    await page.locator('.pick-large img').waitFor();
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.pick-large img')?.complete);
    await shot(page, 'select-large');
    await page.keyboard.press('Space');
    await page.emulateMedia({ colorScheme: 'dark' });
    await waitForPhotos(page);
    await shot(page, 'select-dark');

    // What was decided is on the disk: a page that is loaded anew shows it.
    await page.reload();
    await page.getByRole('button', { name: 'Select images' }).click();
    await waitForPhotos(page);
    expect(await kept(page)).toBe(filled);
    await page.getByRole('button', { name: `Add ${filled} images to the project` }).click();
    await page.getByText(`${filled} images added`).waitFor({ timeout: 300_000 });
    await shot(page, 'select-added');
    await page.getByRole('button', { name: 'Look at them' }).click();
    const { images, total } = await server.call('images.list', { limit: 1000 });
    expect(total).toBe(filled);
    expect(images.every(({ counts }) => counts.instances >= 2)).toBe(true);
    expect(complaints).toEqual([]);
  },
  600_000,
);
