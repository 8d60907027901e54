/** @file Endpoints set up from a page: written as packs, keys kept apart and told to nobody but their server. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Keychain } from '../../src-main/api/services.ts';
import type { AppOptions } from '../../src-main/compose.ts';
import type { Input, MethodName, Output } from '../../src-main/contract/api.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { type ChatServer, json, type Reply, startServer } from '../endpoint/server.ts';
import { startApp, temporaryFolder } from '../engine/scene.ts';
import { writePack } from '../packs/sample.ts';
import { memoryKeeper, memoryKeychain } from './annotate-app.ts';

const servers: ChatServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(replies: Reply[], models?: Reply): Promise<ChatServer> {
  const server = await startServer(replies, models);
  servers.push(server);
  return server;
}

async function page(options: AppOptions = {}, keys = new Map<string, string>()) {
  const home = await temporaryFolder();
  const keychain: Keychain = memoryKeychain(keys);
  const app = await startApp({
    keychain,
    keeper: memoryKeeper(),
    ...options,
    env: { NOVO_HOME: home, ...options.env },
  });
  const call = async <M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>> =>
    unwrap(await app.dispatch(method, input));
  return { app, call, keys, home, packs: join(home, 'packs'), dispatch: app.dispatch };
}

const spec = (baseUrl = 'http://127.0.0.1:9/v1', keyVariable?: string) =>
  endpointSpecFor(baseUrl, 'qwen3-vl', keyVariable === undefined ? {} : { keyVariable });

test('saved, tested with its key, listed, changed and removed; the key is in no file and in no answer', async () => {
  const server = await serve(['Red.'], json({ data: [{ id: 'qwen3-vl' }] }));
  const { app, call, keys, home, packs } = await page();
  const events: unknown[] = [];
  app.onEvent((name, data) => void events.push([name, data]));
  const answers: unknown[] = [];
  const note = <T>(value: T): T => {
    answers.push(value);
    return value;
  };
  const saved = note(
    await call('endpoints.save', { id: 'mine', title: 'Mine', endpoint: spec(server.baseUrl), key: ' sk-secret-1\n' }),
  );
  expect(saved).toEqual({
    id: 'mine',
    title: 'Mine',
    endpoint: spec(server.baseUrl),
    key: 'keychain',
    ready: true,
    bundled: false,
  });
  expect([...keys]).toEqual([['mine', 'sk-secret-1']]);
  expect(note(await call('endpoint.test', { endpoint: 'mine' }))).toMatchObject({
    listed: true,
    answer: 'Red.',
    model: 'qwen3-vl',
  });
  expect(server.seen[0]!.authorization).toBe('Bearer sk-secret-1');
  expect(note(await call('endpoints.list', {}))).toEqual({
    endpoints: [saved],
    keychain: { available: true, reason: null },
  });
  expect(note(await call('reasoners.list', {}))).toEqual({
    reasoners: [{ id: 'mine', title: 'Mine', kind: 'endpoint', ready: true }],
    chosen: 'mine',
  });
  const listed = note(await call('models.list', {})).packs.find(({ id }) => id === 'mine');
  expect(listed).toMatchObject({ kind: 'endpoint', bundled: false, state: 'ready' });

  const endpoint = { ...spec(server.baseUrl), model: 'qwen3-vl-235b' };
  expect(note(await call('endpoints.save', { id: 'mine', title: 'Larger', endpoint }))).toMatchObject({
    title: 'Larger',
    key: 'keychain',
  });
  await call('settings.write', { reasoner: 'mine' });
  for (const file of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain('sk-secret');
  }
  expect(JSON.stringify([answers, events])).not.toContain('sk-secret');

  await call('endpoints.remove', { id: 'mine' });
  expect(await call('endpoints.list', {})).toMatchObject({ endpoints: [] });
  expect(keys.size).toBe(0);
  expect(readdirSync(packs)).toEqual([]);
  expect((await call('settings.read', {})).reasoner).toBeNull();
});

test('a key is for the server that it was given for: another address needs it again', async () => {
  const first = await serve(['Red.']);
  const second = await serve(['Red.']);
  const { call, keys } = await page();
  await call('endpoints.save', { id: 'mine', title: 'Mine', endpoint: spec(first.baseUrl), key: 'sk-first' });
  expect(await call('endpoints.save', { id: 'mine', title: 'Mine', endpoint: spec(second.baseUrl) })).toMatchObject({
    key: 'none',
  });
  await call('endpoint.test', { endpoint: 'mine' });
  expect(second.seen[0]!.authorization).toBeUndefined();
  expect(keys.size).toBe(0);
  await call('endpoints.save', { id: 'mine', title: 'Mine', endpoint: spec(second.baseUrl), key: 'sk-second' });
  expect(
    await call('endpoints.save', { id: 'mine', title: 'Mine', endpoint: spec(second.baseUrl), key: null }),
  ).toMatchObject({ key: 'none' });
});

test('a key in the environment: its variable is named, ready says whether it is set, and what is kept wins', async () => {
  const server = await serve(['Red.']);
  const { call, dispatch } = await page({ env: { MY_API_KEY: 'sk-env' } });
  await call('endpoints.save', { id: 'a', title: 'A', endpoint: spec(server.baseUrl, 'MY_API_KEY') });
  await call('endpoints.save', { id: 'b', title: 'B', endpoint: spec(server.baseUrl, 'UNSET_NOVO_API_KEY') });
  expect((await call('endpoints.list', {})).endpoints).toMatchObject([
    { id: 'a', key: 'environment', ready: true },
    { id: 'b', key: 'environment', ready: false },
  ]);
  expect((await call('reasoners.list', {})).reasoners.map(({ id, ready }) => [id, ready])).toEqual([
    ['a', true],
    ['b', false],
  ]);
  await call('endpoint.test', { endpoint: 'a' });
  expect(server.seen.at(-1)!.authorization).toBe('Bearer sk-env');
  expect(await dispatch('endpoint.test', { endpoint: 'b' })).toMatchObject({
    error: { code: 'endpoint', hint: expect.stringContaining('UNSET_NOVO_API_KEY') },
  });
  await call('endpoints.save', { id: 'a', title: 'A', endpoint: spec(server.baseUrl, 'MY_API_KEY'), key: 'sk-kept' });
  await call('endpoint.test', { endpoint: 'a' });
  expect(server.seen.at(-1)!.authorization).toBe('Bearer sk-kept');
});

test('what a page may not do, and what does not fit, leaves everything as it was', async () => {
  const { dispatch, call, keys, home, packs } = await page();
  await writePack(join(packs, 'of-mine'), 'of-mine', { 'a.bin': 'a' });
  await mkdir(join(packs, 'in-the-way'), { recursive: true });
  await call('endpoints.save', { id: 'good', title: 'Good', endpoint: spec(), key: 'sk-1' });
  const files = () => readdirSync(home, { recursive: true }).sort();
  const before = files();
  const save = { id: 'new', title: 'New', endpoint: spec() };
  const wrong: [unknown, string, RegExp][] = [
    [{ ...save, id: 'mobile-sam' }, 'bad-request', /comes with the application/],
    [{ ...save, id: 'in-the-way' }, 'bad-request', /not a readable pack/],
    [{ ...save, id: '../../etc' }, 'bad-request', /id/],
    [{ ...save, endpoint: spec('http://127.0.0.1:9/v1', 'HOME') }, 'forbidden', /HOME/],
    [{ ...save, id: 'good', endpoint: spec('http://127.0.0.1:9/v1', 'AWS_SECRET') }, 'forbidden', /AWS_SECRET/],
    [
      { ...save, endpoint: { ...spec(), baseUrl: 'http://me:pw@127.0.0.1/v1' } },
      'bad-request',
      /user name or a password/,
    ],
    [{ ...save, endpoint: { ...spec(), baseUrl: 'file:///etc/passwd' } }, 'bad-request', /baseUrl/],
    [{ ...save, endpoint: { ...spec(), prompt: 'no place for the query' } }, 'bad-request', /\{query\}/],
    [{ ...save, key: 'two words' }, 'bad-request', /space/],
    [{ ...save, key: '' }, 'bad-request', /empty/],
    [{ ...save, title: '' }, 'bad-request', /title/],
  ];
  for (const [input, code, message] of wrong) {
    const result = await dispatch('endpoints.save', input as never);
    expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(message) } });
  }
  expect(await dispatch('endpoints.remove', { id: 'mobile-sam' })).toMatchObject({ error: { code: 'bad-request' } });
  expect(await dispatch('endpoints.remove', { id: 'nowhere' })).toMatchObject({ error: { code: 'not-found' } });
  expect(files()).toEqual(before);
  expect([...keys]).toEqual([['good', 'sk-1']]);
});

test('where keys cannot be kept the reason is told, and an endpoint works without one', async () => {
  const unavailable = 'The keychain is locked.';
  const keychain: Keychain = {
    unavailable,
    get: () => null,
    set: () => {
      throw new Error('not to be called');
    },
  };
  const { call, dispatch, packs } = await page({ keychain });
  expect(await call('endpoints.list', {})).toMatchObject({ keychain: { available: false, reason: unavailable } });
  expect(await dispatch('endpoints.save', { id: 'x', title: 'X', endpoint: spec(), key: 'sk-1' })).toMatchObject({
    error: {
      message: `Keys cannot be kept here: ${unavailable}`,
      hint: expect.stringContaining('environment variable'),
    },
  });
  expect(existsSync(join(packs, 'x'))).toBe(false);
  expect(await call('endpoints.save', { id: 'x', title: 'X', endpoint: spec(), key: null })).toMatchObject({
    key: 'none',
    ready: true,
  });
  await call('endpoints.remove', { id: 'x' });
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a folder that cannot be written is an error with its path',
  async () => {
    const { dispatch, packs } = await page();
    await mkdir(packs, { recursive: true });
    await chmod(packs, 0o500);
    const result = await dispatch('endpoints.save', { id: 'x', title: 'X', endpoint: spec() });
    await chmod(packs, 0o700);
    expect(result).toMatchObject({ error: { code: 'io', message: expect.stringContaining(packs) } });
  },
);

test('something else where packs should lie is an error with its path, and nothing is half done', async () => {
  const { dispatch, packs, keys } = await page();
  await writeFile(packs, 'not a folder');
  const result = await dispatch('endpoints.save', { id: 'x', title: 'X', endpoint: spec(), key: 'sk-1' });
  expect(result).toMatchObject({ error: { code: 'io', message: expect.stringContaining(packs) } });
  expect(keys.size).toBe(0);
});
