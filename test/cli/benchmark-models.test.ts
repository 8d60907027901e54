/** @file `benchmark` with language models: trainings of one model, answers made elsewhere, packs that change, ReasonSeg. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { LlavaPack } from '../../src-main/contract/pack.ts';
import type { BenchmarkReport } from '../../src-main/evaluate/benchmark/report.ts';
import { temporaryFolder } from '../engine/scene.ts';
import { homeWithPack } from '../llava/tiny.ts';
import { evaluationFolder } from './benchmark-set.ts';
import { jsonLines, novo } from './command.ts';

let home: string;
/** Two photos: one has what holds tea (so the file says), on the other nothing can fly. The requests are words. */
let data: string;
/** Answers that are the truth itself. */
let ideal: string;

const manifest = (id: string) => join(home, 'packs', id, 'pack.json');

async function changePack(id: string, change: (pack: LlavaPack) => void): Promise<void> {
  const pack = JSON.parse(await readFile(manifest(id), 'utf8')) as LlavaPack;
  change(pack);
  await writeFile(manifest(id), JSON.stringify(pack));
}

beforeAll(async () => {
  home = await homeWithPack();
  // Another training of the same model, as far as anybody can see: its maps count less.
  await cp(join(home, 'packs', 'tiny-llava'), join(home, 'packs', 'tiny-two'), { recursive: true });
  await changePack('tiny-two', (pack) => {
    pack.id = 'tiny-two';
    pack.llava.maskPrompt.gain = 4;
  });
  const set = await evaluationFolder(await temporaryFolder());
  data = set.folder;
  const truth = JSON.parse(await readFile(set.gt, 'utf8'));
  const [tea, fly] = truth.queries;
  Object.assign(tea, { text: 'what holds tea?' });
  Object.assign(fly, { text: 'what can fly?', annotation_ids: [], no_target: true });
  await writeFile(set.gt, JSON.stringify({ ...truth, queries: [tea, fly] }));
  const request = (query: typeof tea) => ({ id: query.id, image: `photos/${query.image_id}.png`, query: query.text });
  await writeFile(set.requests, jsonLines([request(tea), request(fly)]));
  const masks = truth.annotations.slice(0, 2).map(({ segmentation }: { segmentation: object }) => segmentation);
  const instances = masks.map((segmentation: object) => ({ segmentation, score: 0.9 }));
  ideal = join(data, 'ideal.jsonl');
  await writeFile(
    ideal,
    jsonLines([
      { id: tea.id, instances },
      { id: fly.id, instances: [] },
    ]),
  );
});

const run = (out: string, ...more: string[]) =>
  novo(['benchmark', data, '--out', out, '--prompts', 'both', '--refine', 'default', '--resamples', '20', ...more], {
    home,
  });

test('trainings of one model are one row, with the spread; answers made elsewhere are another; a changed pack is noticed', async () => {
  const out = join(await temporaryFolder(), 'out');
  const models = ['--model', 'tiny=tiny-llava,tiny-two', '--results', `ideal=${ideal}`];
  const { code, stdout, stderr } = await run(out, ...models);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/\ntiny \(\+R\) +\d+\.\d \u00b1 \d+\.\d \[/);
  // Instances alone, which are right: no refinement was seen, so the name has no (+R).
  expect(stdout).toMatch(/\nideal +100\.0 \[100\.0, 100\.0\]/);
  const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as BenchmarkReport<unknown>;
  expect(Object.keys(report.packs).sort()).toEqual(['mobile-sam', 'tiny-llava', 'tiny-two']);
  const refined = report.rows.find(({ model, refinement }) => model === 'tiny' && refinement === 'default')!;
  expect(refined.packs).toEqual(['tiny-llava', 'tiny-two']);
  expect(refined.figures.gIoU.packs[0]).not.toBe(refined.figures.gIoU.packs[1]);
  // "nothing here can fly" is right, and it is said of the one query without a target.
  expect(refined.figures.recognised.packs).toEqual([1, 1]);
  const other = report.rows.find(({ model }) => model === 'ideal')!;
  expect(other.figures.AP.value).toBeCloseTo(1, 9);
  expect(report.notes.join(' ')).toContain('has 2 photos: too few');

  await changePack('tiny-two', (pack) => {
    pack.llava.maskPrompt.gain = 5;
  });
  const refused = await run(out, ...models);
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('1 of 2 cells in');
  expect(refused.stderr).toContain('were made with something else than now: pack tiny-two.');
  // Without it, the other one is as it was.
  const rest = await run(out, '--model', 'tiny=tiny-llava');
  expect(rest.stderr).toContain('1 of 1 cells are done.');
  expect(rest.code).toBe(0);
});

test('a model trained with one kind of prompts is asked with no other, and is a row of Table 4', async () => {
  const out = join(await temporaryFolder(), 'out');
  const args = [
    '--prompts',
    'both,points',
    '--refine',
    'off',
    '--model',
    'tiny@both=tiny-llava',
    '--model',
    'tiny@points=tiny-two',
  ];
  const { code, stdout, stderr } = await run(out, ...args);
  expect(code, stderr).toBe(0);
  const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as BenchmarkReport<unknown>;
  expect(report.rows.map(({ model, prompts, packs }) => [model, prompts, packs])).toEqual([
    ['tiny', 'both', ['tiny-llava']],
    ['tiny', 'points', ['tiny-two']],
  ]);
  expect(stdout).toContain('Table 4: kinds of prompts, tiny on');
  expect(stdout).not.toContain('Table 3');
  const both = await run(out, '--model', 'tiny=tiny-llava', '--model', 'tiny@points=tiny-two');
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('two models "tiny"') });
});

test('a ReasonSeg folder is asked in its own words; it has no instances, so no Table 3', async () => {
  const folder = join(await temporaryFolder(), 'reasonseg');
  await mkdir(folder);
  await cp(join(data, 'photos', '1.png'), join(folder, 'cup.png'));
  const points = [
    [20, 30],
    [80, 30],
    [80, 90],
    [20, 90],
  ];
  const sample = { text: ['what holds tea?'], is_sentence: false, shapes: [{ label: 'target', points }] };
  await writeFile(join(folder, 'cup.json'), JSON.stringify(sample));
  const args = ['--model', 'tiny=tiny-llava', '--prompts', 'both', '--refine', 'default', '--resamples', '0'];
  const out = join(folder, '..', 'out');
  const { code, stdout, stderr } = await novo(['benchmark', `val=${folder}`, '--out', out, ...args], { home });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('val: 1 query on 1 photo.');
  expect(stdout).toMatch(/\ntiny \(\+R\) +\d/);
  expect(stdout).not.toContain('Table 3');
  const [line] = (await readFile(join(out, 'cells', 'val', 'tiny-llava.mobile-sam.both.default.jsonl'), 'utf8')).split(
    '\n',
  );
  expect(JSON.parse(line!)).toMatchObject({
    id: 'cup',
    reasoner: 'tiny-llava',
    answer: expect.stringMatching(/^the mug/),
  });
});
