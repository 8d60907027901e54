/** @file A researcher asks how good a model is on what was reviewed: figures, two models, pictures, files in and out. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Opened, openPage } from './browser.ts';
import { makeEvaluated } from './evaluated.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';

const count = 36;
/** Under load a small machine takes its time; what is waited for must come all the same. */
const patient = { timeout: 120_000 };
let browser: Browser;
let server: Server;
let home: string;
let remove: () => Promise<void>;
let opened: Opened;
let page: Page;

beforeAll(async () => {
  ({ folder: home, remove } = await temporary());
  await makeEvaluated(home, count);
  server = await startServer(home);
  await server.call('project.open', { folder: await folderHandle(server, 'project') });
  browser = await launch();
  opened = await openPage(browser, server.address, { width: 1440, height: 900 });
  ({ page } = opened);
  page.setDefaultTimeout(patient.timeout);
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const result = () => page.getByRole('region', { name: 'Result' });
const evaluate = () => page.locator('form').getByRole('button', { name: 'Evaluate' }).click();
const cell = (row: string, column: number) =>
  result()
    .getByRole('row', { name: new RegExp(`^${row}`) })
    .getByRole('cell')
    .nth(column);
/** The figure in a cell, without its interval. */
const figure = async (row: string, column: number) =>
  Number(await cell(row, column).locator('strong').textContent(patient));
const choose = async (field: string, option: RegExp) => {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
};
const look = async (name: string) => {
  const folder = process.env['NOVO_LOOK'];
  if (!folder) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
};

test('a model: figures with intervals, what favours it, parts, and pictures that lead to the query', async () => {
  await page.getByText(`${count} accepted queries, of them 6 where nothing matches`).waitFor(patient);
  await choose('Model', /^careful/);
  await evaluate();
  await page.getByRole('heading', { name: 'careful with mobile-sam, default' }).waitFor(patient);
  const [before, after] = [await figure('Before refinement', 0), await figure('After refinement', 0)];
  expect(after).toBeGreaterThan(90);
  expect(before).toBeLessThan(after);
  expect(await cell('After refinement', 0).textContent()).toMatch(/\d+\.\d to \d+\.\d/);
  await result()
    .getByText(/% of the true masks \(24 of 60\)/)
    .waitFor();
  await result().getByText('"Nothing matches" was recognised in 100.0 % of 6 queries').waitFor();
  await look('model');
  await result().getByRole('tab', { name: 'Reasoning' }).click();
  await result().getByRole('rowheader', { name: 'spatial' }).waitFor();

  const worst = result()
    .getByRole('region', { name: /^Worst/ })
    .getByRole('button')
    .first();
  await worst.scrollIntoViewIfNeeded();
  await expect
    .poll(() => worst.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth), patient)
    .toBeGreaterThan(0);
  // Masks are drawn: what was found is green.
  const green = await worst.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 1] === 158 && data[i + 3]! > 0) found++;
    return found;
  });
  expect(green).toBeGreaterThan(500);
  await look('pictures');
  const text = (await worst.locator('.answer-text').textContent())!;
  await worst.click();
  const query = page.getByRole('complementary', { name: 'Queries and masks' });
  await query.getByText(text).first().waitFor(patient);
  await page.getByRole('button', { name: /^Back to/ }).click();
  // The result is still there.
  await page.getByRole('heading', { name: 'careful with mobile-sam, default' }).waitFor();
});

test('two models: the better one is told from the other by more than chance', async () => {
  await choose('Compared with', /^careless/);
  await evaluate();
  await page.getByRole('heading', { name: /against careless with mobile-sam/ }).waitFor(patient);
  const row = result().getByRole('row', { name: /^After refinement: gIoU/ });
  expect(await row.textContent()).toContain('more than chance');
  expect(await row.getByRole('cell').nth(2).textContent()).toMatch(/^\+/);
  await row.scrollIntoViewIfNeeded();
  await look('compared');
});

test('the report is saved and downloaded', async () => {
  await result().getByRole('button', { name: 'Save the report' }).click();
  const link = result().getByRole('link', { name: 'Report with pictures' });
  await link.waitFor(patient);
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const html = await readFile(await download.path(), 'utf8');
  // Not toContain: what it would print is a megabyte.
  expect(html.includes('Against careless with mobile-sam')).toBe(true);
  expect(html.includes('what holds tea on shelf')).toBe(true);
});

test('queries go out as requests, and results come back as a file', async () => {
  await page.getByText('Results file', { exact: true }).click();
  await page.getByRole('button', { name: 'Save the queries for batch' }).click();
  const link = page.getByRole('link', { name: `${count} queries` });
  const [download] = await Promise.all([page.waitForEvent('download', patient), link.click(patient)]);
  const lines = (await readFile(await download.path(), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(count);
  // A model that finds nothing anywhere is right on the six where nothing matches.
  const answers = lines.map(({ id }) => JSON.stringify({ id, instances: [] }));
  await writeFile(join(home, 'nothing.jsonl'), `${answers.join('\n')}\n`);
  await page.getByRole('button', { name: 'Choose' }).click();
  await page.getByRole('button', { name: /^nothing\.jsonl/ }).click(patient);
  await evaluate();
  await page.getByRole('heading', { name: 'nothing.jsonl' }).waitFor(patient);
  expect(await figure('All masks', 0)).toBeCloseTo((100 * 6) / count, 1);
  await result()
    .getByText(/said by mistake in 100\.0 % of the 30 others/)
    .waitFor();
  await look('results');
});

test('what cannot be evaluated says why, and the console stays silent', async () => {
  await writeFile(
    join(home, 'plain.json'),
    '{"images":[{"id":1,"width":8,"height":6}],"annotations":[],"categories":[]}',
  );
  await page.getByText('This project', { exact: true }).click();
  await page.getByRole('button', { name: 'Choose' }).click();
  await page.getByRole('button', { name: /^plain\.json/ }).click(patient);
  await evaluate();
  await page.getByRole('alert').getByText('plain.json has no queries').waitFor(patient);
  expect(opened.complaints).toEqual([]);
});
