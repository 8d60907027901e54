/** @file Settings from a page: one is changed, the others stay, other pages hear of it, bad ones are refused. */
import { expect, test } from 'vitest';
import { unwrap } from '../../src-main/contract/result.ts';
import { startApp } from '../engine/scene.ts';
import { memoryKeeper } from './annotate-app.ts';

test('a setting that is changed stays, the others keep their values, and all pages hear of it', async () => {
  const app = await startApp({ keeper: memoryKeeper({ brushSize: 'broken' }) });
  const heard: unknown[] = [];
  app.onEvent((name, data) => void (name === 'settings.changed' && heard.push(data)));
  const write = async (edit: object) => unwrap(await app.dispatch('settings.write', edit));
  await write({ reviewer: 'ann', theme: 'dark', keys: { accept: 'KeyJ' } });
  const settings = await write({ brushSize: 7, reasoner: null });
  expect(settings).toMatchObject({
    reviewer: 'ann',
    theme: 'dark',
    keys: { accept: 'KeyJ' },
    brushSize: 7,
    autoAdvance: true,
  });
  expect(unwrap(await app.dispatch('settings.read', {}))).toEqual(settings);
  expect(heard).toHaveLength(2);
  expect(heard[1]).toEqual(settings);
});

test.each([
  [{ theme: 'pink' }, /theme/],
  [{ brushSize: -1 }, /brushSize/],
  [{ fillOpacity: 'much' }, /fillOpacity/],
  [{ reviewer: 'x'.repeat(2 ** 20) }, /reviewer/],
])('%j is refused and changes nothing', async (edit, message) => {
  const app = await startApp({ keeper: memoryKeeper() });
  const before = unwrap(await app.dispatch('settings.read', {}));
  const result = await app.dispatch('settings.write', { ...edit, autoAdvance: false } as never);
  expect(result).toMatchObject({ ok: false, error: { code: 'bad-request', message: expect.stringMatching(message) } });
  expect(unwrap(await app.dispatch('settings.read', {}))).toEqual(before);
});
