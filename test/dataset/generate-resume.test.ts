/** @file The command as a process that is killed and started again: no answer is lost, and none is asked for twice. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { settingsOf } from '../../src-main/cli/dataset-generate-options.ts';
import type { Estimate, Generation } from '../../src-main/contract/generate.ts';
import { startProjectApp, tempFolder } from '../api/project-app.ts';
import { novo, start } from '../cli/command.ts';
import { type ChatServer, completion } from '../endpoint/server.ts';
import { candidatesOf, labelled, saveEndpoint, serving, written } from './generate-bench.ts';

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const images = 8;

/** A labelled project of eight photos on the disk, closed, and an endpoint that the command finds. */
async function prepared(choose: Parameters<typeof serving>[0]) {
  const app = startProjectApp();
  const { folder, ids } = await labelled(app, images);
  server = await serving(choose);
  await saveEndpoint(app, server.baseUrl);
  await app.call('project.close', {});
  const run = (...args: string[]) => [
    'dataset',
    'generate',
    folder,
    '--endpoint',
    'writer',
    '--templates',
    'attribute',
    ...args,
  ];
  return { app, folder, ids, home: app.home, run };
}

test('killed in the middle and resumed: what was answered is there once, the rest is asked, and nothing else', async () => {
  const texts = new Map<string, number>();
  let answered = 0;
  let hold = true;
  const { app, folder, ids, home, run } = await prepared((asked) => (response) => {
    // The sixth and later answers are held back until the process is dead.
    if (hold && answered >= 5) return;
    answered += 1;
    texts.set(asked, (texts.get(asked) ?? 0) + 1);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(completion({ content: written(2) })));
  });
  // Each photo has a caption of its own, so that questions can be told apart.
  const captions = join(tempFolder(), 'captions.json');
  const of = (k: number) => ({ id: k, file_name: `val/p${k}.png` });
  const numbers = Array.from({ length: images }, (_, k) => k + 1);
  const annotations = numbers.map((k) => ({ id: k, image_id: k, caption: `Photo number ${k}.` }));
  writeFileSync(
    captions,
    JSON.stringify({
      images: [...numbers.map(of), of(99)],
      annotations: [...annotations, { id: 99, image_id: 99, caption: 'x' }],
    }),
  );

  const first = start(run('--captions', captions, '--parallel', '2'), { home });
  await expect.poll(() => server!.seen.length, { timeout: 30_000 }).toBe(7);
  await new Promise((next) => setTimeout(next, 300)); // the fifth answer is stored
  first.child.kill('SIGKILL');
  expect((await first.ended).stderr).toContain('8 captions of 8 images; 1 images of the file are not in the project');
  hold = false;
  const before = server!.seen.length;

  const refused = await novo(run(), { home });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('3 questions wait');
  const { code, stdout, stderr } = await novo(['dataset', 'generate', folder, '--resume', '--json'], { home });
  expect(code, stderr).toBe(0);
  const end = JSON.parse(stdout) as Generation;
  expect(end).toMatchObject({ state: 'done', answered: 8, failed: 0, waiting: 0, candidates: 16 });
  expect(server!.seen.length - before).toBe(3);
  expect([...texts.values()]).toEqual(Array(8).fill(1));
  expect(end.inputTokens).toBe(8 * 900);

  await app.call('project.open', { folder: await app.grant(folder) });
  for (const id of ids) expect(await candidatesOf(app, id)).toHaveLength(2);
  const last = await candidatesOf(app, ids[7]!);
  const { provenance } = await app.call('candidate.provenance', { candidateId: last[0]!.id });
  expect(provenance.prompt).toContain('Photo number 8.');
});

test('what it would ask and cost; the limit; going on with more money; candidates without a flag kept', async () => {
  const { app, folder, ids, home, run } = await prepared(() => written(2));
  const prices = ['--price-in', '1', '--price-out', '10'];
  const plan = await novo(run('--dry-run', '--json', ...prices), { home });
  expect(plan.code, plan.stderr).toBe(0);
  expect(JSON.parse(plan.stdout) as Estimate).toMatchObject({ images: 8, requests: 8, basis: 'estimated' });
  expect(server!.seen).toHaveLength(0);

  const limited = await novo(run('--max-cost', '0.004', '--parallel', '1', '--json', ...prices), { home });
  expect(limited.code).toBe(1);
  expect(JSON.parse(limited.stdout)).toMatchObject({ state: 'paused', answered: 2, waiting: 6 });
  expect(limited.stderr).toContain('Add --resume to go on.');

  const rest = await novo(['dataset', 'generate', folder, '--resume', '--max-cost', '1', '--keep', '--json'], { home });
  expect(rest.code, rest.stderr).toBe(0);
  expect(JSON.parse(rest.stdout)).toMatchObject({ state: 'done', answered: 8, candidates: 16, kept: 16 });
  await app.call('project.open', { folder: await app.grant(folder) });
  const { queries } = await app.call('candidates.read', { imageId: ids[0]! });
  expect(queries).toHaveLength(2);
  expect(queries[0]).toMatchObject({ status: 'draft', source: 'model', form: 'long', reasoningType: 'attribute' });
});

test('a list of queries needs no endpoint; Ctrl+C waits for what is under way', async () => {
  const open: (() => void)[] = [];
  const { app, folder, ids, home, run } = await prepared(() => (response) => {
    open.push(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completion({ content: written(1) })));
    });
  });
  const list = join(tempFolder(), 'queries.tsv');
  writeFileSync(
    list,
    'p1.png\tWhat could the guests drink from?\nphotos/p2.png\tthings to drink from\nnowhere.png\tWhat?\n',
  );
  const read = await novo(['dataset', 'generate', folder, '--queries', list], { home });
  expect(read.code).toBe(1);
  expect(read.stderr).toContain('1 left out: No image of the project has this name');
  expect(read.stderr).toContain('3 lines, 2 queries added as drafts');

  const running = start(run('--parallel', '2', '--json'), { home });
  await expect.poll(() => open.length, { timeout: 30_000 }).toBe(2);
  running.child.kill('SIGINT');
  await expect.poll(() => running.output()).toContain('are waited for');
  for (const answer of open) answer();
  const { code, stdout } = await running.ended;
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'paused', answered: 2, waiting: 6 });

  await app.call('project.open', { folder: await app.grant(folder) });
  const { queries } = await app.call('candidates.read', { imageId: ids[1]! });
  expect(queries).toMatchObject([{ text: 'things to drink from', form: 'short', source: 'import', status: 'draft' }]);
});

test('wrong options say what is wrong', () => {
  const said = (values: Parameters<typeof settingsOf>[0]) => {
    try {
      return JSON.stringify(settingsOf(values, 'writer', null));
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(said({ 'price-in': '1' })).toContain('--price-in and --price-out go together');
  expect(said({ 'per-image': 'many' })).toContain('--per-image is a number');
  expect(said({ 'per-image': '200' })).toContain('perImage');
  expect(said({ templates: 'Two Words' })).toContain('templates[0]');
  expect(said({ images: 'open', seed: '7' })).toContain('"seed":7');
});
