import { expect, test } from 'vitest';
import { envelope, eventually, host, readEvents } from './host.ts';

test('models.list and engine.status through HTTP', async () => {
  const { rpc } = await host();
  const listed = await rpc('models.list');
  expect(listed.headers.get('content-type')).toBe('application/json');
  expect(listed.headers.get('cache-control')).toBe('no-store');
  expect(await listed.json()).toMatchObject({ ok: true, value: { packs: expect.any(Array), broken: [] } });
  const status = await envelope(await rpc('engine.status'));
  expect(status).toMatchObject({ ok: true, value: { embeddings: { count: 0 } } });
  expect(status.value.pid).not.toBe(process.pid);
});

test('what is wrong with a call is said; a call that ran is 200 and tells in its envelope', async () => {
  const { rpc } = await host();
  const missing = await rpc('models.lits');
  expect([missing.status, (await envelope(missing)).error.message]).toEqual([404, 'There is no method "models.lits".']);
  expect((await rpc('constructor')).status).toBe(404);
  const broken = await rpc('models.verify', '{"id":');
  expect([broken.status, (await envelope(broken)).error.code]).toEqual([400, 'bad-request']);
  const misfit = await rpc('models.verify', { id: 7 });
  expect([misfit.status, (await envelope(misfit)).error.message]).toEqual([200, expect.stringContaining('id')]);
  const unknown = await rpc('models.verify', { id: 'nobody' });
  expect([unknown.status, (await envelope(unknown)).error.code]).toEqual([200, 'not-found']);
  expect((await rpc('models.list', {}, { 'x-call-id': 'a b' })).status).toBe(400);
  expect((await rpc('models.list', '')).status).toBe(200);
});

test('a page that leaves cancels its call in the engine, and the next call is answered', async () => {
  const { rpc, records, sent } = await host();
  const page = new AbortController();
  const call = rpc('engine.load', {}, {}, page.signal);
  await eventually(() => sent.includes('engine.load'));
  page.abort();
  await expect(call).rejects.toThrow();
  await eventually(() => records.length === 1);
  expect(records[0]).toMatchObject({ method: 'engine.load', error: expect.stringContaining('cancelled') });
  expect(sent).toContain('cancel');
  expect((await envelope(await rpc('engine.status'))).ok).toBe(true);
});

test('a call is cancelled by its id, once', async () => {
  const { rpc, url, token, sent } = await host();
  const cancel = (id: string) =>
    fetch(`${url}cancel/${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    }).then((answer) => answer.json());
  const call = rpc('engine.load', {}, { 'x-call-id': 'load-1' });
  await eventually(() => sent.includes('engine.load'));
  expect((await rpc('models.list', {}, { 'x-call-id': 'load-1' })).status).toBe(409);
  expect(await cancel('load-1')).toEqual({ ok: true, value: { cancelled: true } });
  expect(await (await call).json()).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await cancel('load-1')).toEqual({ ok: true, value: { cancelled: false } });
});

test('calls at once are limited, and answered again when one has ended', async () => {
  const { rpc, sent } = await host({ limits: { calls: 1 } });
  const page = new AbortController();
  const first = rpc('engine.load', {}, {}, page.signal).catch(() => undefined);
  await eventually(() => sent.includes('engine.load'));
  const second = await rpc('models.list');
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
  page.abort();
  await first;
  let status = 429;
  for (let k = 0; k < 100 && status === 429; k++) status = (await rpc('models.list')).status;
  expect(status).toBe(200);
});

test('two pages: progress goes to the page that called, answers do not mix, lanes are their own', async () => {
  const { rpc, get, publish } = await host();
  const [a, b] = await Promise.all([get('events?client=a'), get('events?client=b')]);
  const heard = Promise.all([a, b].map((stream) => readEvents(stream, ({ event }) => event === 'end')));
  const called = await rpc('models.verify', { id: 'mobile-sam' }, { 'x-client-id': 'a', 'x-call-id': 'v1' });
  expect(await called.json()).toMatchObject({ ok: true, value: { id: 'mobile-sam' } });
  publish('end', null);
  const [byA, byB] = await heard;
  expect(byA?.[1]).toMatchObject({ event: 'progress', data: { call: 'v1', value: { file: expect.any(String) } } });
  expect(byB?.map(({ event }) => event)).toEqual(['ready', 'end']);

  const load = (client: string) => rpc('engine.load', {}, { 'x-client-id': client, 'x-lane': 'load' });
  const answers = await Promise.all(['a', 'b'].map(async (client) => envelope(await load(client))));
  expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
});

test('closing answers pending calls as cancelled, ends streams, and can be asked for twice', async () => {
  const running = await host();
  const events = readEvents(await running.get('events?client=a'), () => false);
  const call = running.rpc('engine.load');
  await eventually(() => running.sent.includes('engine.load'));
  const start = performance.now();
  await Promise.all([running.close(), running.close()]);
  expect(performance.now() - start).toBeLessThan(1500);
  expect(await (await call).json()).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  const heard = await events;
  expect(heard[0]!.event).toBe('ready');
  // What the application itself tells goes to every page.
  expect(heard.filter(({ event }) => event === 'engine.state').map(({ data }) => data)).toContainEqual({
    state: 'ready',
    message: null,
  });
  await expect(running.rpc('models.list')).rejects.toThrow();
});
