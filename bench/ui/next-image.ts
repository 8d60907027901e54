/** @file Key D to the next photo on the canvas, once it was fetched ahead: photos of 12 megapixels, and of 640 x 480. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { folderHandle, startServer, temporary } from '../../test/e2e/server.ts';
import { fetchedAhead } from './ahead.ts';
import { msOfAim } from './figures.ts';
import { photo } from './scene.ts';
import { installWatch, type Rgb } from './watch.ts';

const aim = 200;
const photos = 11;
const rounds = 2;
const sizes = [
  ['large', 4000, 3000],
  ['small', 640, 480],
] as const;

/** Of the patch in the middle of photo `k`: neighbours are far apart. */
const colourOf = (k: number): Rgb => [(k * 97) % 256, (k * 151 + 60) % 256, (k * 53 + 120) % 256];

async function putPatched(folder: string, width: number, height: number): Promise<void> {
  await mkdir(folder);
  const base = await photo(width, height);
  const side = Math.round(height / 4);
  for (let k = 1; k <= photos; k++) {
    const [r, g, b] = colourOf(k);
    const patch = { create: { width: side, height: side, channels: 3 as const, background: { r, g, b } } };
    await sharp(base)
      .composite([{ input: await sharp(patch).png().toBuffer() }])
      .jpeg({ quality: 90 })
      .toFile(join(folder, `photo ${k}.jpg`));
  }
}

async function steps(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let ahead = fetchedAhead(page);
    await page.getByRole('option').filter({ hasText: 'photo 1.jpg' }).click();
    for (let k = 2; k <= photos; k++) {
      await ahead;
      await page.waitForTimeout(300);
      ahead = k < photos ? fetchedAhead(page) : ahead;
      await page.evaluate((colour) => window.watch.colour('KeyD', colour), colourOf(k));
      await page.keyboard.press('KeyD');
      const { pressed, painted } = await page.evaluate(() => window.watch.seen());
      times.push(painted - pressed);
    }
  }
  return times;
}

export async function benchNext(browser: Browser): Promise<void> {
  for (const [name, width, height] of sizes) {
    const { folder: home, remove } = await temporary();
    await putPatched(join(home, name), width, height);
    const server = await startServer(home);
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    try {
      await server.call('project.create', { photos: await folderHandle(server, name) });
      await server.call('project.scan', {});
      const page = await context.newPage();
      await page.addInitScript(installWatch);
      const ahead = fetchedAhead(page);
      await page.goto(server.address);
      await ahead;
      // Away from the first photo, so that a round begins with opening it.
      const back = fetchedAhead(page);
      await page.getByRole('option').filter({ hasText: 'photo 5.jpg' }).click();
      await back;
      console.log(`next image, ${width} x ${height}, fetched ahead: ${msOfAim(await steps(page), aim)}`);
    } finally {
      await context.close();
      await server.kill('SIGTERM');
      await remove();
    }
  }
}
