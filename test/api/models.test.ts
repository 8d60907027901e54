/** @file Adding a pack from a page: by the handle of a folder that the host gave out, never by a path. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unwrap } from '../../src-main/contract/result.ts';
import { startApp, temporaryFolder } from '../engine/scene.ts';
import { writePack } from '../packs/sample.ts';

test('a page adds a pack from a folder that was given to it, and from no other', async () => {
  const app = await startApp();
  const folder = await writePack(join(await temporaryFolder(), 'pack'), 'mine', { 'a.bin': 'abc' });
  expect(await app.dispatch('models.add', { folder })).toMatchObject({ error: { code: 'forbidden' } });
  for (const made of ['made-up', folder]) {
    expect(await app.dispatch('models.add', { folder: made, handle: true })).toMatchObject({
      error: { code: 'not-found' },
    });
  }
  const handle = await app.grantFolder(folder);
  expect(await app.dispatch('models.add', { folder: handle, handle: true })).toMatchObject({
    ok: true,
    value: { id: 'mine' },
  });
  const { packs } = unwrap(await app.dispatch('models.list', {}));
  expect(packs.find(({ id }) => id === 'mine')).toMatchObject({ size: 3, bundled: false });
});
