/**
 * @file Queries written by a model on the page: what it will cost, the job as it runs, candidates decided on by keys,
 * taken back, edited; a template edited into a new version; queries from a list. The server speaks real HTTP.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { serving } from '../dataset/generate-bench.ts';
import type { ChatServer } from '../endpoint/server.ts';
import { barriers } from './barriers.ts';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { folderHandle, type Server, saveChat, startServer, temporary } from './server.ts';
import { tellWhatWasShown } from './shown.ts';

let browser: Browser;
let server: Server;
let chat: ChatServer;
let remove: () => Promise<void>;
let images: { id: number; width: number; height: number }[];

/** Where screenshots go, for those who want to look; nowhere by default. */
const shots = process.env['NOVO_SHOTS'];
const shot = async (page: Page, name: string) => {
  if (!shots) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `generate-${name}.png`) });
};

tellWhatWasShown();

/** Other work may have the processor. */
const soon = { timeout: 20_000 };
const good = (n: number) => `Which of these would Ann${n} fill for Ben${n} when the kettle in room ${n} has boiled?`;

beforeAll(async () => {
  const temp = await temporary();
  remove = temp.remove;
  await putPhotos(join(temp.folder, 'photos'), 5);
  server = await startServer(temp.folder);
  await server.call('project.create', { photos: await folderHandle(server, 'photos') });
  await server.call('project.scan', {});
  images = (await server.call('images.list', {})).images;
  for (const { id, width, height } of images.slice(0, 4)) {
    for (const [name, x] of [
      ['cup', 0.1],
      ['cup', 0.4],
      ['dining table', 0.7],
    ] as const) {
      const data = new Uint8Array(width * height);
      for (let y = Math.round(height * 0.3); y < height * 0.6; y++) {
        data.fill(1, y * width + Math.round(x * width), y * width + Math.round((x + 0.2) * width));
      }
      const { categoryId } = await server.call('category.add', { name });
      const { instanceId } = await server.call('instance.add', {
        imageId: id,
        rle: encodeRle({ width, height, data }),
        source: 'import',
      });
      await server.call('instance.edit', { instanceId, edit: { categoryId } });
    }
  }
  let n = 0;
  chat = await serving(() => {
    n += 1;
    const queries = [
      { text: good(n), targets: [1, 2] },
      { text: 'Which cups stand to the left of the dining table in this photo?', targets: [1, 2] },
    ];
    return JSON.stringify({ queries });
  });
  await saveChat(server, chat.baseUrl);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await chat?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const read = (imageId: number) => server.call('candidates.read', { imageId });

test('from a model to draft queries with the keyboard; the cost is said before and while it runs', async () => {
  const { page, context, complaints } = await openPage(browser, server.address);
  await page.getByRole('main', { name: 'Photo' }).waitFor();
  await page.keyboard.press('Shift+Digit2');
  await page.getByRole('tab', { name: 'Ask a model' }).waitFor();
  const estimate = page.getByRole('status', { name: 'Estimate' });
  await estimate.getByText('12 questions on 4 images').waitFor();
  await estimate.getByText('1 image left out: no labelled object').waitFor();
  await estimate.getByText('no price given').waitFor();
  await page.getByLabel('Space, long').uncheck();
  await page.getByLabel('Context, long').uncheck();
  await page.getByLabel('Price of what is sent').fill('1');
  await page.getByLabel('Price of what is answered').fill('10');
  await estimate.getByText(/4 questions on 4 images, .* cost about/).waitFor();
  await shot(page, 'setup');
  expect(await barriers(page)).toEqual([]);

  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const list = page.getByRole('navigation', { name: 'Images with candidates' });
  await list.getByText('4 images; 8 wait, 0 kept, 0 dropped').waitFor({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Jobs' }).click();
  const panel = page.getByRole('tabpanel', { name: 'Jobs' });
  // 900 x 1 and 60 x 10 millionths each.
  await panel.getByText('8 candidates, 3,840 tokens, cost 0.006').waitFor();
  await page.getByRole('button', { name: 'Back to the photo' }).click();
  await page.getByRole('img', { name: /with 3 labelled objects/ }).waitFor();
  const side = page.getByRole('complementary', { name: 'Candidates' });
  const active = side.locator('[aria-current=true]');
  await expect.poll(() => active.count(), soon).toBe(1);
  await expect.poll(() => active.textContent(), soon).toContain('Which of these would');
  await side.getByText('"cups" is the class.').waitFor();
  await shot(page, 'candidates');
  expect(await barriers(page)).toEqual([]);

  // Kept; the next one is dropped; the next image comes by itself.
  await page.keyboard.press('KeyK');
  await expect.poll(() => active.textContent(), soon).toContain('Which cups stand');
  await page.keyboard.press('KeyI');
  await side.getByText('attribute, version 1').waitFor();
  await page.keyboard.press('KeyI');
  await page.keyboard.press('KeyX');
  await list.getByText('6 wait, 1 kept, 1 dropped').waitFor();
  const first = await read(images[0]!.id);
  expect(first.queries).toMatchObject([{ status: 'draft', source: 'model', form: 'long', reasoningType: 'attribute' }]);
  expect(first.candidates.map(({ state }) => state)).toEqual(['kept', 'dropped']);
  expect(first.candidates[0]!.queryId).toBe(first.queries[0]!.id);
  await expect.poll(() => list.locator('[aria-current=true]').textContent(), soon).toContain('photo 2');

  // Taken back although another image is open by now, and decided otherwise.
  await page.keyboard.press('KeyZ');
  await list.getByText('7 wait, 1 kept, 0 dropped').waitFor();
  await expect.poll(() => active.textContent(), soon).toContain('Which cups stand');
  await page.keyboard.press('KeyE');
  const text = side.getByLabel('Text of the candidate');
  await text.fill('Which things to drink from stand left of where people would eat?');
  await shot(page, 'edit');
  await side.getByRole('button', { name: 'Store and keep' }).click();
  await list.getByText('6 wait, 2 kept, 0 dropped').waitFor();
  const edited = (await read(images[0]!.id)).candidates[1]!;
  expect(edited).toMatchObject({ state: 'kept', flags: [], original: expect.stringContaining('Which cups stand') });

  // A query of one's own, beside the candidates.
  await page.keyboard.press('KeyQ');
  await side.getByLabel('Text of the query').fill('Where would one sit down?');
  await page.keyboard.press('Enter');
  await side
    .getByRole('region', { name: 'Other queries of this image' })
    .getByText('Where would one sit down?')
    .waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await list.getByText('5 wait, 3 kept, 0 dropped').waitFor();

  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, 'dark');
  expect(await barriers(page)).toEqual([]);
  await page.reload();
  await page.getByRole('main', { name: 'Photo' }).waitFor();
  await page.keyboard.press('Shift+Digit2');
  await list.getByText('5 wait, 3 kept, 0 dropped').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a template is edited into its second version, shown for the open image; a list becomes drafts', async () => {
  const { page, context, complaints } = await openPage(browser, server.address);
  await page.getByRole('main', { name: 'Photo' }).waitFor();
  await page.keyboard.press('Shift+Digit2');
  await page.getByRole('img', { name: /labelled objects/ }).waitFor();
  await page.keyboard.press('KeyG');
  await page.getByRole('tab', { name: 'Templates' }).click();
  const preview = page.getByRole('region', { name: 'What the open image would be asked' });
  await preview.getByText(/1 or more|one or more of the 2 objects of the class "cup"/).waitFor();
  await page.getByLabel('Prompt').fill('Ask about {class} in {wanted} ways; {nonsense}.');
  await preview.getByText('There is no placeholder {nonsense}.').waitFor();
  await page.getByLabel('Prompt').fill('Ask about each {class} in {wanted} ways.');
  await preview.getByText('Ask about each cup in 3 ways.').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot(page, 'template');
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await page.getByText('2 versions').waitFor();
  const { templates } = await server.call('templates.list', {});
  expect(templates[0]).toMatchObject({ name: 'attribute', version: 2, edited: true });

  await page.getByRole('tab', { name: 'Captions and lists' }).click();
  const line = (name: string, query: string) => `${name}\t${query}`;
  await page
    .getByLabel('List of queries')
    .fill([line('photo 2.jpg', 'What could be worn in the rain?'), line('nowhere.jpg', 'What?')].join('\n'));
  await page.getByRole('button', { name: 'Add the queries' }).click();
  await page.getByText('2 lines, 1 query added').waitFor();
  await page.getByText('1 left out: No image of the project has this name').waitFor();
  await shot(page, 'list');
  const { queries } = await read(images[1]!.id);
  expect(queries.map(({ text, source }) => [text, source])).toContainEqual([
    'What could be worn in the rain?',
    'import',
  ]);
  expect(complaints).toEqual([]);
  await context.close();
});
