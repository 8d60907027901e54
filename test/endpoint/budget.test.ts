/**
 * @file The limits of one query: seconds, waits, bytes, and the caller's cancel.
 */
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { reasonWithEndpoint } from '../../src-main/engine/endpoint/reason.ts';
import { apiError, failing, failure, oneServer } from './failing.ts';
import type { Reply } from './server.ts';

const { start, stop } = oneServer();
afterEach(stop);

test('a server that hangs ends with the budget, and one that trickles too', async () => {
  const { error, milliseconds } = await failing(await start(() => {}), { maxSeconds: 0.3 });
  expect(error).toMatchObject({ code: 'endpoint', hint: expect.stringMatching(/maxSeconds/) });
  expect(error.message).toMatch(/No answer within 0\.3 s/);
  expect(milliseconds).toBeLessThan(5000);

  const trickle: Reply = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };
  const slow = await failing(await start(trickle), { maxSeconds: 0.3 });
  expect(slow.error.message).toMatch(/No answer within/);
  expect(slow.milliseconds).toBeLessThan(5000);
});

test('a wait longer than the budget is not begun', async () => {
  const { error, milliseconds } = await failing(await start(apiError('slow down', 429, { 'retry-after': '30' })), {
    maxSeconds: 5,
  });
  expect(error).toMatchObject({
    code: 'endpoint',
    hint: expect.stringMatching(/wait 30\.0 s, more than is left of the 5 s/),
  });
  expect(error.message).toMatch(/429: "slow down"/);
  expect(milliseconds).toBeLessThan(4000);
});

test('an answer without an end is not read into memory', async () => {
  const flood: Reply = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const chunk = Buffer.alloc(1 << 20, ' ');
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  };
  const { error } = await failing(await start(flood), { maxSeconds: 20 });
  expect(error).toMatchObject({ code: 'endpoint', message: expect.stringMatching(/more than 8 MiB/) });
});

test('cancelling ends the request at once: before, during the request, in a wait, while encoding', async () => {
  const idle = await start('[]');
  expect((await failing(idle, {}, { signal: AbortSignal.abort() })).error.code).toBe('cancelled');
  expect(idle.seen).toHaveLength(0);

  for (const reply of [(() => {}) as Reply, apiError('busy', 503, { 'retry-after': '20' })]) {
    const controller = new AbortController();
    const server = await start(reply);
    const running = failing(server, {}, { signal: controller.signal });
    await expect.poll(() => server.seen.length).toBe(1);
    // Long enough for the answer of the busy server to arrive, so that the query waits to ask again.
    await setTimeout(100);
    const at = performance.now();
    controller.abort();
    const { error } = await running;
    expect(error.code).toBe('cancelled');
    expect(performance.now() - at).toBeLessThan(1000);
  }

  const controller = new AbortController();
  const image = { width: 10, height: 10, encode: () => new Promise<never>(() => {}) };
  const spec = endpointSpecFor('http://127.0.0.1:9/v1', 'm');
  const run = failure(reasonWithEndpoint(spec, image, 'q', { signal: controller.signal }));
  controller.abort();
  expect((await run).code).toBe('cancelled');
});

test('the server sees that the client went away', async () => {
  const controller = new AbortController();
  const server = await start(() => {});
  const running = failing(server, {}, { signal: controller.signal });
  await expect.poll(() => server.seen.length).toBe(1);
  controller.abort();
  await running;
  await expect.poll(() => server.dropped).toBe(1);
});
