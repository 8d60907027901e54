/** @file project.import as a page calls it: by a handle, with progress, told to all pages, refused without a trace. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startProjectApp, tempFolder, withProject } from './project-app.ts';

const images = ['1.png', '2.png'].map((file_name, k) => ({ id: k, file_name, width: 8, height: 6 }));
const annotations = images.map(({ id }) => ({ id, image_id: id, segmentation: [[0, 0, 3, 0, 3, 2, 0, 2]] }));
const queries = [{ id: 1, image_id: 0, text: 'which?', annotation_ids: [0], status: 'accepted' }];

function file(content: unknown): string {
  const path = join(tempFolder(), 'in.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** The handle of a file, as a listing of its folder gives it. */
async function handleOf(test: ReturnType<typeof startProjectApp>, path: string): Promise<string> {
  const handle = await test.grant(join(path, '..'));
  const { files } = await test.call('folders.list', { handle, files: ['json'] });
  return files.find(({ name }) => path.endsWith(name))!.handle;
}

test('looked at first, then imported; pages hear it, and a page that has the image open reads it again', async () => {
  const app = startProjectApp();
  const { images: listed } = await withProject(app, '1.png', '2.png');
  const before = await app.call('image.read', { imageId: listed[0]!.id });
  const from = await handleOf(app, file({ images, annotations, queries }));
  const would = await app.call('project.import', { from, dryRun: true });
  expect(would.report).toMatchObject({ dryRun: true, kept: { images: 2, instances: 2, queries: 1 } });
  expect(app.heard('project.changed')).toEqual([]);
  const progress: string[] = [];
  const did = await app.call('project.import', { from }, { onProgress: ({ stage }) => progress.push(stage) });
  expect(did.report).toMatchObject({ format: 'coco', guessed: true, kept: { images: 2, instances: 2, queries: 1 } });
  expect(new Set(progress)).toEqual(new Set(['read', 'write']));
  const [heard] = app.heard('project.changed');
  expect(heard!.what).toBe('import.coco');
  expect(heard!.seq).toBeGreaterThan(before.seq + 1);
  const after = await app.call('image.read', { imageId: listed[0]!.id });
  expect(after).toMatchObject({ seq: heard!.seq, queries: [{ text: 'which?' }], instances: [{ area: 6 }] });
  expect((await app.call('images.list', { filter: { state: 'done' } })).total).toBe(1);
});

test('what is no format is refused with what to do, and the project is as it was', async () => {
  const app = startProjectApp();
  await withProject(app, '1.png');
  for (const content of ['{"images": [', '[]', '{}']) {
    const error = await app.fails('project.import', { from: await handleOf(app, file(content)), format: 'coco' });
    expect(error).toMatchObject({ code: 'bad-request', hint: expect.stringMatching(/\S/) });
  }
  expect(await app.fails('project.import', { from: 'a-path-of-mine' })).toMatchObject({ code: 'not-found' });
  expect((await app.call('project.stats', {})).instances).toBe(0);
  expect(app.heard('project.changed')).toEqual([]);
});

test('cancelled: nothing is changed', async () => {
  const app = startProjectApp();
  await withProject(app, '1.png', '2.png');
  const from = await handleOf(app, file({ images, annotations }));
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const error = await app.fails('project.import', { from }, { signal: controller.signal, onProgress });
  expect(error.code).toBe('cancelled');
  expect((await app.call('project.stats', {})).instances).toBe(0);
});
