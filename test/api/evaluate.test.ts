/** @file Evaluation of an open project: what a researcher is told about a model, a file of results, and the project. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRequestLine } from '../../src-main/contract/batch.ts';
import type { Evaluation } from '../../src-main/contract/methods-evaluate.ts';
import { rejectProposal } from '../../src-main/store/proposals.ts';
import { alpha, answer, beta, evaluatedProject, inStore, rows } from './evaluate-project.ts';
import { startProjectApp, type TestApp, tempFolder, withProject } from './project-app.ts';

const ofModel = (model: typeof alpha) => ({ evaluated: { kind: 'model' as const, model }, resamples: 200 });
const figure = ({ figures }: Evaluation, name: string) => figures[name]!.value;

/** The handle of a file in a folder that the page looks into. */
async function fileHandle(page: TestApp, folder: string, name: string): Promise<string> {
  const { files } = await page.call('folders.list', { handle: await page.grant(folder), files: ['json', 'jsonl'] });
  return files.find((file) => file.name === name)!.handle;
}

test('the models that were asked, and figures of one that can be worked out by hand', async () => {
  const { page, ids, images } = await evaluatedProject();
  const choices = await page.call('evaluate.choices', {});
  expect(choices).toMatchObject({ accepted: 5, noTarget: 2 });
  expect(choices.models.map(({ model, queries }) => [model, queries])).toEqual([
    [alpha, 4],
    [beta, 2],
  ]);
  const stages = new Set<string>();
  const evaluation = await page.call('evaluate.run', ofModel(alpha), { onProgress: ({ stage }) => stages.add(stage) });
  expect([...stages]).toEqual(expect.arrayContaining(['score', 'intervals', 'pictures']));
  expect(evaluation).toMatchObject({
    queries: 4,
    images: 4,
    answered: 4,
    noTarget: 2,
    results: 'alpha with sam, default',
  });
  // IoU 1, 1/2, 1 (nothing, and nothing said), 0 (something said).
  expect(figure(evaluation, 'refined.gIoU')).toBeCloseTo(2.5 / 4, 5);
  // Pixels in both 32 + 16, in either 32 + 32 + 24.
  expect(figure(evaluation, 'refined.cIoU')).toBeCloseTo(48 / 88, 5);
  // Before refinement 32 of 40, 16 of 32, and nothing; the first mask of photo 3 was its semantic one.
  expect(figure(evaluation, 'semantic.gIoU')).toBeCloseTo((0.8 + 0.5 + 1) / 4, 5);
  expect(figure(evaluation, 'noTarget.recognised')).toBe(1 / 2);
  expect(figure(evaluation, 'noTarget.falseAlarms')).toBe(0);
  // Four masks were said: two hit, one is half of a true one (IoU .5 counts), one is of nothing. Three are true.
  expect(figure(evaluation, 'instances.F1')).toBeCloseTo((2 * 3) / (4 + 3), 9);
  const [low, high] = evaluation.figures['refined.gIoU']!.interval!;
  expect([low < 2.5 / 4, high > 2.5 / 4]).toEqual([true, true]);
  // Two of the three true masks of these queries are the model's own; the third was mended.
  expect(evaluation.identical).toEqual({ masks: 2, of: 3 });
  expect(evaluation.notes).toEqual(['1 accepted query was never put to this model.']);
  expect(evaluation.decoderCalls).toEqual({ median: 4, mean: 4 });
  // LISA's epsilon leaves the half a hair below .5.
  expect(evaluation.histogram.refined).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 2]);
  const part = evaluation.parts.find(({ name }) => name === 'reasoning_type')!;
  expect(part.rows.map(({ value, queries }) => [value, queries])).toEqual([
    ['none', 2],
    ['attribute', 1],
    ['spatial', 1],
  ]);
  // The worst first, with what was said and what was true, and where to find it.
  expect(evaluation.worst.map(({ queryId, refined }) => [queryId, Math.round(100 * refined!)])).toEqual([
    [ids[3], 0],
    [ids[1], 50],
  ]);
  const half = evaluation.worst[1]!;
  expect(half).toMatchObject({ imageId: images[1]!.id, text: 'one stripe', said: rows(0, 2), wanted: rows(0, 4) });
  expect(evaluation.best.map(({ queryId }) => queryId).toSorted()).toEqual([ids[0], ids[2]].toSorted());
});

test('two models on the queries that both were asked: whole answers count, also what was not offered again', async () => {
  const { page, ids } = await evaluatedProject();
  const input = { ...ofModel(alpha), against: beta };
  const { against, queries, notes, worst } = await page.call('evaluate.run', input);
  expect(queries).toBe(2);
  expect(notes).toContain('2 queries that only one of the two has answered do not count.');
  expect(notes).toContain('2 of 3 true masks are those of beta with sam, default, accepted as they were.');
  const gIoU = against!.differences.find((each) => each.figure === 'refined.gIoU')!;
  // Alpha: 1 and 1/2. Beta: 16 of 32 pixels, and all.
  expect([gIoU.value, gIoU.other]).toEqual([expect.closeTo(0.75, 5), expect.closeTo(0.75, 5)]);
  expect(gIoU.p).toBeGreaterThan(0.9);
  expect(against!.name).toBe('beta with sam, default');
  expect(worst.map(({ queryId }) => queryId)).toEqual([ids[1]]);
  const alone = await page.fails('evaluate.run', { ...ofModel(alpha), against: { ...beta, reasoner: 'nobody' } });
  expect(alone).toMatchObject({ code: 'bad-request', message: expect.stringContaining('of both models') });
});

test('answers that are no longer whole are left out and told; asking again mends it', async () => {
  const { page, folder, ids } = await evaluatedProject();
  const old = { ...alpha, reasoner: 'old' };
  await inStore(page, folder, (db) => {
    // The last of its query: its proposals are all of it.
    const [right] = answer(db, old, ids[0]!, [rows(0, 2)], { whole: false });
    rejectProposal(db, right!.id, {});
    answer(db, old, ids[1]!, [rows(0, 4), rows(4, 5)], { whole: false }); // another comes after it
    answer(db, beta, ids[1]!, [rows(0, 4)], { offered: [] });
    answer(db, old, ids[4]!, [rows(0, 1)], { whole: false, offered: [] }); // the query had it already
  });
  const first = await page.call('evaluate.run', ofModel(old));
  expect(first.queries).toBe(1);
  expect(first.notes).toEqual([
    '2 accepted queries were never put to this model.',
    'Of 2 accepted queries the answer was not kept whole; ask this model again to have them evaluated.',
    'Masks before refinement are not scored: they were not kept for 1 accepted query.',
  ]);
  expect(figure(first, 'semantic.gIoU')).toBeNull();
  expect(figure(first, 'refined.gIoU')).toBeCloseTo(0.5, 4);
  await inStore(page, folder, (db) => void answer(db, old, ids[1]!, [rows(0, 4)], { offered: [] }));
  expect(await page.call('evaluate.run', ofModel(old))).toMatchObject({ queries: 2 });
});

test('queries go out for batch, and results come back by their ids', async () => {
  const { page, ids } = await evaluatedProject();
  const requests = await page.call('evaluate.requests', {});
  expect(requests.queries).toBe(5);
  const lines = readFileSync(join(requests.folder, requests.name), 'utf8').trim().split('\n').map(parseRequestLine);
  expect(lines[1]).toMatchObject({ id: ids[1], query: 'one stripe', image: '1.png', width: 8, height: 6 });
  expect(existsSync(join(requests.images, lines[1]!.image))).toBe(true);

  const folder = tempFolder();
  const made = [
    { id: ids[0], instances: [{ segmentation: rows(0, 2), score: 0.9 }] },
    { id: ids[2], instances: [] },
    { id: 999, instances: [] },
    { id: ids[3], error: { code: 'endpoint', message: 'The server is down.' } },
  ];
  writeFileSync(join(folder, 'results.jsonl'), `${made.map((line) => JSON.stringify(line)).join('\n')}\nno JSON\n`);
  const file = await fileHandle(page, folder, 'results.jsonl');
  const evaluated = { kind: 'results' as const, file };
  const all = await page.call('evaluate.run', { evaluated, resamples: 0 });
  expect(all).toMatchObject({ queries: 5, answered: 2, results: 'results.jsonl', identical: { masks: 1, of: 2 } });
  expect(all.problems.counts).toEqual({ failed: 1, missing: 2, unknown: 1, unreadable: 1 });
  expect(figure(all, 'refined.gIoU')).toBeCloseTo(1.5 / 5, 5);
  const only = await page.call('evaluate.run', { evaluated, resamples: 0, onlyAnswered: true });
  expect(only).toMatchObject({ queries: 2, answered: 2 });
  expect(only.problems.counts).toEqual({ failed: 1, unknown: 1, unreadable: 1 });
  expect(figure(only, 'refined.gIoU')).toBeCloseTo(1.5 / 2, 5);
});

test('how far the project is from a ground truth file', async () => {
  const { page, folder, ids, images } = await evaluatedProject();
  await page.call('project.export', { name: 'truth' });
  const { instances } = await page.call('image.read', { imageId: images[1]!.id });
  const edit = { rle: rows(0, 3) };
  await page.call('instance.edit', { instanceId: instances[0]!.id, edit });
  await page.call('query.edit', { queryId: ids[4]!, edit: { status: 'rejected' } });
  const file = await fileHandle(page, join(folder, 'exports'), 'truth.json');
  const evaluated = { kind: 'truth' as const, file };
  const far = await page.call('evaluate.run', { evaluated, resamples: 0 });
  expect(far).toMatchObject({ queries: 5, answered: 4, truth: 'truth.json', noTarget: 2 });
  expect(figure(far, 'refined.gIoU')).toBeCloseTo((1 + 3 / 4 + 1 + 1 + 0) / 5, 5);
  expect(far.problems.counts).toEqual({ missing: 1 });
  // A click leads to the query of the project.
  expect(far.worst[0]).toMatchObject({ queryId: ids[1], imageId: images[1]!.id, said: rows(0, 3), wanted: rows(0, 4) });
  const done = await page.call('evaluate.run', { evaluated, resamples: 0, onlyAnswered: true });
  expect(figure(done, 'refined.gIoU')).toBeCloseTo(3.75 / 4, 5);
});

test('a finished evaluation is saved as it was shown', async () => {
  const { page, folder, images } = await evaluatedProject();
  const { id } = await page.call('evaluate.run', { ...ofModel(alpha), against: beta });
  await page.call('query.delete', {
    queryId: (await page.call('image.read', { imageId: images[0]!.id })).queries[0]!.id,
  });
  const saved = await page.call('evaluate.save', { id });
  expect(saved.folder).toBe(join(folder, 'exports'));
  expect(await page.app.exports(saved.html)).toBe(join(saved.folder, saved.html));
  const html = readFileSync(join(saved.folder, saved.html), 'utf8');
  expect(html).toContain('Against beta with sam, default');
  expect(html).toContain('one stripe');
  expect(html.match(/src="data:image\/jpeg;base64,[^"]{200,}"/g)).toHaveLength(2);
  const json = JSON.parse(readFileSync(join(saved.folder, saved.json), 'utf8'));
  expect(json).toMatchObject({ format: 'novo-evaluation', queries: 2, against: { name: 'beta with sam, default' } });
  expect(await page.fails('evaluate.save', { id: 'other' })).toMatchObject({ code: 'not-found' });
});

test('what cannot be evaluated is refused with what to do', async () => {
  const empty = startProjectApp();
  expect(await empty.fails('evaluate.choices', {})).toMatchObject({
    code: 'not-found',
    message: 'No project is open.',
  });
  const { images } = await withProject(empty, 'a.png');
  await empty.call('query.add', { imageId: images[0]!.id, text: 'a draft' });
  expect(await empty.call('evaluate.choices', {})).toEqual({ accepted: 0, noTarget: 0, models: [] });
  const none = { code: 'bad-request', hint: expect.stringContaining('Accept the masks') };
  expect(await empty.fails('evaluate.run', ofModel(alpha))).toMatchObject(none);
  expect(await empty.fails('evaluate.requests', {})).toMatchObject(none);

  const { page, folder } = await evaluatedProject();
  expect(await page.fails('evaluate.run', ofModel({ ...alpha, pack: 'other' }))).toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('cannot be evaluated'),
    hint: '5 accepted queries were never put to this model.',
  });
  const handle = await page.grant(folder);
  for (const evaluated of [
    { kind: 'results' as const, file: handle },
    { kind: 'truth' as const, file: 'nobody-gave-this' },
  ]) {
    expect(await page.fails('evaluate.run', { evaluated })).toMatchObject({ code: 'not-found' });
  }
  const odd = tempFolder();
  writeFileSync(join(odd, 'coco.json'), '{"images":[{"id":1,"width":8,"height":6}],"annotations":[],"categories":[]}');
  writeFileSync(join(odd, 'other.jsonl'), '{"id":"x","instances":[]}\n');
  const coco = { kind: 'truth' as const, file: await fileHandle(page, odd, 'coco.json') };
  expect(await page.fails('evaluate.run', { evaluated: coco })).toMatchObject({
    message: expect.stringContaining('has no queries'),
  });
  const other = { kind: 'results' as const, file: await fileHandle(page, odd, 'other.jsonl') };
  expect(await page.fails('evaluate.run', { evaluated: other, onlyAnswered: true })).toMatchObject({
    message: expect.stringContaining('answers nothing'),
  });
});

test('it is cancelled at once, others have their turn meanwhile, and closing the project ends it', async () => {
  const { page } = await evaluatedProject();
  const long = { ...ofModel(alpha), against: beta, resamples: 10_000 };
  const stop = new AbortController();
  const onProgress = ({ stage }: { stage: string }) => stage === 'intervals' && stop.abort();
  expect(await page.fails('evaluate.run', long, { signal: stop.signal, onProgress })).toMatchObject({
    code: 'cancelled',
  });

  const order: string[] = [];
  const running = page.call('evaluate.run', long).then(() => order.push('evaluated'));
  await page.call('project.stats', {}).then(() => order.push('others'));
  await running;
  expect(order).toEqual(['others', 'evaluated']);

  let closing: Promise<unknown> = Promise.resolve();
  const close = ({ stage }: { stage: string }) => {
    if (stage === 'intervals') closing = page.call('project.close', {});
  };
  const ended = await page.fails('evaluate.run', long, { onProgress: close });
  await closing;
  expect(ended).toMatchObject({ code: 'cancelled', message: 'The project was closed meanwhile.' });
});
