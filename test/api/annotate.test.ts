/** @file Annotating through the application: every action is on disk, told to all pages, and refused when it does not fit. */
import { describe, expect, test } from 'vitest';
import type { Input } from '../../src-main/contract/api.ts';
import type { Changed } from '../../src-main/contract/methods-annotate.ts';
import { listEvents } from '../../src-main/store/events.ts';
import { openProject } from '../../src-main/store/project.ts';
import { box, openBench } from './annotate-app.ts';

test('a query, a mask, a rank and a note: answered, told to all pages in order, and read back as one document', async () => {
  const { call, events, images, folder } = await openBench();
  const [image] = images;
  const cost = { clicks: 3, strokes: 1, ms: 4000 };
  const added = await call('query.add', {
    imageId: image,
    text: '  what could one sit on? ',
    reasoningType: 'spatial',
  });
  const first = await call('instance.add', {
    imageId: image,
    queryIds: [added.queryId],
    rle: box(10, 10, 50, 40),
    cost,
  });
  const second = await call('instance.add', { imageId: image, queryIds: [added.queryId], rle: box(100, 10, 50, 40) });
  const instanceIds = [second.instanceId, first.instanceId];
  await call('query.rank', { queryId: added.queryId, instanceIds });
  const { categoryId } = await call('category.add', { name: 'chair' });
  await call('instance.edit', { instanceId: first.instanceId, edit: { categoryId, attributes: { colour: 'red' } } });
  await call('query.edit', { queryId: added.queryId, edit: { clear: true, note: 'good' } });

  const document = await call('image.read', { imageId: image });
  expect(document).toMatchObject({
    seq: 7,
    image: { id: image, width: 1280, height: 854 },
    queries: [
      {
        ...{ text: 'what could one sit on?', form: 'long', reasoningType: 'spatial', status: 'accepted' },
        ...{ clear: true, note: 'good', reviewer: 'ann' },
      },
    ],
    instances: [
      { id: first.instanceId, area: 2000, bbox: [10, 10, 50, 40], categoryId, attributes: { colour: 'red' } },
      { id: second.instanceId, categoryId: null },
    ],
    links: [
      { instanceId: second.instanceId, rank: 1 },
      { instanceId: first.instanceId, rank: 2 },
    ],
    history: { undo: 'query.edit', redo: null },
  });
  const told = events('project.changed');
  expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(told.map(({ session }) => session)).toEqual(Array(7).fill(document.session));
  expect(told[1]).toEqual(first.changed);
  expect(first.changed).toMatchObject({
    what: 'instance.add',
    imageId: image,
    images: [{ id: image, state: 'done', counts: { accepted: 1, instances: 1 } }],
  });
  expect(told[4]).toMatchObject({
    what: 'category.add',
    imageId: null,
    images: [],
    history: { undo: null, redo: null },
  });
  // Another reader of the file sees it all, and what it cost.
  const other = await openProject(folder, { readonly: true });
  const event = listEvents(other.db).find(({ instanceId }) => instanceId === first.instanceId);
  await other.close();
  expect(event).toMatchObject({ who: 'ann', what: 'instance.add', imageId: image, ...cost });
});

test('one mask answers two queries; taken out of one it stays in the other, and alone it is a plain annotation', async () => {
  const { call, images } = await openBench();
  const [imageId] = images;
  const a = await call('query.add', { imageId, text: 'a' });
  const b = await call('query.add', { imageId, text: 'b' });
  const { instanceId } = await call('instance.add', { imageId, queryIds: [a.queryId], rle: box(0, 0, 9, 9) });
  await call('instance.link', { queryId: b.queryId, instanceId, linked: true });
  const linked = await call('instance.link', { queryId: a.queryId, instanceId, linked: false });
  expect(linked.changed).toMatchObject({ what: 'instance.unlink', imageId, history: { undo: 'instance.unlink' } });
  expect((await call('image.read', { imageId })).queries.map(({ status }) => status)).toEqual(['draft', 'accepted']);
  await call('instance.link', { queryId: b.queryId, instanceId, linked: false });
  expect((await call('image.read', { imageId })).instances).toHaveLength(1);
});

test('a rejected query that is taken up again has the status that follows from its answer', async () => {
  const { call, images } = await openBench();
  const [imageId] = images;
  const { queryId } = await call('query.add', { imageId, text: 'a' });
  await call('instance.add', { imageId, queryIds: [queryId], rle: box(0, 0, 9, 9) });
  const status = async () => (await call('image.read', { imageId })).queries[0]!.status;
  await call('query.edit', { queryId, edit: { status: 'rejected' } });
  expect(await status()).toBe('rejected');
  await call('query.edit', { queryId, edit: { status: 'draft' } });
  expect(await status()).toBe('accepted');
});

test('texts of queries come back newest first, each once, without those that the image has', async () => {
  const { call, images } = await openBench();
  const [a, b] = images;
  for (const text of ['one', 'two', 'three']) await call('query.add', { imageId: a, text });
  await call('query.add', { imageId: b, text: 'two' });
  expect((await call('queries.recent', {})).texts).toEqual(['two', 'three', 'one']);
  expect((await call('queries.recent', { limit: 1 })).texts).toEqual(['two']);
  expect((await call('queries.recent', { imageId: b })).texts).toEqual(['three', 'one']);
});

test('two pages at one query: the one that has not seen the change is told, and nothing of either is lost', async () => {
  const { call, dispatch, images } = await openBench();
  const [imageId] = images;
  const { queryId, changed } = await call('query.add', { imageId, text: 'what?' });
  const version = versionIn(changed, queryId);
  const first = await call('query.edit', { queryId, version, edit: { note: 'by one page' } });
  for (const stale of [
    dispatch('query.edit', { queryId, version, edit: { note: 'by the other' } }),
    dispatch('query.noTarget', { queryId, version, noTarget: true }),
    dispatch('query.delete', { queryId, version }),
  ]) {
    expect(await stale).toMatchObject({
      ok: false,
      error: {
        code: 'conflict',
        message: expect.stringContaining('"what?"'),
        hint: expect.stringContaining('Nothing was changed'),
      },
    });
  }
  await call('query.edit', { queryId, version: versionIn(first.changed, queryId), edit: { clear: true } });
  const document = await call('image.read', { imageId });
  expect(document).toMatchObject({ seq: 3, queries: [{ note: 'by one page', clear: true, noTarget: false }] });
  const { instanceId } = await call('instance.add', { imageId, queryIds: [queryId], rle: box(0, 0, 9, 9) });
  const edit = { instanceId, queryId, version, edit: { rle: box(1, 1, 9, 9) } };
  expect(await dispatch('instance.edit', edit)).toMatchObject({ error: { code: 'conflict' } });
  expect(await dispatch('instance.edit', { ...edit, queryId: undefined as never })).toMatchObject({
    error: { code: 'bad-request', message: expect.stringContaining('queryId') },
  });
});

describe('what does not fit is refused with words, and nothing is stored', () => {
  test.each<[string, (ids: { imageId: number; queryId: number }) => [string, unknown], string, RegExp]>([
    ['1 MB of text', ({ imageId }) => ['query.add', { imageId, text: 'x'.repeat(2 ** 20) }], 'bad-request', /text/],
    ['no text', ({ imageId }) => ['query.add', { imageId, text: ' \n ' }], 'bad-request', /text/],
    [
      'a text that is there',
      ({ imageId }) => ['query.add', { imageId, text: 'what?' }],
      'conflict',
      /has the query "what\?" already/,
    ],
    ['a made-up image', () => ['query.add', { imageId: 4711, text: 'x' }], 'not-found', /no image 4711/],
    ['a made-up query', () => ['query.noTarget', { queryId: 99, noTarget: true }], 'not-found', /no query 99/],
    ['a made-up proposal', () => ['proposal.accept', { proposalId: 99 }], 'not-found', /no proposal 99/],
    ['a made-up instance', () => ['instance.delete', { instanceId: 99 }], 'not-found', /no instance 99/],
    ['an id that is none', () => ['image.read', { imageId: '1; DROP TABLE image' }], 'bad-request', /imageId/],
    ['numbers for words', ({ queryId }) => ['query.edit', { queryId, edit: { note: 7 } }], 'bad-request', /edit\.note/],
    ['no input', () => ['query.add', null], 'bad-request', /cannot use this input/],
    [
      'negative cost',
      ({ imageId }) => ['query.add', { imageId, text: 'x', cost: { clicks: -1 } }],
      'bad-request',
      /clicks/,
    ],
    [
      'nothing to accept',
      ({ queryId }) => ['proposal.acceptAll', { queryId }],
      'conflict',
      /No proposal waits for "what\?"/,
    ],
    ['a category that is none', ({ imageId }) => ['category.add', { name: ' ', imageId }], 'bad-request', /name/],
  ])('%s', async (_, make, code, message) => {
    const { call, dispatch, images, events } = await openBench();
    const [imageId] = images;
    const { queryId } = await call('query.add', { imageId, text: 'what?' });
    const before = await call('image.read', { imageId });
    const [method, input] = make({ imageId, queryId });
    const result = await dispatch(method as 'query.add', input as Input<'query.add'>);
    expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(message) } });
    expect(result.ok ? '' : result.error.message.length).toBeLessThan(1000);
    expect(await call('image.read', { imageId })).toEqual(before);
    expect(events('project.changed')).toHaveLength(1);
  });

  test('masks of another size, without pixels, damaged, and the same one twice', async () => {
    const { call, dispatch, images } = await openBench();
    const [imageId] = images;
    const { queryId } = await call('query.add', { imageId, text: 'what?' });
    const good = box(5, 5, 20, 20);
    await call('instance.add', { imageId, queryIds: [queryId], rle: good });
    const before = await call('image.read', { imageId });
    const wrong: [unknown, string, RegExp][] = [
      [
        box(5, 5, 20, 20, { width: 854, height: 1280 }),
        'bad-request',
        /854 x 1280 pixels, but its image is 1280 x 854/,
      ],
      [box(5, 5, 0, 0), 'bad-request', /empty/],
      [{ size: [854, 1280], counts: good.counts.slice(0, -2) }, 'bad-request', /add up|cut|RLE/i],
      [{ size: [854, 1280], counts: '~~~' }, 'bad-request', /./],
      [{ size: [1e9, 1e9], counts: '1' }, 'bad-request', /./],
      [{ size: [854, 1280], counts: 'x'.repeat(2 ** 20) }, 'bad-request', /./],
      [good, 'conflict', /"what\?" has this very mask already/],
    ];
    for (const [rle, code, message] of wrong) {
      const result = await dispatch('instance.add', { imageId, queryIds: [queryId], rle: rle as never });
      expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(message) } });
    }
    const other = await call('query.add', { imageId: images[1], text: 'elsewhere' });
    expect(await dispatch('instance.add', { imageId, queryIds: [other.queryId], rle: good })).toMatchObject({
      error: { code: 'bad-request', message: expect.stringContaining('different images') },
    });
    expect(await call('image.read', { imageId })).toEqual({ ...before, seq: before.seq + 1 });
  });

  test('without a project there is nothing to annotate', async () => {
    const { call, dispatch, images } = await openBench();
    await call('project.close', {});
    const result = await dispatch('query.add', { imageId: images[0], text: 'x' });
    expect(result).toMatchObject({ error: { code: 'not-found', message: 'No project is open.' } });
  });
});

function versionIn({ diff }: Changed, queryId: number): number {
  const put = diff.put.find(({ table, record }) => table === 'query' && record.id === queryId);
  return put?.table === 'query' ? put.record.version : 0;
}
