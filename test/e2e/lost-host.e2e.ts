/** @file The host ends, or its disk is full, while a page is open: what is not stored stays on the page, and is said. */
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProject } from '../../src-main/store/project.ts';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';

const patient = { timeout: 20_000 };

let browser: Browser;
let server: Server;
let home: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder: home, remove } = await temporary());
  await putPhotos(join(home, 'photos'), 2);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const unstored = (page: Page) => page.getByRole('button', { name: /change.? not stored/ });
const ready = (page: Page) => page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
const noTarget = async () => (await server.call('project.stats', {})).queries.noTarget;

/** The open project gets a query, and a page shows it. */
async function openWithQuery(text: string): Promise<Page> {
  await server.call('project.scan', {});
  const { images } = await server.call('images.list', {});
  await server.call('query.add', { imageId: images[0]!.id, text });
  const { page } = await openPage(browser, server.address);
  await page.getByRole('button', { name: text }).waitFor();
  await ready(page);
  return page;
}

test('the host is killed and started again: what was not stored stays in sight until the person goes on', async () => {
  server = await startServer(home);
  await server.call('project.create', { photos: await folderHandle(server, 'photos') });
  const page = await openWithQuery('is there a dragon?');
  const port = Number(new URL(server.url).port);
  await server.kill();
  await page.getByText('The application does not answer').first().waitFor(patient);
  await page.getByText('What is not stored yet is kept in this page').waitFor();
  await page.keyboard.press('KeyN');
  await unstored(page).waitFor(patient);

  // It is there again, with another token: the page says so, and what to do.
  server = await startServer(home, { port });
  await page.getByText('The application does not let this page in').first().waitFor(patient);
  await page
    .getByText(/Open the address that it prints/)
    .first()
    .waitFor();
  await unstored(page).waitFor();
  await page.getByRole('button', { name: 'is there a dragon?' }).waitFor();

  // The new address in the same tab.
  await page.goto(server.address);
  await page.getByRole('button', { name: /^Go on with/ }).click(patient);
  await page.getByRole('button', { name: 'is there a dragon?' }).waitFor(patient);
  expect(await noTarget()).toBe(0);
  await ready(page);
  await page.keyboard.press('KeyN');
  await expect.poll(noTarget, patient).toBe(1);
  await page.getByText('All stored').waitFor();
  await server.kill('SIGTERM');
});

const disk = { folder: '', mounted: false };
const mount = (...args: readonly string[]) => spawnSync('mount', args).status === 0;

test('the disk is full: said, kept in sight, and stored once there is room', async ({ skip, onTestFinished }) => {
  disk.folder = join(home, 'disk');
  await mkdir(disk.folder);
  if (process.platform !== 'linux' || !mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk.folder))
    return skip('not shown: this user may not mount a small disk');
  onTestFinished(() => void spawnSync('umount', ['-l', disk.folder]));
  const project = await createProject(join(disk.folder, 'project'), { images: [join(home, 'photos')] });
  await project.close();
  server = await startServer(home);
  const { folders } = await server.call('folders.list', { handle: await folderHandle(server, 'disk') });
  await server.call('project.open', { folder: folders[0]!.handle });
  const page = await openWithQuery('is there a unicorn?');

  await fill(join(disk.folder, 'filler'));
  await page.keyboard.press('KeyN');
  await unstored(page).waitFor(patient);
  await unstored(page).click();
  await page
    .getByText(/disk of .* is full/)
    .first()
    .waitFor();
  expect(await noTarget()).toBe(0);

  await rm(join(disk.folder, 'filler'));
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(noTarget, patient).toBe(1);
  await page.getByText('All stored').waitFor();
});

/** Until not a byte more fits. */
async function fill(file: string): Promise<void> {
  for (const size of [2 ** 20, 2 ** 16, 2 ** 12, 1]) {
    for (;;) {
      try {
        await writeFile(file, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}
