/** @file A project of 50,000 images: from navigation to the first rows, and what scrolling the list looks like. */
import type { Browser, Page } from 'playwright-core';
import { makeMany } from '../../test/e2e/many.ts';
import { folderHandle, startServer, temporary } from '../../test/e2e/server.ts';
import { ms, msOfAim } from './figures.ts';

const count = 50_000;
const loads = 7;
const firstRows = 1000;

declare global {
  interface Window {
    /** `performance.now()`, so since the navigation began, of the painted frame that first had rows with names in it. */
    firstRows: Promise<number>;
  }
}

/** In the page before its scripts; stands alone. */
function watchRows(): void {
  const { promise, resolve } = Promise.withResolvers<number>();
  window.firstRows = promise;
  const look = () => {
    const name = document.querySelector('.image-row .image-name')?.textContent ?? '';
    if (!name.startsWith('photo')) return void requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    channel.port2.postMessage(null);
  };
  requestAnimationFrame(look);
}

type Scrolled = { readonly gaps: readonly number[]; readonly blanks: readonly number[] };

/**
 * Scrolls by `step` pixels a frame for `milliseconds`. Of every frame: the time since the one before. `blanks`: for how
 * long in one go some row in sight had no name.
 */
const scroll = (page: Page, step: number, milliseconds: number): Promise<Scrolled> =>
  page.evaluate(
    ([by, time]) =>
      new Promise<Scrolled>((resolve) => {
        const list = document.querySelector('.images-list')!;
        const gaps: number[] = [];
        const blanks: number[] = [];
        let blankSince: number | null = null;
        const start = performance.now();
        let before = start;
        const isBlank = () => {
          const { top, bottom } = list.getBoundingClientRect();
          let covered = 0;
          for (const row of list.querySelectorAll('.image-row')) {
            const box = row.getBoundingClientRect();
            if (box.bottom <= top || box.top >= bottom) continue;
            if (row.querySelector('.image-name')?.textContent === 'Loading') return true;
            covered += Math.min(box.bottom, bottom) - Math.max(box.top, top);
          }
          return covered < bottom - top - 4;
        };
        const frame = () => {
          const now = performance.now();
          gaps.push(now - before);
          before = now;
          // What the frame before has left on the screen.
          if (isBlank()) blankSince ??= now;
          else if (blankSince !== null) {
            blanks.push(now - blankSince);
            blankSince = null;
          }
          const over = now - start >= time!;
          if (over && blankSince === null) return resolve({ gaps: gaps.slice(1), blanks });
          if (!over) list.scrollTop += by!;
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    [step, milliseconds],
  );

/** From a jump of the scroll bar to a list without blank rows. */
const jump = (page: Page, part: number): Promise<number> =>
  page.evaluate(
    (where) =>
      new Promise<number>((resolve) => {
        const list = document.querySelector('.images-list')!;
        const start = performance.now();
        list.scrollTop = where * list.scrollHeight;
        const wanted = Math.round(where * 50_000);
        const look = () => {
          const names = [...list.querySelectorAll('.image-row .image-name')].map((each) => each.textContent ?? '');
          const numbers = names.map((text) => Number(/photo (\d+)/.exec(text)?.[1] ?? Number.NaN));
          if (numbers.some(Number.isNaN) || !numbers.some((number) => Math.abs(number - wanted) < 40))
            return void requestAnimationFrame(look);
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - start);
          channel.port2.postMessage(null);
        };
        requestAnimationFrame(look);
      }),
    part,
  );

function print(what: string, { gaps, blanks }: Scrolled): void {
  const rate = (gaps.length * 1000) / gaps.reduce((sum, gap) => sum + gap, 0);
  console.log(
    `scrolling ${what}: ${rate.toFixed(0)} frames a second, longest gap ${Math.max(...gaps).toFixed(0)} ms; rows blank for at most ${Math.max(0, ...blanks).toFixed(0)} ms (${blanks.length} times)`,
  );
}

export async function benchMany(browser: Browser): Promise<void> {
  const { folder: home, remove } = await temporary();
  await makeMany(home, count);
  const server = await startServer(home);
  try {
    const opening = performance.now();
    await server.call('project.open', { folder: await folderHandle(server, 'project') });
    console.log(`${count} images: project opened in ${(performance.now() - opening).toFixed(0)} ms`);
    await server.call('project.scan', {});
    console.log(`its folder read again in ${(performance.now() - opening).toFixed(0)} ms`);
    const times: number[] = [];
    for (let k = 0; k < loads; k++) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      const page = await context.newPage();
      await page.addInitScript(watchRows);
      await page.goto(server.address);
      times.push(await page.evaluate(() => window.firstRows));
      if (k === loads - 1) {
        await page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
        await page.waitForTimeout(3000);
        print('by the wheel, 160 rows a second at 60 frames', await scroll(page, 120, 5000));
        print('fast, 1,300 rows a second at 60 frames', await scroll(page, 1000, 5000));
        const jumps: number[] = [];
        for (let j = 1; j <= 20; j++) jumps.push(await jump(page, ((j * 37) % 100) / 100 + 0.004));
        console.log(`jump of the scroll bar to rows with names: ${ms(jumps)}`);
      }
      await context.close();
    }
    console.log(`navigation to first rows painted, empty cache: ${msOfAim(times, firstRows)}`);
  } finally {
    await server.kill('SIGTERM');
    await remove();
  }
}
