/** @file The benchmark's rows and tables from scored answers: means, spreads, intervals, differences, names. */
import { expect, test } from 'vitest';
import { differencesOf } from '../../src-main/evaluate/benchmark/differences.ts';
import { differencesText, tableMarkdown, tableText } from '../../src-main/evaluate/benchmark/render.ts';
import { type Row, rowsOf, type ScoredCell } from '../../src-main/evaluate/benchmark/rows.ts';
import { tablesOf } from '../../src-main/evaluate/benchmark/tables.ts';
import { askedOfQueries } from '../../src-main/evaluate/ground-truth-coco.ts';
import { collectProblems } from '../../src-main/evaluate/problems.ts';
import { makeReport } from '../../src-main/evaluate/report.ts';
import { resultId } from '../../src-main/evaluate/result.ts';
import { scoreResults } from '../../src-main/evaluate/run.ts';
import { readCoco } from '../../src-main/formats/coco/read.ts';
import { folder, rows as masked, nothing, put, results, truth } from './sets.ts';

const profile = 'lisa';

async function score(answers: unknown[]) {
  const problems = collectProblems();
  const tell = (problem: string) => problems.tell('ground-truth', problem);
  const asked = askedOfQueries(await readCoco(put(folder(), 'gt.json', truth), tell), tell);
  const raw = answers.map((value, k) => ({ id: resultId(value), where: `Line ${k + 1}`, value }));
  return scoreResults(asked, raw, { profile, problems });
}

const scores = await score(results);
/** As `results`, but on photo 1 one of the two cups is the whole answer: IoU 1 / 3 instead of 1 / 2, and no instance. */
const worse = await score([{ ...results[0], refined: masked(0, 2), instances: [] }, results[1], results[2]]);

const cell = (change: Partial<ScoredCell> = {}): ScoredCell => ({
  data: 'val',
  model: 'ours',
  segmenter: 'mobile-sam',
  pack: 'a',
  prompts: 'both',
  refinement: 'default',
  scores,
  ms: 40,
  ...change,
});
const pause = async () => undefined;
const toRows = (cells: ScoredCell[], resamples = 0): Promise<Row[]> =>
  rowsOf(cells, { profile, resamples, seed: 1 }, pause);
const shown = (row: Row) => [row.data, row.model, row.prompts, row.refinement];
const table = (all: Row[], name: string) => tablesOf(all).find((each) => each.name === name)!;

test('a refined cell gives two rows, S and what follows it, with the figures that `evaluate` has', async () => {
  const [off, on, ...more] = await toRows([cell()], 50);
  expect(more).toEqual([]);
  expect([off!, on!].map(shown)).toEqual([
    ['val', 'ours', 'both', 'off'],
    ['val', 'ours', 'both', 'default'],
  ]);
  const problems = { total: 0, counts: {}, first: [] };
  const report = makeReport(scores, {
    profile,
    problems,
    leftOut: [],
    resamples: 50,
    seed: 1,
    groundTruth: '',
    results: '',
  });
  for (const [row, mask] of [[off!, 'semantic'] as const, [on!, 'refined'] as const]) {
    for (const name of ['gIoU', 'cIoU', 'bIoU', 'bF1'] as const) {
      const { value, interval } = row.figures[name];
      expect({ value, interval }, `${mask}.${name}`).toEqual(report.figures[`${mask}.${name}`]);
    }
  }
  for (const name of ['AP', 'AP50', 'F1'] as const) {
    const { value, interval } = on!.figures[name];
    expect({ value, interval }).toEqual(report.figures[`instances.${name}`]);
  }
  for (const name of ['AP75', 'APsmall', 'APmedium', 'APlarge'] as const) {
    expect(on!.figures[name].value).toBe(report.coco![name]);
  }
  // Without a target: "nothing" was right once of once. S has no instances.
  expect(on!.figures.recognised.value).toBe(1);
  expect([off!.figures.AP.value, off!.figures.recognised.value]).toEqual([null, null]);
  // The calls and the time of the cell are those of the refined answer.
  expect([off!, on!].map(({ decoderCalls, ms }) => [decoderCalls, ms])).toEqual([
    [null, null],
    [9, 40],
  ]);
});

test('packs of one model: mean and sample standard deviation; the interval is that of the mean', async () => {
  const [, on] = await toRows([cell(), cell({ pack: 'b', scores: worse })], 200);
  expect(on!.packs).toEqual(['a', 'b']);
  const { value, sd, packs, interval } = on!.figures.gIoU;
  const [a, b] = packs as [number, number];
  expect(value).toBeCloseTo((a + b) / 2, 12);
  expect(sd).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
  expect(a).not.toBe(b);
  const [[, first], [, second]] = [await toRows([cell()], 200), await toRows([cell({ scores: worse })], 200)];
  // The same images are drawn for every row, so the draws of the mean are the means of the draws.
  expect(Array.from(on!.draws.gIoU)).toEqual(
    Array.from(first!.draws.gIoU, (drawn, k) => (drawn + second!.draws.gIoU[k]!) / 2),
  );
  expect(interval![0]).toBeLessThan(value!);
  const text = tableText(table([on!], 'table2'));
  expect(text).toMatch(/ours \(\+R\) +\d+\.\d \u00b1 \d+\.\d \[\d+\.\d, \d+\.\d\]/);
});

test('packs that were asked other queries are not brought together', async () => {
  await expect(toRows([cell(), cell({ pack: 'b', scores: scores.slice(1) })])).rejects.toThrow('different queries');
});

test('Tables 2 and 3 have the rows and columns of the paper, data sets side by side', async () => {
  const cells = (['val', 'test'] as const).flatMap((data) => [
    cell({ data, refinement: 'paper' }),
    cell({ data, refinement: 'default' }),
    cell({ data, prompts: 'points', refinement: 'default' }),
  ]);
  const others = [
    cell({ model: 'LISA++', segmenter: null, prompts: null, refinement: null, scores: await score(unrefined()) }),
    cell({ model: 'READ', segmenter: null, prompts: null, refinement: null }),
  ];
  const all = await toRows([...cells, ...others]);
  const table2 = table(all, 'table2');
  expect(table2.groups).toEqual(['val', 'test'].map((title) => ({ title, columns: ['gIoU', 'B-IoU', 'B-F1'] })));
  const methods = ['ours', 'ours (+R paper)', 'ours (+R default)', 'LISA++', 'READ', 'READ (+R)'];
  expect(table2.rows.map(({ labels }) => labels[0])).toEqual(methods);
  // Results of one data set leave the columns of the other empty.
  expect(table2.rows[3]!.cells.map((each) => each === null)).toEqual([false, false, false, true, true, true]);
  const table3 = table(all, 'table3');
  expect(table3.groups[0]!.columns).toEqual(['AP50', 'AP75', 'mAP', 'AP-S', 'AP-M', 'AP-L']);
  // A mask without instances is no row; LISA++ says its instances itself.
  expect(table3.rows.map(({ labels }) => labels[0])).toEqual([methods[1], methods[2], methods[3], methods[5]]);
});

/** Answers whose refined mask is their semantic one: refinement was off. */
function unrefined() {
  return results.map((each) => ({ ...each, refined: each.semantic }));
}

test('Table 4 has the three experiments of the paper, a table for each model', async () => {
  const cells = (['both', 'mask', 'points'] as const).map((prompts) =>
    cell({ prompts, refinement: 'off', scores: prompts === 'points' ? worse : scores }),
  );
  const all = await toRows(cells);
  const table4 = table(all, 'table4');
  expect(table4.title).toContain('ours on val');
  expect(table4.rows.map(({ labels }) => labels)).toEqual([
    ['1', '\u2713', ''],
    ['2', '', '\u2713'],
    ['3', '\u2713', '\u2713'],
  ]);
  expect(table4.groups).toEqual([{ title: 'without refinement', columns: ['gIoU', 'cIoU'] }]);
  const [off] = all;
  expect(table4.rows[2]!.cells).toEqual([off!.figures.gIoU, off!.figures.cIoU]);
  // One kind of prompts is no ablation.
  expect(tablesOf(await toRows([cell()])).map(({ name }) => name)).not.toContain('table4');
});

test('an empty S from mask prompts alone is explained where it is shown', async () => {
  const empty = await score(results.map((each) => ({ ...each, semantic: nothing })));
  const notes = async (mask: ScoredCell['scores']) =>
    table(await toRows([cell(), cell({ prompts: 'mask', scores: mask })]), 'table4').notes.join(' ');
  expect(await notes(scores)).toBe('');
  expect(await notes(empty)).toContain('a stock one was not');
});

test('with one kind of prompts the tables say which, unless it is the paper’s', async () => {
  expect(table(await toRows([cell({ prompts: 'points' })]), 'table2').notes[0]).toBe(
    'With points prompts only: "both" was not run.',
  );
  expect(table(await toRows([cell()]), 'table2').notes.join(' ')).not.toContain('only');
});

test('several segmenters are told apart in the names', async () => {
  const all = await toRows([cell(), cell({ segmenter: 'sam-b' })]);
  expect(table(all, 'table2').rows.map(({ labels }) => labels[0])).toEqual([
    'ours on mobile-sam',
    'ours on mobile-sam (+R)',
    'ours on sam-b',
    'ours on sam-b (+R)',
  ]);
});

test('differences are paired: refined against S, and each model against the first', async () => {
  const all = await toRows([cell(), cell({ model: 'theirs', pack: 't', scores: worse })], 100);
  const found = differencesOf(all);
  expect(found.map(({ row, against }) => `${row} - ${against}`)).toEqual([
    'ours (+R) - ours',
    'theirs (+R) - theirs',
    'theirs (+R) - ours (+R)',
  ]);
  const { difference, interval } = found[2]!.figures.gIoU!;
  const [ours, theirs] = [all[1]!, all[3]!];
  expect(difference).toBeCloseTo(theirs.figures.gIoU.value! - ours.figures.gIoU.value!, 12);
  // They differ on photo 1 only, so no resampled set can favour the other model, and those without it are even.
  const drawn = theirs.draws.gIoU.map((each, k) => each - ours.draws.gIoU[k]!);
  expect(drawn.every((each) => each <= 0)).toBe(true);
  expect(drawn.some((each) => each === 0)).toBe(true);
  expect(interval![1]).toBeCloseTo(0, 12);
  expect(interval![0]).toBeLessThan(0);
  // S has no instances to be compared.
  expect(found[0]!.figures.AP).toBeUndefined();
  expect(differencesText(found)).toContain('theirs (+R) \u2212 ours (+R)');
});

test('Markdown tables: one line a row, a name for each column, bars in names kept from breaking it', async () => {
  const markdown = tableMarkdown(table(await toRows([cell({ model: 'a|b' })]), 'table2')).split('\n');
  expect(markdown[2]).toBe('| Methods | val: gIoU | val: B-IoU | val: B-F1 |');
  expect(markdown[3]).toBe('| --- | ---: | ---: | ---: |');
  expect(markdown[4]).toMatch(/^\| a\\\|b \| \d+\.\d \| \d+\.\d \| \d+\.\d \|$/);
});
