import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addPack } from '../../src-main/engine/packs/add.ts';
import { findPack, listPacks } from '../../src-main/engine/packs/registry.ts';
import { manifest, temporary, writePack } from './sample.ts';

async function places() {
  const home = await temporary();
  const from = join(await temporary(), 'from');
  const names = () => readdir(join(home, 'packs')).catch(() => []);
  return { env: { NOVO_HOME: home }, from, packs: join(home, 'packs'), names };
}

test('what the manifest declares is copied, and nothing else', async () => {
  const { env, from, packs } = await places();
  await writePack(from, 'mine', { 'w.bin': 'weights', 'deep/er/x.bin': 'more' });
  await writeFile(join(from, 'notes.txt'), 'private');
  const seen: number[] = [];
  const added = await addPack(from, { env, onProgress: ({ done }) => seen.push(done) });
  expect(added).toMatchObject({ folder: join(packs, 'mine'), bundled: false });
  expect(seen).toEqual([7, 11]);
  expect((await readdir(added.folder, { recursive: true })).sort()).toEqual(
    ['deep', join('deep', 'er'), join('deep', 'er', 'x.bin'), 'pack.json', 'w.bin'].sort(),
  );
  expect((await findPack('mine', env)).pack).toEqual(added.pack);
});

test('an id that is taken is kept, unless the new pack is the same or is to replace it', async () => {
  const { env, from, names } = await places();
  await writePack(from, 'mine', { 'w.bin': 'one' });
  const { folder } = await addPack(from, { env });
  expect((await addPack(from, { env })).folder).toBe(folder);

  await writePack(from, 'mine', { 'w.bin': 'two' });
  await expect(addPack(from, { env })).rejects.toMatchObject({
    code: 'bad-request',
    hint: expect.stringContaining('--replace'),
  });
  expect(await readFile(join(folder, 'w.bin'), 'utf8')).toBe('one');
  await addPack(from, { env, replace: true });
  expect(await readFile(join(folder, 'w.bin'), 'utf8')).toBe('two');
  expect(await names()).toEqual(['mine']);

  // Damaged, then added again: mended without being asked to replace.
  await writeFile(join(folder, 'w.bin'), 'tow');
  await addPack(from, { env });
  expect(await readFile(join(folder, 'w.bin'), 'utf8')).toBe('two');

  await writePack(from, 'mobile-sam', { 'w.bin': 'two' });
  await expect(addPack(from, { env, replace: true })).rejects.toMatchObject({
    message: expect.stringContaining('comes with the application'),
  });
});

test('a folder in the way is not overwritten', async () => {
  const { env, from, packs } = await places();
  await writePack(from, 'mine', { 'w.bin': 'one' });
  await writePack(join(packs, 'mine'), 'other', { 'w.bin': 'other' });
  await expect(addPack(from, { env, replace: true })).rejects.toMatchObject({
    message: expect.stringContaining('holds another pack, "other"'),
  });
  await mkdir(join(packs, 'yours'));
  await writePack(from, 'yours', { 'w.bin': 'one' });
  await expect(addPack(from, { env })).rejects.toMatchObject({ code: 'bad-request' });
  await addPack(from, { env, replace: true });
  expect((await listPacks(env)).filter((listing) => listing.error)).toEqual([]);
});

test('a failure leaves nothing, says where it lies, and does not touch what was there', async () => {
  const { env, from, packs, names } = await places();
  await writePack(from, 'mine', { 'w.bin': 'one' });
  await addPack(from, { env });
  const fails = async (change: () => Promise<unknown>, message: string | RegExp, code = 'bad-pack') => {
    await writePack(from, 'mine', { 'w.bin': 'two', 'x.bin': 'three' });
    await change();
    await expect(addPack(from, { env, replace: true })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await names()).toEqual(['mine']);
    expect(await readFile(join(packs, 'mine', 'w.bin'), 'utf8')).toBe('one');
  };
  await fails(() => writeFile(join(from, 'x.bin'), 'THREE'), 'x.bin was altered');
  await fails(() => writeFile(join(from, 'x.bin'), 'thr'), 'x.bin is truncated: expected 5 bytes, found 3');
  const text = (change: object) => () =>
    writeFile(join(from, 'pack.json'), JSON.stringify({ ...manifest('mine', {}), ...change }));
  await fails(text({ schema: 2 }), /\n {2}schema: /);
  await fails(
    text({ files: [{ path: '../../x', sha256: 'a'.repeat(64), size: 1 }] }),
    /\n {2}files\[0\]\.path: must be a relative/,
  );
  await fails(async () => {
    await symlink(join(packs, 'mine', 'w.bin'), join(from, 'out.bin')).catch(() => undefined);
    await writeFile(join(from, 'pack.json'), JSON.stringify(manifest('mine', { 'out.bin': 'one' })));
  }, 'outside');
  await expect(addPack(join(from, 'nowhere'), { env })).rejects.toMatchObject({ code: 'not-found' });
});

test('cancelled while copying, nothing is left', async () => {
  const { env, from, names } = await places();
  await writePack(from, 'mine', { 'w.bin': new Uint8Array(3_000_000), 'x.bin': 'x' });
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  await expect(addPack(from, { env, signal: controller.signal, onProgress })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(await names()).toEqual([]);
});
