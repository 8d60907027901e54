/** @file Undo and redo of an image: kept by the host, stored like any other change, bounded. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createHistories,
  historyOf,
  keepStep,
  maxBytes,
  maxSteps,
  nextStep,
  turnStep,
} from '../../src-main/api/history.ts';
import type { Diff } from '../../src-main/contract/diff.ts';
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import { openDatabase } from '../../src-main/store/database.ts';
import { openProject } from '../../src-main/store/project.ts';
import { editQuery } from '../../src-main/store/queries.ts';
import { type Bench, box, openBench } from './annotate-app.ts';

/** What an annotator sees of an image: all of it but the numbers of changes. */
const seen = ({ seq: _, history: __, ...document }: ImageDocument) => document;

/** Edits of every kind on one image, each with what was there before it. */
async function work({ call, images: [imageId] }: Bench) {
  const states: ImageDocument[] = [];
  const read = async () => void states.push(await call('image.read', { imageId }));
  await read();
  const { queryId } = await call('query.add', { imageId, text: 'what?' });
  await read();
  await call('query.edit', { queryId, edit: { text: 'what else?' } });
  await read();
  await call('query.noTarget', { queryId, noTarget: true });
  await read();
  await call('query.noTarget', { queryId, noTarget: false });
  await read();
  const { instanceId } = await call('instance.add', { imageId, queryIds: [queryId], rle: box(0, 0, 20, 20) });
  await read();
  await call('instance.edit', { instanceId, edit: { rle: box(0, 0, 30, 20) } });
  await read();
  await call('instance.delete', { instanceId });
  await read();
  await call('query.delete', { queryId });
  await read();
  return states;
}

test('all of it is taken back step by step and brought back again, and each step is on disk', async () => {
  const bench = await openBench();
  const { call, images, folder, events } = bench;
  const [imageId] = images;
  const states = await work(bench);
  const whats = events('project.changed').map(({ what }) => what);
  for (let k = states.length - 2; k >= 0; k--) {
    const { changed } = await call('history.undo', { imageId });
    expect(changed).toMatchObject({ what: 'undo', imageId, history: { undo: whats[k - 1] ?? null, redo: whats[k] } });
    expect(seen(await call('image.read', { imageId }))).toEqual(seen(states[k]!));
  }
  expect(await call('history.undo', { imageId })).toEqual({ changed: null });
  const disk = await openProject(folder, { readonly: true });
  expect(disk.db.prepare('SELECT count(*) AS n FROM query').get()).toEqual({ n: 0 });
  await disk.close();
  for (let k = 1; k < states.length; k++) {
    await call('history.redo', { imageId });
    expect(seen(await call('image.read', { imageId }))).toEqual(seen(states[k]!));
  }
  expect(await call('history.redo', { imageId })).toEqual({ changed: null });
});

test('each image has its own steps; a new change ends what could be brought back, on its image only', async () => {
  const { call, images } = await openBench();
  const [a, b] = images;
  await call('query.add', { imageId: a, text: 'on a' });
  await call('query.add', { imageId: b, text: 'on b' });
  await call('history.undo', { imageId: a });
  await call('history.undo', { imageId: b });
  const { changed } = await call('query.add', { imageId: a, text: 'another' });
  expect(changed.history).toEqual({ undo: 'query.add', redo: null });
  expect((await call('image.read', { imageId: b })).history).toEqual({ undo: null, redo: 'query.add' });
  expect((await call('history.redo', { imageId: b })).changed?.images).toMatchObject([{ id: b, state: 'open' }]);
  expect((await call('image.read', { imageId: a })).queries.map(({ text }) => text)).toEqual(['another']);
});

test('a step that no longer fits says so, changes nothing and stays where it is', async () => {
  const { call, dispatch, images, folder } = await openBench();
  const [imageId] = images;
  const { queryId } = await call('query.add', { imageId, text: 'what?' });
  await call('query.edit', { queryId, edit: { note: 'mine' } });
  // Another connection to the file writes past the application.
  const other = await openDatabase(join(folder, 'project.sqlite'));
  editQuery(other, queryId, { note: 'theirs' }, {});
  other.close();
  expect(await dispatch('history.undo', { imageId })).toMatchObject({
    ok: false,
    error: {
      code: 'conflict',
      message: expect.stringMatching(/^The step "query\.edit" cannot be taken back: Query \d+ was changed meanwhile/),
      hint: expect.stringContaining('the step is kept'),
    },
  });
  const document = await call('image.read', { imageId });
  expect(document.queries[0]!.note).toBe('theirs');
  expect(document.history).toEqual({ undo: 'query.edit', redo: null });
});

test('closing the project ends its history', async () => {
  const { app, call, images, folder } = await openBench();
  await call('query.add', { imageId: images[0], text: 'what?' });
  await call('project.close', {});
  await call('project.open', { folder: await app.grantFolder(folder) });
  const document = await call('image.read', { imageId: images[0] });
  expect(document).toMatchObject({ seq: 0, queries: [{ text: 'what?' }], history: { undo: null, redo: null } });
});

const diffOf = (bytes: number): Diff => ({
  put: [
    {
      table: 'category',
      record: { id: 1, name: 'x'.repeat(bytes), supercategory: null },
    },
  ],
  remove: [],
  expect: [],
});

test('at most so many steps an image: the oldest go first', () => {
  const histories = createHistories();
  for (let k = 0; k < maxSteps + 5; k++) keepStep(histories, 1, `step ${k}`, diffOf(1));
  let count = 0;
  let last = '';
  for (; nextStep(histories, 1, 'undo'); count++) {
    last = nextStep(histories, 1, 'undo')!.what;
    turnStep(histories, 1, 'undo', diffOf(1));
  }
  expect([count, last]).toEqual([maxSteps, 'step 5']);
});

test('at most so many bytes of all images: the step kept longest ago goes, wherever it is', () => {
  const histories = createHistories();
  const quarter = maxBytes / 4;
  keepStep(histories, 1, 'oldest', diffOf(quarter));
  keepStep(histories, 2, 'on another image', diffOf(quarter));
  keepStep(histories, 1, 'third', diffOf(quarter));
  turnStep(histories, 1, 'undo', diffOf(quarter)); // what can be brought back counts too
  keepStep(histories, 3, 'fourth', diffOf(quarter));
  expect(historyOf(histories, 1)).toEqual({ undo: null, redo: 'third' });
  expect(historyOf(histories, 2).undo).toBe('on another image');
  keepStep(histories, 3, 'fifth', diffOf(quarter));
  expect(historyOf(histories, 2).undo).toBeNull();
  expect(historyOf(histories, 1).redo).toBe('third');
  expect(histories.bytes).toBeLessThanOrEqual(maxBytes);
  keepStep(histories, 1, 'new', diffOf(1));
  expect(historyOf(histories, 1)).toEqual({ undo: 'new', redo: null });
});
