/** @file Models work on images of the open project by their ids, and stop when it is closed. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mugPoint, scene } from '../engine/scene.ts';
import { startProjectApp, tempFolder } from './project-app.ts';

test('a click on an image of the project is answered; what is pending ends when another project is opened', async () => {
  const page = startProjectApp();
  const photos = join(tempFolder(), 'photos');
  mkdirSync(photos);
  copyFileSync(scene, join(photos, 'kitchen.jpg'));
  const handle = await page.grant(photos);
  await page.call('project.create', { photos: handle });
  await page.call('project.scan', {});
  const image = { id: (await page.call('images.list', {})).images[0]!.id };
  const { candidates } = await page.call('segment.click', { image, points: [[...mugPoint]] });
  expect(candidates[0]!.segmentation.size).toEqual([854, 1280]);
  // More work than is done by the time the project is gone; loading a model is nobody's project's.
  const click = () => page.app.dispatch('segment.click', { image, points: [[...mugPoint]], candidates: 16 });
  const pending = Array.from({ length: 20 }, click);
  const load = page.call('engine.load', {});
  await page.call('project.create', { photos: handle });
  expect((await Promise.all(pending)).at(-1)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect((await load).batchSize).toBeGreaterThan(0);
  expect(page.heard('engine.state').map(({ state }) => state)).toEqual(['starting', 'ready']);
});
