import { appendFile, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findPack, type InstalledPack } from '../../src-main/engine/packs/registry.ts';
import { packState, type VerifyProgress, verifyPack } from '../../src-main/engine/packs/verify.ts';
import { sha256, temporary, writePack } from './sample.ts';

const big = new Uint8Array(3_500_000).map((_, i) => (i * 31) & 255);

async function sample(): Promise<{ installed: InstalledPack; env: { NOVO_HOME: string }; file: string }> {
  const home = await temporary();
  const env = { NOVO_HOME: home };
  const folder = await writePack(join(home, 'packs', 'p'), 'p', { 'a.bin': 'small', 'b.bin': big });
  return { installed: await findPack('p', env), env, file: join(folder, 'b.bin') };
}
/** Verifies and returns how many bytes of progress were reported for `b.bin` before it was done: 0 where it was remembered. */
async function steps(installed: InstalledPack, env: { NOVO_HOME: string }, fresh = false): Promise<VerifyProgress[]> {
  const seen: VerifyProgress[] = [];
  await verifyPack(installed, { env, fresh, onProgress: (progress) => seen.push(progress) });
  return seen;
}

test('progress counts the bytes of the whole pack, and a second check reads nothing', async () => {
  const { installed, env, file } = await sample();
  expect(await packState(installed, env)).toBe('unverified');
  const first = await steps(installed, env);
  expect(first.length).toBeGreaterThan(3);
  expect(first.map(({ done }) => done)).toEqual(first.map(({ done }) => done).toSorted((a, b) => a - b));
  expect(first.at(-1)).toEqual({ file: 'b.bin', done: big.length + 5, total: big.length + 5 });
  expect(await packState(installed, env)).toBe('ready');
  expect(await steps(installed, env)).toHaveLength(2);
  expect((await steps(installed, env, true)).length).toBe(first.length);

  // Touched, not changed: hashed again, and right.
  await utimes(file, new Date(), new Date(Date.now() - 5000));
  expect(await packState(installed, env)).toBe('unverified');
  expect((await steps(installed, env)).length).toBeGreaterThan(2);
});

test('a missing, truncated, longer or altered file is named, with what was expected and found', async () => {
  const { installed, env, file } = await sample();
  await verifyPack(installed, { env });
  const failure = () => verifyPack(installed, { env }).catch((error: unknown) => error);
  const about = (text: string) => ({
    code: 'bad-pack',
    message: expect.stringContaining(`"p": the file b.bin ${text}`),
    hint: expect.stringContaining('models download p'),
  });

  await truncate(file, 1000);
  expect(await failure()).toMatchObject(about(`is truncated: expected ${big.length} bytes, found 1000`));
  await writeFile(file, big);
  await appendFile(file, 'x');
  expect(await failure()).toMatchObject(about('is too long'));

  const flipped = big.slice();
  flipped[2_000_000]! ^= 1;
  await writeFile(file, flipped);
  expect(await failure()).toMatchObject(
    about(`was altered: expected SHA-256 ${sha256(big)}, found ${sha256(flipped)}`),
  );
  await rm(file);
  expect(await failure()).toMatchObject({ code: 'bad-pack', message: expect.stringMatching(/"p".*b\.bin.*missing/) });
  expect(await packState(installed, env)).toBe('damaged');
});

test('an alteration is noticed although size and modification time are put back', async () => {
  const { installed, env, file } = await sample();
  await verifyPack(installed, { env });
  const { atime, mtime } = await stat(file);
  const flipped = big.slice();
  flipped[0]! ^= 1;
  await writeFile(file, flipped);
  await utimes(file, atime, mtime);
  await expect(verifyPack(installed, { env })).rejects.toMatchObject({ code: 'bad-pack' });
});

test('cancelled in the middle of a file', async () => {
  const { installed, env } = await sample();
  const controller = new AbortController();
  const onProgress = ({ file }: VerifyProgress) => file === 'b.bin' && controller.abort();
  await expect(verifyPack(installed, { env, signal: controller.signal, onProgress })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(await packState(installed, env)).toBe('unverified');
});

test('damaged memory, or none that can be written, costs only the time', async () => {
  const { installed, env } = await sample();
  await verifyPack(installed, { env });
  await writeFile(join(env.NOVO_HOME, 'verified.json'), '{"half');
  await verifyPack(installed, { env });
  expect(JSON.parse(await readFile(join(env.NOVO_HOME, 'verified.json'), 'utf8'))).toBeTypeOf('object');

  const blocked = join(env.NOVO_HOME, 'a-file');
  await writeFile(blocked, '');
  await verifyPack(installed, { env: { NOVO_HOME: blocked } });
});
