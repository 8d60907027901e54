/** @file `models` and what a missing, cut or altered model file looks like to the person who has one. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { SegmenterPack } from '../../src-main/contract/pack.ts';
import { mugPoint, scene, temporaryFolder } from '../engine/scene.ts';
import { manifest, writePack } from '../packs/sample.ts';
import { serve } from '../packs/server.ts';
import { novo } from './command.ts';

const root = join(import.meta.dirname, '../..');
let home: string;
/** A copy of the bundled pack under an id of its own, as a user would bring one. */
let brought: string;
beforeAll(async () => {
  home = await temporaryFolder();
  brought = join(await temporaryFolder(), 'brought');
  const pack = JSON.parse(await readFile(join(root, 'resources/packs/mobile-sam/pack.json'), 'utf8')) as SegmenterPack;
  await mkdir(brought);
  const files = pack.files.map(({ package: from, ...file }) => ({
    file,
    from: join(root, 'node_modules', from!, file.path),
  }));
  for (const { file, from } of files) await cp(from, join(brought, file.path));
  const copy = { ...pack, id: 'my-sam', title: 'My SAM', files: files.map(({ file }) => file) };
  await writeFile(join(brought, 'pack.json'), JSON.stringify(copy));
});

const models = (args: string[], env: NodeJS.ProcessEnv = {}) => novo(['models', ...args], { home, env });
const segment = () => novo(['segment', scene, '--point', mugPoint.join(','), '--pack', 'my-sam'], { home });

test('a pack is listed, added, verified, and masks are made with it', async () => {
  const before = await models(['list']);
  expect(before).toMatchObject({ code: 0, stderr: '' });
  expect(before.stdout).toMatch(
    /^mobile-sam {2}segmenter {2}44\.6 MB {2}\w+\n {2}MobileSAM .*\n {2}licence: .*Apache-2\.0/,
  );
  const added = await models(['add', brought]);
  expect(added).toMatchObject({ code: 0, stdout: '' });
  expect(added.stderr).toContain(`Added my-sam in ${join(home, 'packs', 'my-sam')}.`);
  const verified = await models(['verify']);
  expect(verified).toMatchObject({ code: 0, stdout: 'mobile-sam: intact, 44.6 MB\nmy-sam: intact, 44.6 MB\n' });
  const { packs } = JSON.parse((await models(['list', '--json'])).stdout) as { packs: { id: string; state: string }[] };
  expect(packs.map(({ id, state }) => [id, state])).toEqual([
    ['mobile-sam', 'ready'],
    ['my-sam', 'ready'],
  ]);
  expect(await segment()).toMatchObject({ code: 0, stdout: expect.stringContaining('"instances":[{') });
});

test('a model file that is altered, cut or gone is named, nothing is loaded, and adding the pack again mends it', async () => {
  const file = join(home, 'packs', 'my-sam', 'dist', 'sam.onnx');
  const changes: [() => Promise<unknown>, RegExp][] = [
    [
      async () => {
        const content = await readFile(file);
        content[content.length >> 1]! ^= 1;
        await writeFile(file, content);
      },
      /Pack "my-sam": the file dist\/sam\.onnx was altered: expected SHA-256 800b1500/,
    ],
    [
      () => truncate(file, 1_000_000),
      /Pack "my-sam": the file dist\/sam\.onnx is truncated: expected 16501766 bytes, found 1000000/,
    ],
    [() => rm(file), /Pack "my-sam": the file dist\/sam\.onnx /],
  ];
  for (const [change, message] of changes) {
    await change();
    const { code, stdout, stderr } = await segment();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/\n {2}\S/); // and what to do
    expect(stderr).not.toContain('This is a bug');
    if (change === changes[0]![0]) {
      const verified = await models(['verify']);
      expect(verified).toMatchObject({ code: 1, stdout: 'mobile-sam: intact, 44.6 MB\n' });
      expect(verified.stderr).toMatch(message);
    }
  }
  expect((await models(['list'])).stdout).toContain('my-sam  segmenter  44.6 MB  damaged');
  expect((await models(['add', brought])).code).toBe(0);
  expect(await models(['verify', 'my-sam'])).toMatchObject({ code: 0, stdout: 'my-sam: intact, 44.6 MB\n' });
});

test('what cannot be added or found is one message with exit code 1', async () => {
  const folder = await temporaryFolder();
  await writePack(join(folder, 'cut'), 'cut', { 'w.bin': 'weights' });
  await truncate(join(folder, 'cut', 'w.bin'), 3);
  await mkdir(join(folder, 'empty'));
  const wrong: [string[], string][] = [
    [['add', join(folder, 'cut')], 'the file w.bin is truncated: expected 7 bytes, found 3'],
    [['add', join(folder, 'empty')], join(folder, 'empty')],
    [['verify', 'nobody'], 'There is no model pack "nobody".'],
    [['download', 'nobody'], 'nobody'],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await models(args);
    expect({ args, code, stdout }, stderr).toEqual({ args, code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('This is a bug');
  }
});

test('a pack of a catalogue is offered with its size, and downloaded', async () => {
  const content = Buffer.from('weights of a test');
  const pack = JSON.stringify(manifest('far', { 'w.bin': content }, 'Far away'));
  const server = await serve({ '/far/pack.json': Buffer.from(pack), '/far/w.bin': content });
  const catalogue = join(home, 'catalogue.json');
  const entry = {
    id: 'far',
    title: 'Far away',
    licence: 'CC0-1.0',
    bytes: content.length,
    manifestUrl: `${server.url}/far/pack.json`,
    manifestSha256: createHash('sha256').update(pack).digest('hex'),
  };
  await writeFile(catalogue, JSON.stringify({ schema: 1, entries: [entry] }));
  const env = { NOVO_CATALOGUE: catalogue };
  expect((await models(['list'], env)).stdout).toMatch(/far {2}0\.0 MB {2}can be downloaded\n {2}Far away/);
  const { code, stderr } = await models(['download', 'far'], env);
  expect(code, stderr).toBe(0);
  expect(await readFile(join(home, 'packs', 'far', 'w.bin'))).toEqual(content);
  expect((await models(['list'], env)).stdout).not.toContain('can be downloaded');
});
