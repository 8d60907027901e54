/** @file A caller that does not act for the user (a page) can name no path: nothing of it is opened or written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unwrap } from '../../src-main/contract/result.ts';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { scene, startApp, temporaryFolder } from '../engine/scene.ts';
import { writePack } from '../packs/sample.ts';

test('paths of a page are refused before anything is done with them', async () => {
  const app = await startApp();
  const folder = await temporaryFolder();
  const image = { path: scene };
  const file = join(folder, 'overlay.png');
  const calls = (options: { trusted?: boolean }) => [
    app.dispatch('image.encode', { image }, options),
    app.dispatch('segment.query', { image, points: [[330, 570, 1]] }, options),
    app.dispatch('segment.click', { image, points: [[330, 570, 1]] }, options),
    app.dispatch('overlay.write', { image, instances: [], file }, options),
    app.dispatch('models.add', { folder }, options),
  ];
  for (const options of [{}, { trusted: false }]) {
    for (const result of await Promise.all(calls(options))) {
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'forbidden', message: expect.stringMatching(/^This caller may not name files by path/) },
      });
    }
  }
  expect(app.engine.pid).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});

test('an endpoint that is not set up yet can be tried by the user only: it names an address and a variable', async () => {
  const app = await startApp();
  const endpoint = endpointSpecFor('http://127.0.0.1:9/v1', 'qwen3-vl', { keyVariable: 'HOME' });
  expect(await app.dispatch('endpoint.test', { endpoint })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  const tried = await app.dispatch('endpoint.test', { endpoint }, { trusted: true });
  expect(tried).toMatchObject({ ok: false, error: { code: 'endpoint' } }); // nothing listens there
});

test('what names no path is open to a page', async () => {
  const app = await startApp();
  expect(unwrap(await app.dispatch('models.list', {})).packs.map(({ id }) => id)).toEqual(['mobile-sam']);
  expect(unwrap(await app.dispatch('engine.status', {})).segmenters).toEqual([]);
});

test('a pack of the data folder that was given to compose() is found by the handlers and by the engine', async () => {
  const home = await temporaryFolder();
  await writePack(join(home, 'packs', 'mine'), 'mine', {});
  const app = await startApp({ env: { NOVO_HOME: home } });
  expect(await app.dispatch('models.verify', { id: 'mine' })).toEqual({ ok: true, value: { id: 'mine', bytes: 0 } });
  expect(await app.dispatch('engine.load', { pack: 'mine' })).toMatchObject({
    ok: false,
    error: { code: 'bad-request', message: 'The pack "mine" is no segmenter: its kind is endpoint.' },
  });
  expect(await app.dispatch('engine.load', { pack: 'nowhere' })).toMatchObject({
    ok: false,
    error: {
      code: 'not-found',
      message: 'There is no model pack "nowhere".',
      hint: 'Installed packs: mobile-sam, mine.',
    },
  });
});

test('an overlay never takes the place of the photo that it shows', async () => {
  const app = await startApp();
  const input = { image: { path: scene }, instances: [], file: scene };
  expect(await app.dispatch('overlay.write', input, { trusted: true })).toMatchObject({
    ok: false,
    error: { code: 'bad-request', message: expect.stringContaining('scene.jpg') },
  });
});
