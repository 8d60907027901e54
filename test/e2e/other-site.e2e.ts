/**
 * @file Another web site in the same browser, while the application is open and its cookie is set: on another port of
 * this machine, and under a name that is pointed at it (DNS rebinding). Nothing gets in, nothing gets out.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';

let browser: Browser;
let server: Server;
let other: HttpServer;
let otherUrl: string;
let remove: () => Promise<void>;
let context: BrowserContext;
let page: Page;
let imageId: number;

beforeAll(async () => {
  const temp = await temporary();
  remove = temp.remove;
  await putPhotos(join(temp.folder, 'photos'), 1);
  server = await startServer(temp.folder);
  await server.call('project.create', { photos: await folderHandle(server, 'photos') });
  await server.call('project.scan', {});
  imageId = (await server.call('images.list', {})).images[0]!.id;
  other = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Another site</title><iframe name="frame"></iframe>');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  browser = await launch(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
  const opened = await openPage(browser, server.address);
  context = opened.context;
  await opened.page.getByRole('application', { name: /^Photo / }).waitFor();
  expect((await context.cookies()).length).toBeGreaterThan(0);
  page = await context.newPage();
  await page.goto(otherUrl);
});

afterAll(async () => {
  await browser?.close();
  other?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const queries = async () => (await server.call('image.read', { imageId })).queries.length;

/** Status of the next answer that the application gives to `page`; null where the browser did not even ask. */
async function answerTo(act: () => Promise<unknown>): Promise<number | null> {
  const answers: Response[] = [];
  const keep = (response: Response) => response.url().startsWith(server.url) && answers.push(response);
  context.on('response', keep);
  await act();
  context.off('response', keep);
  return answers.at(-1)?.status() ?? null;
}

test('fetch of another site: refused, and its answer cannot be read', async () => {
  const body = JSON.stringify({ imageId, text: 'from another site' });
  const tried = await page.evaluate(
    async ([url, text]) => {
      const attempt = (init: RequestInit) =>
        fetch(`${url}rpc/query.add`, { method: 'POST', body: text!, credentials: 'include', ...init }).then(
          ({ type, status }) => `${type} ${status}`,
          () => 'failed',
        );
      return {
        simple: await attempt({ mode: 'no-cors' }),
        json: await attempt({ headers: { 'content-type': 'application/json' } }),
        bearer: await attempt({ headers: { 'content-type': 'application/json', authorization: 'Bearer guessed' } }),
        page: await fetch(url!, { credentials: 'include' }).then(
          ({ type }) => type,
          () => 'failed',
        ),
      };
    },
    [server.url, body],
  );
  expect(tried).toEqual({ simple: 'failed', json: 'failed', bearer: 'failed', page: 'failed' });
  expect(await queries()).toBe(0);
});

test('a form of another site is refused', async () => {
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const status = await answerTo(() =>
      page.evaluate(
        ([url, type, id]) =>
          new Promise<void>((resolve) => {
            const form = document.createElement('form');
            Object.assign(form, { action: `${url}rpc/query.add`, method: 'POST', enctype: type, target: 'frame' });
            const field = document.createElement('input');
            Object.assign(field, { name: `{"imageId":${id},"text":"`, value: '"}' });
            form.append(field);
            document.body.append(form);
            document.querySelector('iframe')!.addEventListener('load', () => resolve(), { once: true });
            form.submit();
          }),
        [server.url, enctype, String(imageId)],
      ),
    );
    expect(status, enctype).toBe(403);
  }
  expect(await queries()).toBe(0);
});

test('pictures, exports, events and the page itself are not for another site', async () => {
  const told = (make: string, path: string) =>
    page.evaluate(
      async ([kind, url]) => {
        const heard = Promise.withResolvers<string>();
        const on = (target: EventTarget, good: string) => {
          target.addEventListener(good, () => heard.resolve('came'));
          target.addEventListener('error', () => heard.resolve('refused'));
        };
        if (kind === 'events') on(new EventSource(url!, { withCredentials: true }), 'open');
        else {
          const element = document.createElement(kind!) as HTMLImageElement;
          on(element, 'load');
          element.src = url!;
          document.body.append(element);
        }
        return heard.promise;
      },
      [make, `${server.url}${path}`],
    );
  expect(await told('img', `media/${imageId}`)).toBe('refused');
  expect(await told('img', `media/${imageId}?max=1024`)).toBe('refused');
  expect(await told('events', 'events?client=other')).toBe('refused');
  expect(await told('script', 'exports/project.json')).toBe('refused');

  // The page in a frame of another site: a person could be made to click in it without seeing it.
  await page.evaluate((url) => {
    document.querySelector('iframe')!.src = url;
  }, server.url);
  await page.waitForTimeout(500);
  const frame = page.frames().find((each) => each.name() === 'frame')!;
  expect(await frame.locator('#root, main, header').count()).toBe(0);
});

test('a name that is pointed at this machine is not served', async () => {
  const port = new URL(server.url).port;
  const rebound = await context.newPage();
  const answer = await rebound.goto(`http://evil.example:${port}/`);
  expect(answer?.status()).toBe(403);
  const called = await rebound.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch('/rpc/project.state', { method: 'POST', headers, body: '{}' });
    return status;
  });
  expect(called).toBe(403);
  await rebound.close();
});

test('a page without the token, or with an old one, gets nothing and says what to do', async () => {
  const stranger = await browser.newContext();
  const lost = await stranger.newPage();
  for (const address of [server.url, `${server.url}#token=${'x'.repeat(43)}`]) {
    await lost.goto('about:blank');
    await lost.goto(address);
    await lost.getByText('The application does not let this page in').first().waitFor();
    await lost
      .getByText(/Open the address that it print/)
      .first()
      .waitFor();
    expect(await lost.getByRole('option').count()).toBe(0);
  }
  expect((await lost.goto(`${server.url}media/${imageId}`))?.status()).toBe(401);
  await stranger.close();
});
