/** @file Figures on the real page: totals, charts with their tables, another status, copies for a spreadsheet, both themes. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Figures } from '../../src-main/contract/figures.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { barriers } from './barriers.ts';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';

/** Where pictures of the screen go, if anywhere. */
const shots = process.env['NOVO_SHOTS'];
let browser: Browser;
let server: Server;
let remove: () => Promise<void>;

beforeAll(async () => {
  const { folder: home, remove: done } = await temporary();
  remove = done;
  await putPhotos(join(home, 'photos'), 3);
  server = await startServer(home);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

/** Photo k has a query that k + 1 squares answer; the last one also a draft. */
async function fill(): Promise<void> {
  await server.call('settings.write', { reviewer: 'Ann' });
  await server.call('project.create', { photos: await folderHandle(server, 'photos') });
  await server.call('project.scan', {});
  const { images } = await server.call('images.list', {});
  for (const [k, { id, width, height }] of images.entries()) {
    const text = `which of the squares on photo ${k + 1} would you take?`;
    const { queryId } = await server.call('query.add', { imageId: id, text, reasoningType: 'spatial' });
    for (let n = 0; n <= k; n++) {
      const data = new Uint8Array(width * height);
      for (let y = 0; y < 40; y++) data.fill(1, y * width + 50 * n, y * width + 50 * n + 40);
      const cost = { ms: 3000, clicks: 2 };
      await server.call('instance.add', {
        imageId: id,
        queryIds: [queryId],
        rle: encodeRle({ width, height, data }),
        cost,
      });
    }
  }
  await server.call('query.add', { imageId: images[2]!.id, text: 'a draft' });
}

test('figures are counted, drawn, tabled, narrowed and copied', async () => {
  await fill();
  const { page, context, complaints } = await openPage(browser, server.address, { width: 1280, height: 800 });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('navigation', { name: 'Stages' }).getByRole('button', { name: 'Figures' }).click();
  await page.getByText('3 queries on 3 images, 6 masks').waitFor();
  const card = page.getByRole('region', { name: 'Instances per image', exact: true });
  await card.getByRole('img', { name: 'Instances per image: bars of images' }).waitFor();
  expect(await card.locator('.chart-bar').count()).toBe(4);
  await card.getByText('Table').click();
  expect(await card.getByRole('row').allInnerTexts()).toEqual([
    expect.stringMatching(/from-to\s+images\s+%/i),
    ...['0\t0\t0.0', '1\t1\t33.3', '2\t1\t33.3', '3\t1\t33.3'],
  ]);
  expect(await barriers(page)).toEqual([]);
  if (shots) await page.screenshot({ path: join(shots, 'figures.png') });

  await page.getByRole('button', { name: 'Copy CSV' }).click();
  await page.getByText('CSV copied').waitFor();
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  expect(csv.split(/\r?\n/)).toEqual(
    expect.arrayContaining(['figure,name,value,unit', 'totals,instances,6,', 'Instances per image,2,1,images']),
  );
  expect(csv).toMatch(/^Work of Ann,verdicts,0,\r?$/m);
  await page.getByRole('button', { name: 'Copy JSON' }).click();
  await page.getByText('JSON copied').waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as Figures;
  expect(copied).toEqual(await server.call('project.figures', {}));

  await page.getByText('Undecided', { exact: true }).click();
  await page.getByText('1 query on 1 image, 0 masks').waitFor();
  await page.getByText('Rejected', { exact: true }).click();
  await page.getByText('There is no such query.').waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByText('All', { exact: true }).click();
  await page.getByText('4 queries on 3 images, 6 masks').waitFor();
  expect(await barriers(page)).toEqual([]);
  if (shots) await page.screenshot({ path: join(shots, 'figures-dark.png') });
  expect(complaints).toEqual([]);
});

test('a release is made on the page, listed, and refused a second time', async () => {
  const { page, complaints } = await openPage(browser, server.address, { width: 1280, height: 800 });
  await page.getByRole('navigation', { name: 'Stages' }).getByRole('button', { name: 'Figures' }).click();
  await page.getByRole('button', { name: 'New release' }).click();
  const form = page.getByRole('form', { name: 'New release' });
  await form.getByLabel('Splits and their shares of the queries').fill('train=0.7, test');
  expect(await form.getByRole('button', { name: 'Make the release' }).isDisabled()).toBe(true);
  await form.getByLabel('Splits and their shares of the queries').fill('train=0.7, test=0.3');
  expect(await barriers(page)).toEqual([]);
  if (shots) await page.screenshot({ path: join(shots, 'release-form.png') });
  await form.getByLabel('Version').press('Enter');
  const row = page.getByRole('row', { name: /^1\.0\.0/ });
  await row.waitFor();
  expect(await row.innerText()).toMatch(/\t3\t3\t6\ttrain \d, test \d\t/);
  const { releases } = await server.call('release.list', {});
  expect(releases).toMatchObject([{ version: '1.0.0', who: 'Ann', profiles: ['coco', 'riseg'], queries: 3 }]);
  expect(await barriers(page)).toEqual([]);
  if (shots) await page.screenshot({ path: join(shots, 'release.png') });
  await page.getByRole('button', { name: 'New release' }).click();
  await form.getByRole('button', { name: 'Make the release' }).click();
  await form.getByText(/Version 1\.0\.0 was released already/).waitFor();
  // What was refused is written in the console of the browser as well, by the browser.
  expect(complaints.filter((text) => !text.includes('Failed to load resource'))).toEqual([]);
});
