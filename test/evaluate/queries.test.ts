/** @file What `evaluate` says of a small set of answers, and of everything that can be wrong with them. */
import { expect, test } from 'vitest';
import { compareScores } from '../../src-main/evaluate/compare.ts';
import { askedOfQueries } from '../../src-main/evaluate/ground-truth-coco.ts';
import { collectProblems } from '../../src-main/evaluate/problems.ts';
import { makeReport, type Report } from '../../src-main/evaluate/report.ts';
import { resultId } from '../../src-main/evaluate/result.ts';
import { scoreResults } from '../../src-main/evaluate/run.ts';
import { readCoco } from '../../src-main/formats/coco/read.ts';
import type { IouProfile } from '../../src-main/metrics/giou-ciou.ts';
import { folder, nothing, put, results, rows, truth } from './sets.ts';

type Given = { gt?: unknown; answers?: unknown[]; profile?: IouProfile; resamples?: number };

async function score({ gt = truth, answers = results, profile = 'lisa' }: Given = {}) {
  const problems = collectProblems();
  const tell = (problem: string) => problems.tell('ground-truth', problem);
  const asked = askedOfQueries(await readCoco(put(folder(), 'gt.json', gt), tell), tell);
  const raw = answers.map((value, k) => ({ id: resultId(value), where: `Line ${k + 1}`, value }));
  return { scores: await scoreResults(asked, raw, { profile, problems }), leftOut: asked.leftOut, problems };
}

async function evaluate(given: Given = {}): Promise<Report> {
  const { scores, leftOut, problems } = await score(given);
  const { profile = 'lisa', resamples = 0 } = given;
  const options = { profile, leftOut, resamples, seed: 1, groundTruth: 'gt', results: 'r' };
  return makeReport(scores, { ...options, problems: problems.report() });
}

const value = (report: Report, name: string) => report.figures[name]!.value;

test('the figures are those worked out by hand', async () => {
  const report = await evaluate();
  expect(report).toMatchObject({ queries: 3, images: 3, answered: 3, noTarget: 1, leftOut: ['1 of status draft'] });
  expect(report.problems.total).toBe(0);
  // Semantic: 60 of 100, 50 of 50, 0 of 10. Refined: 40 of 80, 50 of 100, nothing for nothing.
  expect(value(report, 'semantic.gIoU')).toBeCloseTo((0.6 + 1 + 0) / 3, 5);
  expect(value(report, 'semantic.cIoU')).toBeCloseTo(110 / 160, 9);
  expect(value(report, 'refined.gIoU')).toBeCloseTo((0.5 + 0.5 + 1) / 3, 5);
  expect(value(report, 'refined.cIoU')).toBeCloseTo(90 / 180, 9);
  // Matched at IoU .5: all three detections (1, .5, .5), of three instances.
  expect(value(report, 'instances.F1')).toBe(1);
  expect(value(report, 'instances.AP50')).toBeCloseTo(1, 9);
  expect(value(report, 'instances.AP')!).toBeLessThan(0.5);
  expect([value(report, 'noTarget.recognised'), value(report, 'noTarget.falseAlarms')]).toEqual([1, 0]);
  expect(report.decoderCalls).toEqual({ median: 9, mean: 9 });
});

test('Seg-Zero’s profile gives nothing for a right "nothing"', async () => {
  const report = await evaluate({ profile: 'seg-zero' });
  expect(value(report, 'refined.gIoU')).toBe((0.5 + 0.5 + 0) / 3);
});

test('parts: by family, category, size and number of targets', async () => {
  const { parts } = await evaluate();
  expect(Object.keys(parts).sort()).toEqual(['category', 'family', 'supercategory', 'targets', 'size'].sort());
  expect(parts['family']!['kind']).toMatchObject({ queries: 2 });
  expect(parts['family']!['kind']!.figures['refined.gIoU']).toBeCloseTo(0.75, 4);
  expect(parts['category']!['cup']!.figures['refined.gIoU']).toBeCloseTo(0.5, 4);
  expect(Object.entries(parts['targets']!).map(([name, part]) => [name, part.queries])).toEqual([
    ['1', 1],
    ['2', 1],
    ['none', 1],
  ]);
});

test('an answer that is missing or failed scores 0, also where "nothing" would have been right, and is told', async () => {
  const failed = { id: 13, error: { code: 'endpoint', message: 'The server is gone.' } };
  const report = await evaluate({ answers: [results[0], failed] });
  expect(report.answered).toBe(1);
  expect(report.problems.counts).toEqual({ failed: 1, missing: 1 });
  expect(report.problems.first.map(({ message }) => message)).toEqual([
    '"13": The server is gone.',
    'there is no result for "12".',
  ]);
  expect(value(report, 'refined.gIoU')).toBeCloseTo(0.5 / 3, 5);
  expect(value(report, 'refined.cIoU')).toBeCloseTo(40 / (80 + 50), 9);
  expect(value(report, 'noTarget.recognised')).toBe(0);
  expect(value(report, 'instances.recall')).toBeCloseTo(2 / 3, 9);
});

test('everything that is wrong with results is told, and the rest is scored', async () => {
  const answers = [
    ...results,
    { semantic: nothing },
    { id: 'elsewhere', refined: nothing },
    { id: '12', refined: nothing },
  ];
  const report = await evaluate({ answers });
  expect(report.problems.counts).toEqual({ unreadable: 1, unknown: 1, twice: 1 });
  expect(value(report, 'refined.gIoU')).toBeCloseTo(2 / 3, 4);

  const wrong = [
    { id: 11, refined: rows(0, 2, 20) },
    { id: 12, refined: { size: [10, 10], counts: 'damaged!' } },
    { id: 13, refined: nothing, instances: [{ segmentation: rows(0, 1, 11), score: 0.5 }, { segmentation: nothing }] },
  ];
  const bad = await evaluate({ answers: wrong });
  expect(bad.problems.counts).toEqual({ mask: 4 });
  expect(bad.problems.first[0]!.message).toContain('20 x 20 pixels and its image 10 x 10');
  expect([bad.answered, value(bad, 'refined.gIoU')]).toEqual([1, expect.closeTo(1 / 3, 5)]);

  const empty = await evaluate({ answers: [...results.slice(1), { id: 11, masks: 'no' }] });
  expect(empty.problems.first).toEqual([
    { kind: 'unreadable', message: '"11": there is no mask and no list of instances' },
  ]);
});

test('ground truth that contradicts itself is told and left out', async () => {
  const queries = [
    ...truth.queries,
    { id: 21, image_id: 1, text: 'a', annotation_ids: [3] },
    { id: 22, image_id: 1, text: 'b', annotation_ids: [99] },
    { id: 23, image_id: 9, text: 'c', annotation_ids: [], no_target: true },
    { id: 24, image_id: 1, text: 'd', annotation_ids: [] },
    { id: 25, image_id: 1, text: 'e', annotation_ids: [1], no_target: true },
    { id: 12, image_id: 1, text: 'f', annotation_ids: [1] },
    { id: 'x', text: 'no image' },
  ];
  const report = await evaluate({ gt: { ...truth, queries } });
  expect(report.problems.counts).toEqual({ 'ground-truth': 7 });
  expect(report.queries).toBe(3);
  const damaged = truth.annotations.map((each) => (each.id === 3 ? { ...each, segmentation: [[1, 2, 'x']] } : each));
  const other = await evaluate({ gt: { ...truth, annotations: damaged } });
  expect(other.problems.first[0]!.message).toMatch(/query 12 is left out/);
  expect(other.queries).toBe(2);
});

test('answers with instances only, or a mask only: what is not given is not scored', async () => {
  const instancesOnly = await evaluate({ answers: results.map(({ id, instances }) => ({ id, instances })) });
  expect(value(instancesOnly, 'semantic.gIoU')).toBeNull();
  expect(value(instancesOnly, 'refined.gIoU')).toBeCloseTo((40 / 60 + 0.5 + 1) / 3, 4);
  const maskOnly = await evaluate({ answers: results.slice(0, 2).map(({ id, refined }) => ({ id, refined })) });
  expect([value(maskOnly, 'instances.AP'), value(maskOnly, 'instances.F1')]).toEqual([null, null]);
});

test('intervals hold the figure and are the same for a seed', async () => {
  const [a, b] = [await evaluate({ resamples: 200 }), await evaluate({ resamples: 200 })];
  expect(a).toEqual(b);
  const { value: giou, interval } = a.figures['refined.gIoU']!;
  expect(interval![0]).toBeLessThanOrEqual(giou!);
  expect(interval![1]).toBeGreaterThanOrEqual(giou!);
  expect(interval![1] - interval![0]).toBeGreaterThan(0.1);
});

test('a comparison is paired: what is the same in both is no difference', async () => {
  const many = Array.from({ length: 40 }, (_, k) => k);
  const gt = {
    ...truth,
    images: many.map((id) => ({ id, width: 10, height: 10 })),
    annotations: many.map((id) => ({ ...truth.annotations[2]!, id: 100 + id, image_id: id })),
    queries: many.map((id) => ({ id, image_id: id, text: 'q', annotation_ids: [100 + id] })),
  };
  // Answers good and bad, of which the second file has the same ones a little better.
  const answer = (id: number, more: number) => ({ id, refined: rows(0, 1 + (id % 3) + more) });
  const first = (await score({ gt, answers: many.map((id) => answer(id, 0)) })).scores;
  const second = (await score({ gt, answers: many.map((id) => answer(id, 1)) })).scores;
  const options = { profile: 'lisa', resamples: 300, seed: 3 } as const;
  const better = compareScores(second, first, options)['refined.gIoU']!;
  expect(better.difference).toBeCloseTo(0.2, 4);
  expect(better.interval![0]).toBeCloseTo(0.2, 4);
  expect(better.p).toBeLessThan(0.01);
  expect(compareScores(first, first, options)['refined.gIoU']).toMatchObject({ difference: 0, p: 1 });
});

test('the answers are not kept: the report has numbers of every query, and no mask', async () => {
  const { perQuery, ...rest } = await evaluate();
  expect(perQuery.map(({ id, refined }) => [id, Number(refined!.toFixed(3))])).toEqual([
    ['11', 0.5],
    ['12', 0.5],
    ['13', 1],
  ]);
  expect(JSON.stringify({ perQuery, rest })).not.toContain('counts":"');
});

test('a file that is no COCO is refused with what it should be', async () => {
  await expect(readCoco(put(folder(), 'x.json', { a: [1] }), () => undefined)).rejects.toThrow(/no images/);
  await expect(readCoco(put(folder(), 'x.json', [1]), () => undefined)).rejects.toThrow(/not a JSON object/);
});
