/** @file Statistics: figures that can be worked out by hand, of a project as people make it. */
import { expect, test } from 'vitest';
import { countWords } from '../../src-main/dataset/statistics.ts';
import { distributionOf } from '../../src-main/dataset/statistics-numbers.ts';
import { answer, evaluatedProject, inStore, rows } from '../api/evaluate-project.ts';
import { startProjectApp, withProject } from '../api/project-app.ts';

test('a distribution has each number in its bin, and no empty bins at the end', () => {
  const { bins, ...rest } = distributionOf([4, 1, 1, 12, 3], [0, 2, 4, 6, 100, 1000]);
  expect(rest).toEqual({ count: 5, mean: 4.2, median: 3, min: 1, max: 12 });
  expect(bins.map(({ from, to, count }) => [from, to, count])).toEqual([
    [0, 2, 2],
    [2, 4, 1],
    [4, 6, 1],
    [6, 100, 1],
  ]);
  expect(distributionOf([], [0, 1])).toEqual({ count: 0, mean: null, median: null, min: null, max: null, bins: [] });
  expect(distributionOf([7, 9], [0, 5]).bins.at(-1)).toEqual({ from: 5, to: null, count: 2 });
  expect(distributionOf([1, 2, 3, 10], [0]).median).toBe(2.5);
});

test('words are words, with and without spaces', () => {
  expect(countWords("What can't one drink from, the cup or the 2 mugs?")).toBe(11);
  expect(countWords('')).toBe(0);
  expect(countWords('杯子在哪里')).toBeGreaterThan(1);
});

test('what is in a project, by the status of its queries: classes, lengths, answers, sizes', async () => {
  const page = startProjectApp();
  const { folder, images } = await withProject(page, 'a.png', 'b.png', 'c.png');
  const add = async (image: number, text: string, more: { form?: 'short'; reasoningType?: 'spatial' } = {}) =>
    (await page.call('query.add', { imageId: images[image]!.id, text, ...more })).queryId;
  const mask = (image: number, queryIds: number[], first: number) =>
    page.call('instance.add', { imageId: images[image]!.id, queryIds, rle: rows(first, first + 1) });
  const { categoryId } = await page.call('category.add', { name: 'cup' });
  const [both, one, none] = [await add(0, 'two of them', { form: 'short', reasoningType: 'spatial' }), await add(0, 'one'), await add(1, 'nothing')]; // biome-ignore format: one line
  await add(2, 'a draft');
  const first = await mask(0, [both, one], 0);
  await mask(0, [both], 2);
  await mask(0, [], 4);
  await page.call('instance.edit', { instanceId: first.instanceId, edit: { categoryId } });
  await page.call('query.noTarget', { queryId: none, noTarget: true });
  await inStore(page, folder, (db) => db.exec("UPDATE category SET supercategory = 'kitchen'"));
  const { content } = await page.call('project.figures', {});
  expect(content).toMatchObject({
    ...{ images: 2, queries: 3, instances: 2, answers: 3, noTarget: 1, ranked: 0, unasked: 1 },
    forms: [
      { label: 'short', count: 1 },
      { label: 'long', count: 2 },
    ],
    supercategories: [
      { label: '(none)', count: 1 },
      { label: 'kitchen', count: 1 },
    ],
    maskSizes: [
      { label: 'small', count: 2 },
      { label: 'medium', count: 0 },
      { label: 'large', count: 0 },
    ],
    instancesPerImage: { count: 2, mean: 1, min: 0, max: 2 },
    instancesPerQuery: { count: 3, mean: 1, median: 1 },
    words: { count: 3, min: 1, max: 3 },
    characters: { max: 11 },
    maskShare: { count: 2, median: 1 / 6 },
  });
  expect(content.reasoningTypes).toContainEqual({ label: 'spatial', count: 1 });
  expect(content.reasoningTypes).toContainEqual({ label: '(not said)', count: 2 });
  expect(content.classes).toContainEqual({
    name: 'cup',
    supercategory: 'kitchen',
    instances: 1,
    images: 1,
    queries: 2,
  });
  const drafts = await page.call('project.figures', { statuses: ['draft'] });
  expect(drafts.content).toMatchObject({ images: 1, queries: 1, instances: 0, unasked: 3 });
  const empty = await page.call('project.figures', { statuses: ['rejected'] });
  expect(empty.content).toMatchObject({ images: 0, queries: 0, classes: [], words: { mean: null } });
});

test('proposals of each model: as they were, corrected, rejected; who did it, and what it cost', async () => {
  const page = startProjectApp();
  const { folder, images } = await withProject(page, 'a.png');
  const { queryId } = await page.call('query.add', { imageId: images[0]!.id, text: 'which?' });
  const model = { pack: 'sam', reasoner: 'alpha', profile: 'default' };
  await page.call('settings.write', { reviewer: 'Ann' });
  const offered: number[] = [];
  await inStore(page, folder, (db) => {
    offered.push(...answer(db, model, queryId, [rows(0, 1), rows(1, 2), rows(2, 3), rows(3, 4), rows(4, 5)]).map(({ id }) => id)); // biome-ignore format: one line
  });
  const cost = (seconds: number, clicks: number) => ({ cost: { ms: 1000 * seconds, clicks } });
  await page.call('proposal.accept', { proposalId: offered[0]!, ...cost(2, 1) });
  await page.call('proposal.accept', { proposalId: offered[1]!, rle: rows(1, 3), ...cost(8, 4) });
  await page.call('proposal.accept', { proposalId: offered[2]!, ...cost(2, 1) });
  await page.call('proposal.reject', { proposalId: offered[3]! });
  const { work } = await page.call('project.figures', {});
  expect(work.models).toEqual([
    { pack: 'sam', reasoner: 'alpha', runs: 1, asProposed: 2, corrected: 1, rejected: 1, waiting: 1, acceptance: 0.75 },
  ]);
  expect(work.secondsPerInstance).toMatchObject({ count: 3, median: 2, max: 8 });
  expect(work.clicksPerInstance).toMatchObject({ count: 3, median: 1, max: 4 });
  expect(work.people).toEqual([expect.objectContaining({ who: 'Ann', verdicts: 0 })]);
});

test('two models are two lines', async () => {
  const { page } = await evaluatedProject();
  const { work } = await page.call('project.figures', {});
  expect(work.models.map(({ reasoner }) => reasoner).sort()).toEqual(['alpha', 'beta']);
});
