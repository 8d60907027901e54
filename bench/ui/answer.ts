/**
 * @file A query from Enter to pixels, beyond the model's own time. A chat server on this machine answers as a
 * vision-language model would, after a while; `timing.total_ms` is what the method says that it took, from the query
 * to the masks. What is left is the page, the host, the store and the way there and back.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Output } from '../../src-main/contract/api.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { putPhotos } from '../../test/e2e/photos.ts';
import { folderHandle, saveChat, startServer, temporary } from '../../test/e2e/server.ts';
import { completion, json, startServer as startChat } from '../../test/endpoint/server.ts';
import { fetchedAhead } from './ahead.ts';
import { ms, msOfAim } from './figures.ts';
import { installWatch } from './watch.ts';

const aim = 50;
const photos = 21;
const thinkingMs = 300;
const boxes = JSON.stringify([
  { bbox_2d: [50, 200, 480, 900], label: 'left' },
  { bbox_2d: [520, 150, 960, 880], label: 'right' },
]);

type Asked = { readonly whole: number; readonly beyond: number; readonly before: number; readonly after: number };

async function ask(page: Page, text: string): Promise<Asked> {
  await page.keyboard.press('KeyQ');
  await page.keyboard.type(text);
  await page.evaluate(() => {
    performance.clearResourceTimings();
    window.watch.change('Enter');
  });
  const answered = page.waitForResponse((response) => response.url().endsWith('/rpc/query.ask'));
  await page.keyboard.press('Enter');
  const result = (await (await answered).json()) as Result<Output<'query.ask'>>;
  const { timing } = unwrap(result);
  const { pressed, painted } = await page.evaluate(() => window.watch.seen());
  const { startTime, responseEnd } = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/rpc/query.ask'));
    const { startTime: start, responseEnd: end } = entry as PerformanceResourceTiming;
    return { startTime: start, responseEnd: end };
  });
  const whole = painted - pressed;
  return {
    whole,
    beyond: whole - timing.total_ms,
    before: startTime - pressed,
    after: painted - responseEnd,
  };
}

export async function benchAnswer(browser: Browser): Promise<void> {
  const { folder: home, remove } = await temporary();
  await putPhotos(join(home, 'photos'), photos);
  const reply = json(completion({ content: boxes })) as Exclude<ReturnType<typeof json>, string>;
  const chat = await startChat([(response, request) => void setTimeout(() => reply(response, request), thinkingMs)]);
  const server = await startServer(home);
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  try {
    await server.call('project.create', { photos: await folderHandle(server, 'photos') });
    await server.call('project.scan', {});
    await saveChat(server, chat.baseUrl);
    const page = await context.newPage();
    await page.addInitScript(installWatch);
    const asked: Asked[] = [];
    let ahead = fetchedAhead(page);
    await page.goto(server.address);
    for (let k = 0; k < photos; k++) {
      // Typing takes a person longer than fetching ahead takes the engine.
      await ahead;
      await page.waitForTimeout(300);
      asked.push(await ask(page, `what stands out ${k}?`));
      ahead = k < photos - 1 ? fetchedAhead(page) : ahead;
      await page.keyboard.press('KeyD');
    }
    // The first one opens the models.
    const figures = asked.slice(1);
    console.log(`answer, Enter to pixels: ${ms(figures.map(({ whole }) => whole))}`);
    console.log(
      `  beyond the model's time: ${msOfAim(
        figures.map(({ beyond }) => beyond),
        aim,
      )}`,
    );
    console.log(`  of that before the model is asked: ${ms(figures.map(({ before }) => before))}`);
    console.log(`  of that after the answer has come: ${ms(figures.map(({ after }) => after))}`);
  } finally {
    await context.close();
    await server.kill('SIGTERM');
    await chat.close();
    await remove();
  }
}
