/** @file Two annotators with the same photos: what one did comes to the other, and nothing of the other's is touched. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importInto } from '../../src-main/api/import-run.ts';
import { ensureCategory } from '../../src-main/store/categories.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { listEvents } from '../../src-main/store/events.ts';
import { addInstance, linksOf, rankInstances } from '../../src-main/store/instances.ts';
import type { Project } from '../../src-main/store/project.ts';
import { proposalsOf, propose } from '../../src-main/store/proposals.ts';
import { addQuery, editQuery, queriesOf, setNoTarget } from '../../src-main/store/queries.ts';
import { need } from '../../src-main/store/records.ts';
import { reviewsOf } from '../../src-main/store/review-outcome.ts';
import { queuedQueries } from '../../src-main/store/review-queue.ts';
import { addReview, setReviewersPerQuery } from '../../src-main/store/reviews.ts';
import { dump, projectOf, reasons, stored } from '../formats/import-helper.ts';
import { row, someRun } from './helper.ts';

const ann = { who: 'Ann' };
const ben = { who: 'Ben' };

function ask(project: Project, text: string, rles: ReturnType<typeof row>[], actor = ben, imageId = 1): number {
  const { id } = addQuery(project.db, { imageId, text }, actor).result;
  for (const rle of rles) addInstance(project.db, { imageId, rle, queryIds: [id] }, actor);
  return id;
}
const answers = ({ db }: Project) =>
  queriesOf(db, 1).map(({ id, text, status, noTarget }) => [text, status, noTarget ? 'none' : linksOf(db, id).length]);

async function two() {
  const photos = { 'a.jpg': '8x6', 'b.jpg': '8x6' };
  return { mine: await projectOf(photos), theirs: await projectOf(photos) };
}

test('new questions, the same answers, answers to open questions, and other answers beside mine', async () => {
  const { mine, theirs } = await two();
  ask(mine, 'same', [row(0, 3), row(4, 6)], ann);
  ask(mine, 'open here', [], ann);
  const other = ask(mine, 'other', [row(0, 3)], ann);
  ask(mine, 'open there', [row(1, 2)], ann);
  setNoTarget(mine.db, ask(mine, 'none or one', [], ann), true, ann);
  ask(theirs, 'same', [row(4, 6), row(0, 3)]);
  const order = [7, 5].map((x) => addInstance(theirs.db, { imageId: 1, rle: row(x, x + 1) }, ben).result.id);
  const ranked = ask(theirs, 'open here', []);
  for (const id of order) theirs.db.prepare('INSERT INTO query_instance VALUES (?, ?, NULL)').run(ranked, id);
  rankInstances(theirs.db, ranked, order, ben);
  editQuery(theirs.db, ranked, { note: 'from Ben', status: 'draft' }, ben);
  ask(theirs, 'other', [row(0, 4)]);
  ask(theirs, 'open there', []);
  ask(theirs, 'none or one', [row(2, 5)]);
  ask(theirs, 'new', [row(0, 3)]);

  const mineBefore = queriesOf(mine.db, 1);
  const report = await importInto(mine, theirs.folder, { actor: ann });
  expect(report).toMatchObject({ format: 'project', guessed: true, answered: 1, skipped: [] });
  expect(report.kept).toMatchObject({ queries: 3, instances: 4 });
  expect(report.known).toEqual({ queries: 2, instances: 3 });
  expect(answers(mine)).toEqual([
    ['same', 'accepted', 2],
    ['open here', 'accepted', 2],
    ['other', 'accepted', 1],
    ['open there', 'accepted', 1],
    ['none or one', 'accepted', 'none'],
    ['other', 'draft', 1],
    ['none or one', 'draft', 1],
    ['new', 'accepted', 1],
  ]);
  // Mine are the same records, but for the one that was open.
  const unchanged = (list: typeof mineBefore) => list.filter(({ text }) => text !== 'open here').slice(0, 4);
  expect(unchanged(queriesOf(mine.db, 1))).toEqual(unchanged(mineBefore));
  expect(linksOf(mine.db, 2).map(({ rank }) => rank)).toEqual([1, 2]);
  expect(queriesOf(mine.db, 1)[1]).toMatchObject({ note: 'from Ben', reviewer: 'Ben' });
  expect(report.conflicts.count).toBe(2);
  expect(report.conflicts.examples[0]).toMatchObject({ path: 'a.jpg', text: 'other', queryId: other, addedId: 6 });
  expect(queriesOf(mine.db, 1)[5]!.note).toContain('Keep one of the two');
  const doubled = (await checkProject(mine)).map(({ code }) => code);
  expect(doubled).toEqual(['same-query', 'same-query']);
  expect(listEvents(mine.db).at(-1)).toMatchObject({ what: 'import.project', who: 'Ann' });

  const before = dump(mine.db);
  expect(await importInto(mine, theirs.folder)).toMatchObject({ kept: { queries: 0, instances: 0 }, answered: 0 });
  expect(dump(mine.db)).toBe(before);
});

test('two verdicts on one answer are a conflict that is shown and changes nothing', async () => {
  const { mine, theirs } = await two();
  ask(mine, 'same', [row(0, 3)], ann);
  ask(mine, 'rejected there', [row(0, 3)], ann);
  editQuery(theirs.db, ask(theirs, 'same', [row(0, 3)]), { status: 'rejected' }, ben);
  editQuery(theirs.db, ask(theirs, 'rejected there', []), { status: 'rejected' }, ben);
  const before = queriesOf(mine.db, 1);
  const report = await importInto(mine, theirs.folder);
  expect(report.conflicts.examples).toMatchObject([
    { text: 'same', addedId: null, what: 'The same answer is accepted here and rejected there.' },
    { text: 'rejected there', addedId: null },
  ]);
  expect(queriesOf(mine.db, 1)).toEqual(before);
});

test('photos by their content, wherever they lie; categories by name; what waits stays where it is', async () => {
  const mine = await projectOf({ 'x/one.jpg': '8x6', 'b.jpg': '8x6' });
  const theirs = await projectOf({ 'x/one.jpg': '8x6', 'c.jpg': '8x6' });
  mine.db.prepare("UPDATE image SET path = 'moved/elsewhere.jpg' WHERE path = 'x/one.jpg'").run();
  const one = Number(theirs.db.prepare("SELECT id FROM image WHERE path = 'x/one.jpg'").pluck().get());
  const only = Number(theirs.db.prepare("SELECT id FROM image WHERE path = 'c.jpg'").pluck().get());
  ensureCategory(mine.db, 'cup', ann, 'kitchen');
  ensureCategory(theirs.db, 'chair', ben);
  const cup = ensureCategory(theirs.db, 'cup', ben, 'tableware').result.id;
  addInstance(theirs.db, { imageId: one, rle: row(0, 3), categoryId: cup, score: 0.5, source: 'model' }, ben);
  addInstance(theirs.db, { imageId: only, rle: row(0, 3) }, ben);
  const waits = addQuery(theirs.db, { imageId: one, text: 'waits' }, ben).result.id;
  propose(theirs.db, waits, { run: someRun, proposals: [{ rle: row(1, 2), score: 0.9 }] }, ben);
  const report = await importInto(mine, join(theirs.folder, 'project.sqlite'));
  expect(stored(mine).instances).toMatchObject([
    { path: 'moved/elsewhere.jpg', category: 'cup', score: 0.5, source: 'model' },
  ]);
  expect(stored(mine).queries).toMatchObject([{ text: 'waits', status: 'draft' }]);
  expect(proposalsOf(mine.db, 1)).toEqual([]);
  expect(reasons(report.skipped)).toEqual({ 'photo-missing': 1, 'photo-left-out': 1, waiting: 1 });
  expect(reasons(report.mended)).toEqual({ 'super-differs': 1 });
  expect(report.kept).toMatchObject({ categories: 1, images: 1 });
});

test('a copy from before is a project that opens, and only the newest of them are kept', async () => {
  const { mine, theirs } = await two();
  const backups = () => readdirSync(join(mine.folder, 'backups')).filter((name) => name.includes('before-import'));
  let last: string | null = null;
  for (let k = 0; k < 5; k++) {
    ask(theirs, `question ${k}`, [row(0, k + 1)]);
    last = (await importInto(mine, theirs.folder)).backup;
  }
  expect(backups()).toHaveLength(3);
  expect(backups().map((name) => join(mine.folder, 'backups', name))).toContain(last);
});

test('cancelled while it reads: nothing is changed', async () => {
  const { mine, theirs } = await two();
  ask(theirs, 'new', [row(0, 3)]);
  const before = dump(mine.db);
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const importing = importInto(mine, theirs.folder, { signal: controller.signal, onProgress });
  await expect(importing).rejects.toThrow(/abort/i);
  expect(dump(mine.db)).toBe(before);
});

test('verdicts come along: two who validated copies agree or disagree as if they had worked in one', async () => {
  const { mine, theirs } = await two();
  const texts = ['both say yes', 'we differ', 'only Ben judged', 'same person'];
  for (const project of [mine, theirs]) for (const text of texts) ask(project, text, [row(0, 3)], ann);
  const hers = ask(theirs, 'new there', [row(2, 5)]);
  setReviewersPerQuery(mine.db, 2, ann);
  const judge = ({ db }: Project, id: number, who: string, correct: boolean) =>
    addReview(db, { queryId: id, text: need(db, 'query', id).text, clear: true, correct }, { who, ms: 1500 });
  for (const id of [1, 2]) judge(mine, id, 'Ann', true);
  judge(mine, 4, 'Ben', true);
  for (const [id, correct] of [
    [1, true],
    [2, false],
    [3, true],
    [4, false],
    [hers, true],
  ] as const) {
    judge(theirs, id, 'Ben', correct);
  }
  expect(need(theirs.db, 'query', hers)).toMatchObject({ clear: true, correct: true });

  const before = dump(mine.db);
  const dry = await importInto(mine, theirs.folder, { dryRun: true });
  expect(dump(mine.db)).toBe(before);
  const report = await importInto(mine, theirs.folder, { actor: ann });
  expect([dry.reviews, report.reviews]).toEqual([4, 4]);
  const marks = queriesOf(mine.db, 1).map(({ text, clear, correct, status }) => [text, clear, correct, status]);
  expect(marks).toEqual([
    ['both say yes', true, true, 'accepted'],
    ['we differ', null, null, 'accepted'],
    ['only Ben judged', null, null, 'accepted'],
    ['same person', null, null, 'accepted'],
    // One verdict is enough there and not here.
    ['new there', null, null, 'accepted'],
  ]);
  expect(reviewsOf(mine.db, 2).map(({ who, correct }) => [who, correct])).toEqual([
    ['Ann', true],
    ['Ben', false],
  ]);
  // Mine stays as it was, to the millisecond.
  expect(reviewsOf(mine.db, 4)).toMatchObject([{ who: 'Ben', correct: true, ms: 1500 }]);
  const waiting = (queue: 'mine' | 'disagreements', who: string) =>
    queuedQueries(mine.db, queue, who, { after: null, limit: 10 });
  expect(waiting('disagreements', 'Cid')).toEqual([2]);
  expect(waiting('mine', 'Ann')).toEqual([3, 4, 5]);
  const what = report.conflicts.examples.map(({ text, addedId, what }) => [text, addedId, what]);
  expect(what).toContainEqual(['we differ', null, 'Reviewers disagree: it waits for a third person.']);
  expect(what).toContainEqual(['same person', null, 'Ben has another verdict there; the one here stays.']);
  expect(await checkProject(mine)).toEqual([]);
  const after = dump(mine.db);
  expect((await importInto(mine, theirs.folder)).reviews).toBe(0);
  expect(dump(mine.db)).toBe(after);
});

test('a rejection that comes along does not reject what is accepted here, and is told', async () => {
  const { mine, theirs } = await two();
  for (const project of [mine, theirs]) ask(project, 'q', [row(0, 3)], ann);
  const no = { queryId: 1, text: 'q', clear: null, correct: null, rejected: true, reason: 'names the class' };
  addReview(theirs.db, no, ben);
  const report = await importInto(mine, theirs.folder);
  expect(need(mine.db, 'query', 1)).toMatchObject({ status: 'accepted', reviewer: 'Ben' });
  expect(reviewsOf(mine.db, 1)).toMatchObject([{ who: 'Ben', rejected: true, reason: 'names the class' }]);
  expect(report.conflicts.examples.map(({ what }) => what)).toContain('Ben rejects it, and it stays accepted here.');
});
