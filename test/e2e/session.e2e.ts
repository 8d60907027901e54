/**
 * @file A day of an annotator in a minute, in a real browser on the real engine: from a folder of photos to a COCO file
 * that other tools read, with a reload, a second page, and a crash of the engine on the way.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChatServer, startServer as startChat } from '../endpoint/server.ts';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { type Server, saveChat, startServer, temporary } from './server.ts';

let browser: Browser;
let chat: ChatServer;
let server: Server;
let home: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder: home, remove } = await temporary());
  await putPhotos(join(home, 'photos'), 6);
  // What a vision-language model would answer: boxes in thousandths of the sides.
  const boxes = [
    { bbox_2d: [50, 200, 480, 900], label: 'left' },
    { bbox_2d: [520, 150, 960, 880], label: 'right' },
  ];
  chat = await startChat([JSON.stringify(boxes)]);
  server = await startServer(home);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await chat?.close();
  await remove?.();
});

const proposals = (page: Page) => page.getByRole('region', { name: /^Proposals/ }).getByRole('listitem');
const instances = (page: Page) =>
  page.getByRole('region', { name: /^Masks of this query|^Accepted/ }).getByRole('listitem');
const photo = (page: Page) => page.getByRole('application', { name: /^Photo / });
/** The photo is on the canvas, not only in the list. */
const shows = (page: Page, name: string) => page.getByRole('application', { name: `Photo ${name}` }).waitFor();
const ready = (page: Page) => page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
const stored = (page: Page) => page.getByText('All stored').waitFor();

async function ask(page: Page, text: string) {
  await page.keyboard.press('KeyQ');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('from a folder of photos to a COCO file', async () => {
  const { page, complaints } = await openPage(browser, server.address);

  // A project from a folder, chosen in the page.
  await page.getByRole('button', { name: 'New from a folder of photos' }).click();
  await page.getByRole('button', { name: /^photos/ }).click();
  await page.getByText(/6 photos/).waitFor();
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await page.getByRole('button', { name: 'Create and open' }).click();
  await ready(page);
  expect(await page.getByRole('navigation', { name: 'Images' }).getByText('.jpg').count()).toBe(6);

  // Without a model the page says so; what is typed is stored all the same.
  await page.getByText('No model can answer queries yet').waitFor();
  await saveChat(server, chat.baseUrl);
  await page.reload();
  await ready(page);

  // A query: proposals come as numbered chips; Enter accepts one, Shift+Enter the others and goes on.
  await ask(page, 'what stands out?');
  await proposals(page).nth(1).waitFor({ timeout: 60_000 });
  expect(await proposals(page).count()).toBe(2);
  expect(chat.problems).toEqual([]);
  await page.keyboard.press('Enter');
  await expect.poll(() => proposals(page).count()).toBe(1);
  expect(await instances(page).count()).toBe(1);
  // Undo brings the proposal back, redo the mask.
  await page.keyboard.press('Control+KeyZ');
  await expect.poll(() => proposals(page).count()).toBe(2);
  expect(await instances(page).count()).toBe(0);
  await page.keyboard.press('Control+Shift+KeyZ');
  await expect.poll(() => instances(page).count()).toBe(1);
  await page.keyboard.press('Shift+Enter');
  await shows(page, 'photo 2.jpg');
  await ready(page);

  // "Nothing matches" is an answer.
  await ask(page, 'is there a dragon?');
  await proposals(page).nth(1).waitFor({ timeout: 60_000 });
  await page.keyboard.press('KeyN');
  await expect.poll(async () => (await server.call('project.stats', {})).queries.noTarget).toBe(1);

  // By hand, with clicks: a query that is only stored, a click, Enter; then a stroke of the eraser, which is stored too.
  await page.getByRole('navigation', { name: 'Images' }).getByText('photo 4.jpg').click();
  await shows(page, 'photo 4.jpg');
  await ready(page);
  const { width, height, x, y } = (await photo(page).boundingBox())!;
  await page.mouse.click(x + width / 2, y + height / 2);
  await page.getByText(/Enter/).first().waitFor();
  await page.waitForTimeout(500);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await server.call('project.stats', {})).instances, { timeout: 20_000 }).toBe(3);
  const before = await only(page);
  await page.keyboard.press('Digit1');
  await page.keyboard.press('KeyE');
  await page.mouse.move(x + width / 2 - 60, y + height / 2 - 40);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 60, y + height / 2 + 40, { steps: 8 });
  await page.mouse.up();
  await expect.poll(async () => (await only(page)).area).not.toBe(before.area);
  await page.keyboard.press('Control+KeyZ');
  await expect.poll(async () => (await only(page)).rle).toEqual(before.rle);
  await page.keyboard.press('Control+KeyY');
  await expect.poll(async () => (await only(page)).area).not.toBe(before.area);
  await stored(page);

  // A reload in the middle: the same image, the same masks.
  const after = await only(page);
  await page.reload();
  await ready(page);
  expect((await only(page)).rle).toEqual(after.rle);

  // Another person's page sees the same project, and what is done here a moment later.
  const other = await openPage(browser, server.address);
  await other.page.getByRole('navigation', { name: 'Images' }).getByText('photo 4.jpg').click();
  await other.page.getByText('1 mask').first().waitFor();

  // The engine dies: the page says so at most, and the next click is answered by a new one.
  const { pid } = await server.call('engine.status', {});
  process.kill(pid, 'SIGKILL');
  await page.keyboard.press('KeyP');
  await page.keyboard.press('Escape');
  await page.mouse.click(x + width / 4, y + height / 4);
  await page.waitForTimeout(200);
  await expect.poll(async () => (await server.call('engine.status', {})).pid, { timeout: 30_000 }).not.toBe(pid);
  await page.waitForTimeout(4000);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await server.call('project.stats', {})).instances, { timeout: 30_000 }).toBe(4);
  await other.page.getByText('2 masks').first().waitFor();
  await other.context.close();

  // Export from the screen.
  await page.keyboard.press('Control+KeyE');
  await page.getByRole('button', { name: 'Export', exact: true }).last().click();
  await page.getByText('Written, read back and compared').waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ]);
  const file = (await download.path())!;
  const coco = JSON.parse(await readFile(file, 'utf8'));
  expect(coco.images).toHaveLength(6);
  expect(coco.images.map((image: { file_name: string }) => image.file_name)).toContain('사진 3 #100% "ok".jpg');
  expect(coco.annotations).toHaveLength(4);
  expect(coco.queries).toMatchObject([{ text: 'what stands out?' }, { text: 'is there a dragon?', no_target: true }]);
  expect((await server.call('project.check', { thorough: true })).findings).toEqual([]);
  scoreWithItself(file, 4);
  expect(complaints).toEqual([]);
});

/** The mask that was made last on the image that was worked on last. */
async function only(_: Page) {
  const { images } = await server.call('images.list', { filter: { text: 'photo 4' } });
  const { instances: all } = await server.call('image.read', { imageId: images[0]!.id });
  return all[0]!;
}

/** pycocotools loads the file and finds it equal to itself. Where there is no pycocotools, the test says so. */
function scoreWithItself(file: string, annotations: number): void {
  const python = process.env['NOVO_PYTHON'] || 'python3';
  if (spawnSync(python, ['-c', 'import pycocotools.cocoeval']).status !== 0) {
    console.warn(`not shown: ${python} has no pycocotools (NOVO_PYTHON names another Python)`);
    return;
  }
  const run = spawnSync(python, [join(import.meta.dirname, 'coco_self.py'), file], { encoding: 'utf8' });
  expect(run.stderr).not.toContain('Traceback');
  expect(JSON.parse(run.stdout)).toEqual({ ap: 1, annotations, images: 6 });
}
