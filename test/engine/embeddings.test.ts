/** @file A photo is encoded once for as long as its content stays the same, whatever it is called. */
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import type { App } from '../../src-main/compose.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { click, isAlive, scene, startApp, temporaryFolder } from './scene.ts';

let app: App;
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  app = await startApp();
});

const status = async () => unwrap(await app.dispatch('engine.status', {}));
const encodeMs = async (path: string) => unwrap(await click(app, {}, path)).timing.encode_ms;

test('the status tells the truth before and after the first photo', async () => {
  const empty = await status();
  expect(empty).toMatchObject({ segmenters: [], embeddings: { count: 0, bytes: 0 } });
  const encoded = unwrap(await app.dispatch('image.encode', { image: { path: scene } }, { trusted: true }));
  expect(encoded).toMatchObject({ width: 1280, height: 854, cached: false });
  expect(encoded.encode_ms).toBeGreaterThan(0);

  const after = await status();
  expect(after.pid).toBe(app.engine.pid);
  expect(isAlive(after.pid)).toBe(true);
  expect(after.residentBytes).toBeGreaterThan(empty.residentBytes);
  // SAM's embedding is 256 x 64 x 64 floats.
  expect(after.embeddings).toEqual({ count: 1, bytes: 256 * 64 * 64 * 4 });
  expect(after.segmenters).toEqual([
    { pack: 'mobile-sam', provider: { used: 'cpu', refused: [] }, batchSize: expect.any(Number) },
  ]);
  expect(unwrap(await app.dispatch('engine.load', {}))).toEqual({
    provider: after.segmenters[0]!.provider,
    batchSize: after.segmenters[0]!.batchSize,
  });
});

test('a photo that is known is not encoded again, also under another name', async () => {
  const copy = join(folder, 'copy.jpg');
  await copyFile(scene, copy);
  expect(await encodeMs(scene)).toBe(0);
  expect(await encodeMs(copy)).toBe(0);
  const renamed = join(folder, 'renamed photo.jpg');
  await rename(copy, renamed);
  expect(await encodeMs(renamed)).toBe(0);
  expect(unwrap(await app.dispatch('image.encode', { image: { path: renamed } }, { trusted: true })).cached).toBe(true);
});

test('a photo that was changed under its name is encoded anew, and gets masks of its new size', async () => {
  const changing = join(folder, 'changing.jpg');
  await copyFile(scene, changing);
  expect(await encodeMs(changing)).toBe(0);
  const size = { width: 640, height: 427 };
  await writeFile(changing, await sharp(scene).resize(size).jpeg().toBuffer());
  const { candidates, timing } = unwrap(await click(app, {}, changing, [165, 285, 1]));
  expect(timing.encode_ms).toBeGreaterThan(0);
  expect(candidates[0]!.segmentation.size).toEqual([427, 640]);
  expect((await status()).embeddings.count).toBe(2);
});
