/** @file A query put to a real chat server and the real segmenter: what is stored, and what happens meanwhile. */
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { iou } from '../../src-main/mask/boolean.ts';
import { type ChatServer, completion, json, type Reply, startServer } from '../endpoint/server.ts';
import { drawn, mugBox, sceneSize, until } from '../engine/scene.ts';
import { box, memoryKeychain, openBench } from './annotate-app.ts';

const servers: ChatServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const [x1, y1, x2, y2] = mugBox;
const thousand = (value: number, side: number) => Math.round((1000 * value) / side);
const { width, height } = sceneSize;
const mug = `[${thousand(x1, width)}, ${thousand(y1, height)}, ${thousand(x2, width)}, ${thousand(y2, height)}]`;
const answer = `The mug can be drunk from. [{"bbox_2d": ${mug}, "label": "mug"}]`;

/** A project with a query on its first image, and an endpoint "chat" with a key in the keychain. */
async function asking(replies: Reply[]) {
  const server = await startServer(replies);
  servers.push(server);
  const keys = new Map<string, string>();
  const bench = await openBench({ keychain: memoryKeychain(keys) });
  const endpoint = endpointSpecFor(server.baseUrl, 'qwen3-vl');
  await bench.call('endpoints.save', { id: 'chat', title: 'Chat', endpoint, key: 'sk-secret-1' });
  const [imageId] = bench.images;
  const { queryId } = await bench.call('query.add', { imageId, text: 'what could one drink from?' });
  const read = () => bench.call('image.read', { imageId });
  return { ...bench, server, imageId, queryId, read, ask: { queryId, reasoner: 'chat', cost: { ms: 900 } } };
}

/** A reply that waits until `release` is called. */
function held(content: string): { reply: Reply; release: () => void } {
  let waiting: ServerResponse | undefined;
  let open = false;
  const send = () => {
    if (!open || !waiting) return;
    waiting.writeHead(200, { 'content-type': 'application/json' });
    waiting.end(JSON.stringify(completion({ content })));
  };
  return {
    reply: (response) => {
      waiting = response;
      send();
    },
    release: () => {
      open = true;
      send();
    },
  };
}

test('asked, offered, mended, accepted, asked again without repeats, and all of it taken back', async () => {
  const { app, call, dispatch, server, read, ask, queryId, imageId, events } = await asking([answer]);
  const steps: string[] = [];
  const first = await app.dispatch('query.ask', ask, { onProgress: ({ kind }) => steps.push(kind) });
  if (!first.ok) throw new Error(first.error.message);
  expect(first.value).toMatchObject({ proposals: 1, duplicates: 0, answer: 'The mug can be drunk from.' });
  expect(first.value.changed).toMatchObject({
    what: 'query.propose',
    imageId,
    images: [{ state: 'open', counts: { pending: 1 } }],
  });
  expect(events('project.changed').at(-1)).toEqual(first.value.changed);
  expect(steps).toEqual(expect.arrayContaining(['question', 'answer']));
  expect(server.seen[0]!.authorization).toBe('Bearer sk-secret-1');
  const asked = await read();
  const [proposal] = asked.proposals;
  expect(asked).toMatchObject({
    queries: [{ status: 'proposed' }],
    runs: [
      { pack: 'mobile-sam', reasoner: 'chat', answer: 'The mug can be drunk from.', prompts: { profile: 'default' } },
    ],
    proposals: [{ status: 'pending', label: 'mug' }],
  });
  expect(iou(proposal!.rle, await drawn('mug-blue'))).toBeGreaterThan(0.8);
  expect(JSON.stringify(asked)).not.toContain('sk-secret');

  // A corrected mask keeps the model's score and says that it was corrected; asking again offers it no second time.
  const mended = encodeRle({ width, height, data: Uint8Array.from(await pixelsWithout(proposal!.rle)) });
  const accepted = await call('proposal.accept', { proposalId: proposal!.id, rle: mended });
  expect((await read()).instances).toMatchObject([
    {
      id: accepted.instanceId,
      rle: mended,
      score: proposal!.score,
      source: 'model',
      attributes: { label: 'mug', edited: true },
    },
  ]);
  const again = await call('query.ask', ask);
  expect(again).toMatchObject({ proposals: 0, duplicates: 1 });
  expect((await read()).queries[0]).toMatchObject({ status: 'accepted', reviewer: 'ann' });
  for (const what of ['query.propose', 'proposal.accept', 'query.propose']) {
    expect((await read()).history.undo).toBe(what);
    await call('history.undo', { imageId });
  }
  expect(await read()).toMatchObject({
    queries: [{ id: queryId, status: 'draft' }],
    runs: [],
    proposals: [],
    instances: [],
  });
  await call('history.redo', { imageId });
  expect((await read()).proposals).toEqual(asked.proposals);

  // All or those named, in one step; all rejected is undecided again.
  expect(await dispatch('proposal.acceptAll', { queryId, proposalIds: [99] })).toMatchObject({
    error: { code: 'not-found' },
  });
  expect(await call('proposal.acceptAll', { queryId, proposalIds: [proposal!.id] })).toMatchObject({ accepted: 1 });
  expect((await read()).instances).toMatchObject([{ attributes: { label: 'mug' } }]);
  await call('history.undo', { imageId });
  await call('proposal.reject', { proposalId: proposal!.id });
  expect((await read()).queries[0]!.status).toBe('draft');
});

/** The mask without its upper rows. */
async function pixelsWithout(rle: { size: [number, number]; counts: string }) {
  const { decodeRle } = await import('../../src-main/contract/rle.ts');
  const { data } = decodeRle(rle);
  data.fill(0, 0, width * (y1 + 10));
  return data;
}

test('nothing found, a useless answer and a refused key leave the query as it was, with words to act on', async () => {
  const replies = ['[]', 'I like mugs.', json({ error: { message: 'Incorrect API key provided' } }, 401)];
  const { call, dispatch, read, ask, server } = await asking([
    '[]',
    'I like mugs.',
    'I like mugs.',
    ...replies.slice(2),
  ]);
  expect(await call('query.ask', ask)).toMatchObject({ proposals: 0, duplicates: 0 });
  expect((await read()).queries[0]).toMatchObject({ status: 'draft', noTarget: false });
  const before = await read();
  expect(await dispatch('query.ask', ask)).toMatchObject({
    error: { code: 'bad-answer', message: expect.stringContaining('I like mugs.'), hint: expect.any(String) },
  });
  const refused = await dispatch('query.ask', ask);
  expect(refused).toMatchObject({ error: { code: 'endpoint', message: expect.stringContaining('401') } });
  expect(JSON.stringify(refused)).not.toContain('sk-secret');
  expect(await dispatch('query.ask', { ...ask, reasoner: 'mobile-sam' })).toMatchObject({
    error: { code: 'bad-request' },
  });
  expect(await dispatch('query.ask', { ...ask, reasoner: 'nowhere' })).toMatchObject({ error: { code: 'not-found' } });
  expect(await read()).toEqual(before);
  expect(server.problems).toEqual([]);
});

test('what people do while the model works: edits are kept, the answer goes to its query or says why not', async () => {
  const late = Array.from({ length: 4 }, () => held(answer));
  const { call, dispatch, read, ask, server, queryId, imageId, images } = await asking(late.map(({ reply }) => reply));
  const whileAsking = async (k: number, deed: () => Promise<unknown>) => {
    const pending = dispatch('query.ask', ask);
    await until(() => server.seen.length > k, 'the server is asked');
    await deed();
    late[k]!.release();
    return pending;
  };
  // Another page looks at another image, writes a note and adds a mask of its own: nothing of either is lost.
  const done = await whileAsking(0, async () => {
    await call('query.add', { imageId: images[1], text: 'something else' });
    await call('query.edit', { queryId, edit: { note: 'by another page' } });
    await call('instance.add', { imageId, queryIds: [queryId], rle: box(1000, 100, 30, 30) });
  });
  expect(done).toMatchObject({ ok: true, value: { proposals: 1, changed: { imageId } } });
  expect(await read()).toMatchObject({
    queries: [{ note: 'by another page', status: 'proposed' }],
    instances: [{ bbox: [1000, 100, 30, 30] }],
    proposals: [{ status: 'pending' }],
  });
  expect((await call('image.read', { imageId: images[1] })).proposals).toEqual([]);

  const edited = await whileAsking(1, () => call('query.edit', { queryId, edit: { text: 'another question' } }));
  expect(edited).toMatchObject({ error: { code: 'conflict', message: expect.stringContaining('"another question"') } });
  await call('history.undo', { imageId });
  const deleted = await whileAsking(2, () => call('query.delete', { queryId }));
  expect(deleted).toMatchObject({ error: { code: 'conflict', message: expect.stringContaining('deleted') } });
  await call('history.undo', { imageId });
  expect((await read()).proposals).toHaveLength(1);

  const closed = await whileAsking(3, () => call('project.close', {}));
  expect(closed).toMatchObject({ error: { code: 'cancelled', message: 'The project was closed meanwhile.' } });
});

test('a cancelled question leaves everything as it was and lets go of the server', async () => {
  const late = held(answer);
  const { app, read, ask, server } = await asking([late.reply]);
  const before = await read();
  const controller = new AbortController();
  const pending = app.dispatch('query.ask', ask, { signal: controller.signal });
  await until(() => server.seen.length > 0, 'the server is asked');
  controller.abort();
  expect(await pending).toMatchObject({ error: { code: 'cancelled' } });
  await until(() => server.dropped === 1, 'the connection is closed');
  expect(await read()).toEqual(before);
});
