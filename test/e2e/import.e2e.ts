/**
 * @file Import on the page, in a real browser: a file is looked at before anything is written, what is left out is said,
 * the photo that is open shows its masks, and a second time nothing is added.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { type Server, startServer, temporary } from './server.ts';

let browser: Browser;
let server: Server;
let home: string;
let remove: () => Promise<void>;
/** Where to put pictures of the page, to be looked at by people. */
const pictures = process.env['NOVO_PICTURES'];

beforeAll(async () => {
  ({ folder: home, remove } = await temporary());
  const names = await putPhotos(join(home, 'photos'), 3);
  const images = [];
  const annotations = [];
  for (const [id, file_name] of names.entries()) {
    const { width = 0, height = 0 } = await sharp(join(home, 'photos', file_name)).metadata();
    images.push({ id, file_name, width, height });
    const [x, y] = [width / 2, height / 2];
    annotations.push({ id, image_id: id, category_id: 1, segmentation: [[20, 20, x, 20, x, y, 20, y]] });
  }
  images.push({ id: 9, file_name: 'elsewhere.jpg', width: 10, height: 10 });
  annotations.push({ id: 9, image_id: 0, category_id: 1, bbox: [1, 1, 5, 5], segmentation: [] });
  const categories = [{ id: 1, name: 'cup', supercategory: 'kitchen' }];
  const queries = [{ id: 1, image_id: 0, text: 'which one is left?', annotation_ids: [0], status: 'accepted' }];
  mkdirSync(join(home, 'annotations'));
  writeFileSync(join(home, 'annotations', 'set.json'), JSON.stringify({ images, annotations, categories, queries }));
  writeFileSync(join(home, 'annotations', 'broken.json'), '{"images": [');
  server = await startServer(home);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const picture = async (page: Page, name: string) => {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
};

test('a COCO file is looked at, imported, and known the second time', async () => {
  const { page, complaints } = await openPage(browser, server.address);
  await page.getByRole('button', { name: 'New from a folder of photos' }).click();
  await page.getByRole('button', { name: /^photos/ }).click();
  await page.getByText(/3 photos/).waitFor();
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByText(/^Ready/).waitFor({ timeout: 120_000 });

  await page.locator('.top-project').click();
  await page.getByRole('menuitem', { name: 'Import' }).click();
  const sheet = page.getByRole('dialog', { name: 'Project' });
  await sheet.getByRole('button', { name: /^annotations/ }).click();
  await sheet.getByRole('button', { name: /^broken\.json/ }).waitFor();
  await picture(page, 'import-choose');

  // What is damaged is refused with what to do.
  await sheet.getByRole('button', { name: /^broken\.json/ }).click();
  await sheet.getByRole('alert').getByText('is not a JSON object').waitFor();
  await sheet.getByRole('button', { name: 'Choose another' }).click();

  await sheet.getByRole('button', { name: /^set\.json/ }).click();
  await sheet.getByText('Would add 3 instances, 1 query, 1 category.').waitFor();
  await sheet.getByText('It has a box and no mask.').click();
  await sheet.getByText('annotation 9').waitFor();
  await sheet.getByText('The photo is not in the project').waitFor();
  await picture(page, 'import-would');
  expect(await page.getByText('which one is left?').count()).toBe(0);

  await sheet.getByRole('button', { name: 'Import', exact: true }).click();
  await sheet.getByText('Added 3 instances, 1 query, 1 category.').waitFor();
  // The photo that is open was read again.
  await page.getByText('which one is left?').first().waitFor();
  await picture(page, 'import-did');

  await sheet.getByRole('button', { name: 'Choose another' }).click();
  await sheet.getByRole('button', { name: /^set\.json/ }).click();
  await sheet.getByText('All of it is in the project already.').waitFor();
  expect(await sheet.getByRole('button', { name: 'Import', exact: true }).count()).toBe(0);
  const download = page.waitForEvent('download');
  await sheet.getByRole('button', { name: 'Save the report' }).click();
  expect((await download).suggestedFilename()).toBe('import-set.json.json');
  expect(complaints).toEqual([]);
});
