/** @file Candidates decided on and taken back, templates in versions, captions, lists: what the page calls. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { writersOf } from '../../src-main/store/generation-candidates.ts';
import { openProject } from '../../src-main/store/project.ts';
import { startProjectApp, type TestApp, tempFolder } from '../api/project-app.ts';
import { type ChatServer, completion } from '../endpoint/server.ts';
import { candidatesOf, generate, labelled, rest, saveEndpoint, serving, written } from './generate-bench.ts';

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function writtenProject(answer: () => string, images = 1) {
  const app = startProjectApp();
  const project = await labelled(app, images);
  server = await serving(answer);
  await saveEndpoint(app, server.baseUrl);
  await generate(app, { parallel: 1 });
  return { app, ...project };
}

const two = JSON.stringify({
  queries: [
    { text: 'Which of these could the guests drink their tea from today?', targets: [1, 2] },
    { text: 'Which cups are the nearest to the window in the morning?', targets: [1] },
  ],
});

const queries = async (app: TestApp, imageId: number) => (await app.call('image.read', { imageId })).queries;

test('kept is a draft query, taken back with undo and brought back with redo, also when the query was deleted', async () => {
  const { app, ids, folder } = await writtenProject(() => two);
  const imageId = ids[0]!;
  const [first, second] = await candidatesOf(app, imageId);
  expect(second!.flags).toEqual([{ code: 'leak', note: '"cups" is the class.' }]);
  const decide = (candidateId: number, decision: 'keep' | 'drop' | 'reopen' | 'edit', more = {}) =>
    app.call('candidate.decide', { candidateId, decision, cost: { ms: 700 }, ...more });
  const kept = await decide(first!.id, 'keep');
  expect(kept.changed).toMatchObject({ what: 'candidate.keep', imageId });
  expect(await queries(app, imageId)).toMatchObject([
    {
      id: kept.candidate.queryId,
      text: first!.text,
      status: 'draft',
      source: 'model',
      form: 'long',
      reasoningType: 'attribute',
    },
  ]);
  await app.call('history.undo', { imageId });
  expect(await queries(app, imageId)).toEqual([]);
  expect((await candidatesOf(app, imageId))[0]).toEqual(first);
  await app.call('history.redo', { imageId });
  expect((await candidatesOf(app, imageId))[0]).toEqual(kept.candidate);

  // Its query may go; where it came from stays known, and undo brings both together again.
  await app.call('query.delete', { queryId: kept.candidate.queryId! });
  expect((await candidatesOf(app, imageId))[0]).toMatchObject({ state: 'kept' });
  await app.call('history.undo', { imageId });
  expect(await queries(app, imageId)).toHaveLength(1);

  const twice = await app.fails('candidate.decide', { candidateId: first!.id, decision: 'drop' });
  expect(twice).toMatchObject({ code: 'conflict' });
  await decide(second!.id, 'drop');
  await decide(second!.id, 'reopen');
  const same = await app.fails('candidate.decide', { candidateId: second!.id, decision: 'keep', text: first!.text });
  expect(same.message).toContain('already');
  const text = 'What would the guests lift to their lips near the window?';
  const edited = await decide(second!.id, 'edit', { text, form: 'long' });
  expect(edited.candidate).toMatchObject({ text, original: second!.text, flags: [], state: 'new' });
  const leaking = await decide(second!.id, 'edit', { text: 'What are the cups good for on a cold morning?' });
  expect(leaking.candidate.flags.map(({ code }) => code)).toEqual(['leak']);
  expect((await app.call('project.check', {})).findings).toEqual([]);
  const { counts } = await app.call('candidates.images', {});
  expect(counts).toEqual({ new: 1, kept: 1, dropped: 0 });
  const reader = await openProject(folder, { readonly: true });
  expect(writersOf(reader.db)).toMatchObject([{ model: 'writer', template: 'attribute', version: 1, queries: 1 }]);
  await reader.close();
});

test('the same words again are a duplicate here and a repetition elsewhere', async () => {
  const { app, ids } = await writtenProject(() => two, 2);
  const [, other] = await Promise.all(ids.map((id) => candidatesOf(app, id)));
  expect(other![0]!.flags.map(({ code }) => code)).toEqual(['elsewhere']);
  await generate(app, { images: [ids[1]!] });
  const again = (await candidatesOf(app, ids[1]!)).slice(2);
  expect(again.map(({ flags }) => flags[0]!.code)).toEqual(['duplicate', 'duplicate']);
  const list = await app.call('candidates.images', { filter: 'new' });
  expect(list.images.map((row) => row.new)).toEqual([2, 4]);
});

test('a template in versions: an edit is asked anew, and what was made before keeps its words', async () => {
  const { app, ids } = await writtenProject(() => written(1));
  const imageId = ids[0]!;
  const all = async () => (await app.call('templates.list', {})).templates;
  const before = (await all()).find(({ name }) => name === 'attribute')!;
  expect(before).toMatchObject({ version: 1, builtIn: true, edited: false });
  const { template } = await app.call('templates.save', { ...before, body: 'Each {class} in {wanted} ways.' });
  expect(template).toMatchObject({ version: 2, edited: true });
  const same = await app.call('templates.save', { ...before, body: 'Each {class} in {wanted} ways.' });
  expect(same.template.version).toBe(2);
  const wrong = await app.fails('templates.save', { ...before, body: '{klass}' });
  expect(wrong.message).toContain('{klass}');
  const own = { ...before, name: 'of-mine', title: 'Mine', body: 'What of {count} x {class}? {caption}' };
  await app.call('templates.save', own);
  expect((await all()).at(-1)).toMatchObject({ name: 'of-mine', version: 1, builtIn: false });

  const preview = await app.call('generate.preview', { imageId, template: 'of-mine' });
  expect(preview).toMatchObject({ className: 'cup', count: 2, problems: [] });
  expect(preview.prompt).toContain('What of 2 x cup? none');
  await generate(app);
  expect(server!.seen.at(-1)!.turns[0]![1]).toContain('Each cup in 2 ways.');
  const [first, second] = await candidatesOf(app, imageId);
  const from = async (candidateId: number) => (await app.call('candidate.provenance', { candidateId })).provenance;
  expect((await from(first!.id)).template.version).toBe(1);
  expect((await from(second!.id)).template.version).toBe(2);
  expect((await from(first!.id)).prompt).toContain('The reasoning: attributes');
});

test("captions by a handle or, on the user's behalf, by a path; a file without captions is refused", async () => {
  const app = startProjectApp();
  const { ids } = await labelled(app, 2);
  const folder = tempFolder();
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  write('captions.json', {
    info: {},
    images: [{ id: '7', file_name: 'train\\p1.png' }],
    annotations: [
      { id: 1, image_id: '7', caption: ' Two\ncups. ' },
      { id: 2, image_id: 7, caption: 'On a table.' },
      { id: 3, image_id: 8, caption: 'Of no image.' },
      { id: 4, image_id: 7 },
    ],
  });
  write('instances.json', { images: [], annotations: [{ id: 1, image_id: 1, bbox: [] }] });
  const listing = await app.call('folders.list', { handle: await app.grant(folder), files: ['json'] });
  const file = (name: string) => listing.files.find((each) => each.name === name)!.handle;
  expect(await app.call('captions.load', { file: file('captions.json') })).toEqual({
    images: 1,
    captions: 2,
    unknown: 0,
  });
  expect((await app.call('candidates.read', { imageId: ids[0]! })).captions).toEqual(['Two cups.', 'On a table.']);
  expect((await app.fails('captions.load', { file: file('instances.json') })).message).toContain('no captions');
  expect((await app.fails('captions.load', { path: join(folder, 'captions.json') })).code).toBe('forbidden');
});

test('a list of queries: each image has its own step back; what is left out is said', async () => {
  const app = startProjectApp();
  const { ids } = await labelled(app, 2);
  const text =
    'p1.png\tWhat holds tea?\np1.png\twhat holds tea\np2.png\tthings for tea\tshort\tattribute\nq.png\tWhat?';
  const report = await app.call('queries.import', { text });
  expect(report).toMatchObject({ read: 4, added: 2 });
  expect(report.skipped.map(({ reason, count }) => [reason, count])).toEqual([
    ['The image has this query already', 1],
    ['No image of the project has this name', 1],
  ]);
  expect(await queries(app, ids[1]!)).toMatchObject([{ source: 'import', form: 'short', reasoningType: 'attribute' }]);
  await app.call('history.undo', { imageId: ids[0]! });
  expect(await queries(app, ids[0]!)).toEqual([]);
  expect(await queries(app, ids[1]!)).toHaveLength(1);
});

test('a project that is closed while a job runs says so when it is opened again, and goes on', async () => {
  const app = startProjectApp();
  const { folder } = await labelled(app, 4);
  let answers = 0;
  server = await serving(() => (response) => {
    answers += 1;
    if (answers === 2) return; // never answered: the project is closed meanwhile
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(completion({ content: written(1) })));
  });
  await saveEndpoint(app, server.baseUrl);
  const { generation } = await app.call('generate.start', {
    endpoint: 'writer',
    templates: ['attribute'],
    parallel: 1,
  });
  await expect.poll(() => answers).toBe(2);
  await app.call('project.close', {});
  await app.call('project.open', { folder: await app.grant(folder) });
  const { generations } = await app.call('generate.list', {});
  expect(generations[0]).toMatchObject({ state: 'paused', answered: 1, waiting: 3 });
  expect(generations[0]!.reason).toContain('The application ended while it ran');
  await app.call('generate.resume', { generationId: generation.id });
  expect(await rest(app, generation.id)).toMatchObject({ state: 'done', answered: 4, candidates: 4 });
  expect(answers).toBe(5);
});
