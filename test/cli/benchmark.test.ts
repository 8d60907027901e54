/** @file `benchmark` as a researcher starts it: the tables, what is kept, what is noticed, and an interruption. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { BenchmarkReport } from '../../src-main/evaluate/benchmark/report.ts';
import type { Report } from '../../src-main/evaluate/report.ts';
import { temporaryFolder, until } from '../engine/scene.ts';
import { type EvaluationFolder, evaluationFolder } from './benchmark-set.ts';
import { type Ended, type Line, novo, resultLines, start } from './command.ts';

let home: string;
let set: EvaluationFolder;
let out: string;
let first: Ended;

const cellFile = (folder: string, prompts: string) =>
  join(folder, 'cells', 'discs', `given.mobile-sam.${prompts}.default.jsonl`);
const asked = ['--prompts', 'both,points', '--refine', 'off,default', '--resamples', '50'];
const benchmark = (folder: string, data: string, ...more: string[]) => [
  'benchmark',
  data,
  '--out',
  folder,
  ...asked,
  ...more,
];
const untimed = (lines: Line[]) => lines.map(({ timing: _, ...rest }) => rest);
const reportOf = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as BenchmarkReport<Record<string, unknown>>;

beforeAll(async () => {
  home = await temporaryFolder();
  set = await evaluationFolder(home);
  out = join(home, 'out');
  first = await novo(benchmark(out, set.folder), { home });
});

test('one command writes the tables, on the terminal, as Markdown and as JSON', async () => {
  expect(first.stderr).not.toContain('Error');
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('discs: 4 queries on 4 photos');
  expect(first.stdout).toMatch(/Methods +gIoU +B-IoU +B-F1\ngiven +\d/);
  expect(first.stdout).toMatch(/given \(\+R\) +\d+\.\d \[\d+\.\d, \d+\.\d\]/);
  expect(first.stdout).toMatch(/Methods +AP50 +AP75 +mAP +AP-S +AP-M +AP-L\ngiven \(\+R\)/);
  expect(first.stdout).toMatch(/Exp\. ID +P_mask +P_point +gIoU +cIoU/);
  expect(first.stdout).toContain('The image encoder ran 4 times for 4 photos.');
  const markdown = await readFile(join(out, 'report.md'), 'utf8');
  expect(markdown).toContain(
    '| Methods | discs: AP50 | discs: AP75 | discs: mAP | discs: AP-S | discs: AP-M | discs: AP-L |',
  );
  const report = await reportOf(out);
  expect(report).toMatchObject({ format: 'novo-benchmark', version: 1, profile: 'lisa', resamples: 50, seed: 1 });
  expect(report.environments).toEqual([
    expect.objectContaining({ providers: { 'mobile-sam': 'cpu' }, threads: 1, node: process.versions.node }),
  ]);
  const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(report.packs).toEqual({ 'mobile-sam': sha256 });
  expect(report.data[0]!.sha256).toEqual({ requests: sha256, truth: sha256, photos: sha256 });
  expect(markdown).toContain(`pack mobile-sam: \`${report.packs['mobile-sam']}\``);
  // A disc on a plain ground with a good map is found: figures that a user would believe.
  const [off, on] = report.rows;
  expect(off!.figures.gIoU.value).toBeGreaterThan(0.5);
  expect(on!.figures.gIoU.value).toBeGreaterThan(0.8);
  expect(on!.figures.AP50.value).toBeGreaterThan(0.5);
});

test('the image encoder runs once a photo, in the first cell that needs it', async () => {
  const [both, points] = [await resultLines(cellFile(out, 'both')), await resultLines(cellFile(out, 'points'))];
  expect(both.map(({ timing }) => timing!.encode_ms > 0)).toEqual([true, true, true, true]);
  expect(points.map(({ timing }) => timing!.encode_ms > 0)).toEqual([false, false, false, false]);
});

test('the figures are those of `evaluate` on the results of the cell', async () => {
  const file = join(home, 'evaluated.json');
  const args = ['--gt', set.gt, '--results', cellFile(out, 'points'), '--resamples', '50', '--out', file];
  expect((await novo(['evaluate', ...args], { home })).code).toBe(0);
  const evaluated = JSON.parse(await readFile(file, 'utf8')) as Report;
  const row = (await reportOf(out)).rows.find(
    ({ prompts, refinement }) => prompts === 'points' && refinement === 'default',
  )!;
  for (const [name, of] of [
    ['gIoU', 'refined.gIoU'],
    ['bF1', 'refined.bF1'],
    ['AP', 'instances.AP'],
    ['F1', 'instances.F1'],
  ] as const) {
    const { value, interval } = row.figures[name];
    expect({ value, interval }).toEqual(evaluated.figures[of]);
  }
  expect(row.figures.AP75.value).toBe(evaluated.coco!.AP75);
});

test('a finished cell is not run again: the same command only reads it', async () => {
  const before = await stat(cellFile(out, 'both'));
  const again = await novo(benchmark(out, set.folder), { home });
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('2 of 2 cells are done.');
  expect(again.stdout).toBe(first.stdout);
  expect((await stat(cellFile(out, 'both'))).mtimeMs).toBe(before.mtimeMs);
  expect(existsSync(join(out, 'running.json'))).toBe(false);
});

test('S alone needs no run of its own where a refinement was run', async () => {
  const { code, stdout, stderr } = await novo(benchmark(out, set.folder, '--refine', 'default'), { home });
  expect(code).toBe(0);
  expect(stderr).toContain('2 of 2 cells are done.');
  expect(stdout).toMatch(/\ngiven +\d/);
});

test('results of other requests are noticed, kept, and made again only when told so', async () => {
  const folder = await temporaryFolder();
  await cp(out, join(folder, 'out'), { recursive: true });
  await cp(set.folder, join(folder, 'discs'), { recursive: true });
  const requests = join(folder, 'discs', 'requests.jsonl');
  const kept = join(folder, 'out');
  const text = await readFile(requests, 'utf8');
  await writeFile(requests, text.replace('What is round here?', 'What rolls?'));
  const command = ['--prompts', 'points', '--limit', '4'];
  const refused = await novo(benchmark(kept, join(folder, 'discs'), ...command), { home });
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /1 of 1 cells in .*out were made with something else than now: requests\.\n {2}--rerun/,
  );
  const before = await resultLines(cellFile(kept, 'points'));
  expect(before).toHaveLength(4);
  // Another photo, too.
  await cp(join(folder, 'discs', 'photos', '2.png'), join(folder, 'discs', 'photos', '4.png'));
  const rerun = await novo(benchmark(kept, join(folder, 'discs'), ...command, '--rerun'), { home });
  expect(rerun.stderr).toContain('1 are run again (changed: requests, photos).');
  expect(rerun.code).toBe(0);
  const after = await resultLines(cellFile(kept, 'points'));
  const same = after.map(({ semantic }, k) => JSON.stringify(semantic) === JSON.stringify(before[k]!.semantic));
  expect(same).toEqual([true, true, true, false]);
});

// Windows has no SIGINT for other processes.
test.skipIf(process.platform === 'win32')(
  'Ctrl+C keeps what is done, and the same command goes on from there',
  async () => {
    const folder = join(await temporaryFolder(), 'out');
    const [both, points] = [cellFile(folder, 'both'), cellFile(folder, 'points')];
    const written = async (file: string) =>
      existsSync(`${file}.part`) ? (await readFile(`${file}.part`, 'utf8')).split('\n').length - 1 : 0;
    const running = start(benchmark(folder, set.folder), { home });
    await until(async () => (await written(both)) >= 2, 'two photos are answered', 600_000);

    // Another one meanwhile would mix its results with these.
    const second = await novo(benchmark(folder, set.folder), { home });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/Process \d+ on .* is running a benchmark in/);

    running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped).toMatchObject({ code: 1, stdout: '' });
    const kept = (await written(both)) + (await written(points));
    expect(kept).toBeGreaterThanOrEqual(2);
    expect(kept).toBeLessThan(8);
    expect(stopped.stderr).toContain(`${kept} of 8 answers are kept: the same command goes on from there.`);
    expect(existsSync(both) || existsSync(join(folder, 'report.json'))).toBe(false);

    // As a power cut leaves it: the last line only half written.
    const text = await readFile(`${both}.part`, 'utf8');
    await writeFile(`${both}.part`, text.slice(0, -50));
    const resumed = await novo(benchmark(folder, set.folder), { home });
    expect(resumed.stderr).toContain('0 of 2 cells are done, 2 go on where they were interrupted.');
    expect(resumed.code).toBe(0);
    for (const prompts of ['both', 'points']) {
      expect(untimed(await resultLines(cellFile(folder, prompts)))).toEqual(
        untimed(await resultLines(cellFile(out, prompts))),
      );
    }
    // What was kept was not made again: its timing is still that of the first run.
    const lastKept = text.split('\n').slice(0, -2);
    expect((await readFile(both, 'utf8')).split('\n').slice(0, lastKept.length)).toEqual(lastKept);
    expect((await reportOf(folder)).rows.map(({ ms: _, ...row }) => row)).toEqual(
      (await reportOf(out)).rows.map(({ ms: _, ...row }) => row),
    );
  },
  900_000,
);

test('what cannot be compared is refused before anything runs, in words', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'letters'));
  await writeFile(join(folder, 'letters', 'mine.txt'), 'not a benchmark');
  await writeFile(join(folder, 'broken.jsonl'), '{"id":1,"image":"a.png"}\n{"id":2,"image":\n');
  await writeFile(join(folder, 'twice.jsonl'), '{"id":1,"image":"a.png"}\n{"id":1,"image":"b.png"}\n');
  const lines = (await readFile(set.requests, 'utf8')).trim().split('\n');
  await writeFile(join(set.folder, 'elsewhere.jsonl'), lines[0]!.replace('photos/1.png', 'photos/none.png'));
  await writeFile(join(set.folder, 'words.jsonl'), '{"id":"q1","image":"photos/1.png","query":"What is round?"}\n');
  const to = join(folder, 'new');
  const at = (name: string) => join(set.folder, name);
  const wrong: [string[], number, string][] = [
    [[], 2, 'benchmark needs data and --out.'],
    [[set.folder], 2, 'benchmark needs data and --out.'],
    [[join(folder, 'none'), '--out', to], 1, 'There is nothing at'],
    [[join(folder, 'broken.jsonl'), '--gt', set.gt, '--out', to], 2, 'broken.jsonl, line 2: The line is not JSON'],
    [[join(folder, 'twice.jsonl'), '--gt', set.gt, '--out', to], 2, 'line 2: the id "1" is there twice.'],
    [[join(folder, 'broken.jsonl'), '--out', to], 1, 'There is no ground truth'],
    [[at('elsewhere.jsonl'), '--out', to], 1, 'There is no photo'],
    [[at('words.jsonl'), '--given', 'oracle', '--out', to], 2, 'bring no similarity maps, points or boxes'],
    [[at('words.jsonl'), '--out', to], 2, 'No model is there that could answer'],
    [[set.folder, '--out', join(folder, 'letters')], 2, 'holds other things than a benchmark'],
    [[set.folder, '--model', 'mobile-sam', '--out', to], 2, 'cannot answer a query'],
    [[set.folder, '--model', 'ours=none', '--out', to], 1, 'There is no model pack "none".'],
    [[set.folder, '--model', 'ours=', '--out', to], 2, '--model is NAME=ONE'],
    [[set.folder, '--model', 'a=x', '--model', 'b=x', '--out', to], 2, '"x" is named twice'],
    [[set.folder, '--given', 'a', '--model', 'a=x', '--out', to], 2, 'There are two models "a".'],
    [[set.folder, set.folder, '--out', to], 2, 'Two data sets are called "discs".'],
    [['a', 'b', '--results', 'x=y.jsonl', '--out', to], 2, 'are for one data set at a time'],
    [[set.folder, '--refine', 'best', '--out', to], 2, '--refine is one of off, paper, default'],
    [[set.folder, '--limit', '0', '--out', to], 2, '--limit 0 leaves nothing'],
  ];
  const pool = wrong.map(
    ([args, ...rest], k) => [args.map((arg) => (arg === to ? `${to}-${k}` : arg)), ...rest] as const,
  );
  const work = async () => {
    for (let next = pool.shift(); next; next = pool.shift()) {
      const [args, code, message] = next;
      const ended = await novo(['benchmark', ...args], { home });
      expect({ args, code: ended.code, stdout: ended.stdout }, ended.stderr).toEqual({ args, code, stdout: '' });
      expect(ended.stderr).toContain(message);
      expect(ended.stderr).not.toContain('This is a bug');
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(await readdir(join(folder, 'letters'))).toEqual(['mine.txt']);
});
