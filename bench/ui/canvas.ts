/**
 * @file The canvas alone, on 12 megapixels with 500 masks: time of a brush frame, frames a second while panning and
 * zooming, time to a fresh committed layer, time to read the masks, memory over many images.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ms } from './figures.ts';
import type { Bench } from './page.ts';
import { masks, photo } from './scene.ts';
import { servePage } from './server.ts';

declare global {
  interface Window {
    bench: Bench;
  }
}

const [width, height, count] = [4000, 3000, 500];
const screen = { width: 1400, height: 900 };

async function open(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage({ viewport: screen });
  page.on('pageerror', (error) => console.error('page:', error));
  page.on('console', (message) => message.type() === 'error' && console.error('page:', message.text()));
  await page.goto(address);
  await page.waitForFunction(() => 'bench' in window);
  return page;
}

/** Strokes with the real pointer: events come through the browser's input queue. */
async function stroke(page: Page, diameter: number): Promise<void> {
  await page.evaluate((size) => {
    window.bench.frames();
    window.bench.view.setTool('brush');
    window.bench.view.setBrush(size);
  }, diameter);
  for (let k = 0; k < 3; k++) {
    const y = 250 + 130 * k;
    await page.mouse.move(300, y);
    await page.mouse.down();
    for (let i = 1; i <= 60; i++) await page.mouse.move(300 + 12 * i, y + 60 * Math.sin(i / 6));
    await page.mouse.up();
  }
  const times = await page.evaluate(() => window.bench.frames());
  console.log(`brush ${diameter} px: frame work ${ms(times.map(({ work }) => work))}`);
  console.log(`            since the event ${ms(times.map(({ latency }) => latency))}`);
}

async function freshTimes(page: Page): Promise<number[]> {
  return [...(await page.evaluate(() => window.bench.view.stats().fresh))];
}

const shots = process.env['BENCH_SHOTS'];
const shoot = async (page: Page, name: string) => {
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
};

async function run(page: Page): Promise<void> {
  console.log(`${screen.width} x ${screen.height} screen, ${width} x ${height} photo, ${count} masks`);

  const opened = await page.evaluate(
    async ([w, h]) => {
      const list = await window.bench.masks();
      const start = performance.now();
      await window.bench.view.setImage(window.bench.source('photo', w!, h!));
      const first = performance.now() - start;
      const masksStart = performance.now();
      window.bench.view.setMasks(list);
      const call = performance.now() - masksStart;
      while (window.bench.view.stats().fresh.length === 0) await new Promise((done) => setTimeout(done, 5));
      return { first, call, masks: performance.now() - masksStart };
    },
    [width, height],
  );
  console.log(`first level on the screen ${opened.first.toFixed(0)} ms`);
  console.log(
    `${count} new masks read, traced and drawn ${opened.masks.toFixed(0)} ms (main thread ${opened.call.toFixed(1)} ms)`,
  );
  await page.waitForTimeout(500);
  await shoot(page, 'fit');

  await stroke(page, 20);
  await stroke(page, 120);
  await shoot(page, 'brushed');
  await page.evaluate(() => window.bench.view.zoomBy(8));
  await page.waitForTimeout(800);
  await stroke(page, 20);
  await shoot(page, 'brushed-close');

  for (const zoom of [0.3, 1, 4]) {
    const pan = await page.evaluate(async (z) => {
      window.bench.view.setView({ zoom: z, x: 2000, y: 1500 });
      await new Promise((done) => setTimeout(done, 800));
      return window.bench.animate(2000, (k) => window.bench.view.panBy(14 * Math.cos(k / 20), 10 * Math.sin(k / 20)));
    }, zoom);
    console.log(
      `pan at ${zoom * 100} %: ${pan.rate.toFixed(0)} frames a second, longest gap ${pan.longest.toFixed(0)} ms`,
    );
  }
  const zoomed = await page.evaluate(async () => {
    window.bench.view.fit();
    await new Promise((done) => setTimeout(done, 500));
    return window.bench.animate(3000, (k) =>
      window.bench.view.zoomBy(k % 80 < 40 ? 1.06 : 1 / 1.06, { x: 500, y: 400 }),
    );
  });
  console.log(`zoom: ${zoomed.rate.toFixed(0)} frames a second, longest gap ${zoomed.longest.toFixed(0)} ms`);

  // One step at a time: how long until the masks are drawn for the new view.
  const before = (await freshTimes(page)).length;
  for (let k = 0; k < 20; k++) {
    await page.evaluate((step) => window.bench.view.setView({ zoom: 0.25 * 1.15 ** step, x: 2000, y: 1500 }), k);
    await page.waitForTimeout(400);
  }
  console.log(`fresh committed layer after a zoom: ${ms((await freshTimes(page)).slice(before))}`);
  const edits = (await freshTimes(page)).length;
  for (let k = 0; k < 10; k++) {
    await page.evaluate(async (step) => {
      const list = await window.bench.masks();
      window.bench.view.fit();
      window.bench.view.setMasks(list.filter((_, index) => index !== step));
    }, k);
    await page.waitForTimeout(400);
  }
  console.log(`fresh committed layer after a commit: ${ms((await freshTimes(page)).slice(edits))}`);
  const stats = await page.evaluate(() => window.bench.view.stats());
  console.log(`drawing calls: base ${ms(stats.base)}; top ${ms(stats.top)}`);
}

/** Memory of all of the browser's processes, MiB; null where /proc does not tell. */
async function memory(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  try {
    const texts = await Promise.all(processInfo.map(({ id }) => readFile(`/proc/${id}/status`, 'utf8')));
    return texts.reduce((sum, text) => sum + Number(/RssAnon:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024, 0);
  } catch {
    return null;
  }
}

/** Many images, each with masks, a stroke and a look at full size, as in a day's work. */
async function soak(browser: Browser, page: Page): Promise<void> {
  const sizes: string[] = [];
  for (let k = 0; k <= 100; k++) {
    await page.evaluate(
      async ([index, w, h]) => {
        const { view } = window.bench;
        await view.setImage(window.bench.source(`photo${index! % 4}`, w!, h!));
        view.setMasks((await window.bench.masks()).map((mask) => ({ ...mask, id: `${index}-${mask.id}` })));
        view.setTool('brush');
        view.setView({ zoom: 1, x: 2000, y: 1500 });
        await new Promise((done) => setTimeout(done, 150));
      },
      [k, width, height],
    );
    await page.mouse.move(300, 300);
    await page.mouse.down();
    await page.mouse.move(700, 500, { steps: 4 });
    await page.mouse.up();
    if (k % 20 === 0) sizes.push((await memory(browser))?.toFixed(0) ?? '?');
  }
  console.log(`memory of the browser after every 20 images: ${sizes.join(', ')} MiB`);
  await page.evaluate(() => window.bench.view.destroy());
  await page.waitForTimeout(1000);
  const rest = await memory(browser);
  console.log(`after destroy: ${rest?.toFixed(0) ?? '?'} MiB, workers left: ${page.workers().length}`);
}

export async function benchCanvas(browser: Browser): Promise<void> {
  const picture = await photo(width, height);
  const pictures = new Map(['photo', 'photo0', 'photo1', 'photo2', 'photo3'].map((id) => [id, picture]));
  const server = await servePage(pictures, { '/masks': masks(count, width, height) });
  try {
    const page = await open(browser, server.address);
    await run(page);
    await soak(browser, page);
    await page.close();
  } finally {
    server.close();
  }
}
