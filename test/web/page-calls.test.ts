/** @file Calls of the desktop's page, which come as messages, keep the rules of those over HTTP. */
import { expect, test } from 'vitest';
import { createPageCalls } from '../../src-main/web/page-calls.ts';
import { host } from './host.ts';

async function pageCalls(limit = 32) {
  const { app } = await host();
  const published: { call: string; value: unknown }[] = [];
  return { ...createPageCalls(app.dispatch, (_, data) => published.push(data), limit), published };
}

test('a call is answered, and one that names a path of the machine is refused', async () => {
  const { call } = await pageCalls();
  expect(await call('engine.status', {}, undefined)).toMatchObject({ ok: true, value: { pid: expect.any(Number) } });
  const overlay = { image: { path: '/etc/hostname' }, instances: [], file: '/tmp/overlay.png' };
  expect(await call('overlay.write', overlay, {})).toMatchObject({ ok: false });
  expect(await call('models.add', { folder: '/etc' }, {})).toMatchObject({ ok: false, error: { code: 'forbidden' } });
});

test.each([
  ['a method that is none', ['constructor', {}, {}], 'not-found'],
  ['no method', [undefined, {}, {}], 'bad-request'],
  ['input of a wrong type', ['engine.load', { pack: 7 }, {}], 'bad-request'],
  ['no input where some is needed', ['models.verify', null, {}], 'bad-request'],
  ['an id that is no id', ['engine.status', {}, { id: {} }], 'bad-request'],
  ['a lane that is too long', ['engine.status', {}, { lane: 'x'.repeat(65) }], 'bad-request'],
])('%s is answered with an error', async (_, [method, input, options], code) => {
  const { call } = await pageCalls();
  expect(await call(method, input, options)).toMatchObject({ ok: false, error: { code } });
});

test('a call is cancelled by its id, an id is taken once, and progress comes under it', async () => {
  const { call, cancel, published } = await pageCalls();
  const verifying = call('models.verify', { id: 'mobile-sam' }, { id: 'v' });
  expect(await call('engine.status', {}, { id: 'v' })).toMatchObject({ ok: false });
  expect(await verifying).toMatchObject({ ok: true });
  expect(published.length).toBeGreaterThan(0);
  expect(published.every(({ call: id }) => id === 'v')).toBe(true);

  const loading = call('engine.load', {}, { id: 'l' });
  expect(cancel('l')).toEqual({ ok: true, value: { cancelled: true } });
  expect(await loading).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(cancel('l')).toEqual({ ok: true, value: { cancelled: false } });
  expect(cancel({ any: 'thing' })).toEqual({ ok: true, value: { cancelled: false } });
});

test('calls at once are limited; a page that loads anew ends those of the old one', async () => {
  const { call, cancelAll } = await pageCalls(1);
  const loading = call('engine.load', {}, {});
  expect(await call('engine.status', {}, {})).toMatchObject({ error: { message: expect.stringContaining('at once') } });
  cancelAll();
  expect(await loading).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await call('engine.status', {}, {})).toMatchObject({ ok: true });
});
