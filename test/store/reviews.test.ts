/** @file Verdicts are records of their own; the query carries only what they come to. */
import { expect, test } from 'vitest';
import type { Query } from '../../src-main/contract/records.ts';
import { applyDiff } from '../../src-main/store/change.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { listEvents } from '../../src-main/store/events.ts';
import { addInstance, linksOf, rankInstances } from '../../src-main/store/instances.ts';
import { addQuery, deleteQuery, editQuery, queriesOf } from '../../src-main/store/queries.ts';
import { splitQuery } from '../../src-main/store/query-split.ts';
import { need } from '../../src-main/store/records.ts';
import { reviewsOf } from '../../src-main/store/review-outcome.ts';
import { countOutcomes, progressOfPeople } from '../../src-main/store/review-progress.ts';
import { countQueued, queuedQueries } from '../../src-main/store/review-queue.ts';
import { addReview, setReviewersPerQuery } from '../../src-main/store/reviews.ts';
import type { Db } from '../../src-main/store/statements.ts';
import { addRecords, dump, newProject, row } from './helper.ts';

const yes = { clear: true, correct: true };
const reviews = (db: Db) => db.prepare('SELECT * FROM review ORDER BY id').all();

/** Two images with two queries each, in the order of the list. */
async function withQueries() {
  const project = await newProject();
  const { db } = project;
  const [second, first] = addRecords(db, ['b.jpg', 'a.jpg']);
  const add = (imageId: number, text: string) => addQuery(db, { imageId, text }, {}).result;
  const queries = [add(first!, 'a1'), add(first!, 'a2'), add(second!, 'b1'), add(second!, 'b2')] as const;
  const now = ({ id }: Query) => need(db, 'query', id);
  const judge = (query: Query, who: string, marks: { clear: boolean | null; correct: boolean | null }, more = {}) =>
    addReview(db, { queryId: query.id, text: now(query).text, ...marks, ...more }, { who, ms: 2000 });
  const left = (who: string) => queuedQueries(db, 'mine', who, { after: null, limit: 10 });
  return { project, db, queries, now, judge, left };
}

test('one reviewer: a verdict settles the query, and is taken back as if it had not been', async () => {
  const { db, queries, now, judge, left } = await withQueries();
  const [q1, q2, q3, q4] = queries;
  expect(left('ann')).toEqual([q1.id, q2.id, q3.id, q4.id]);
  const before = dump(db);
  const done = judge(q1, 'ann', yes);
  expect(now(q1)).toMatchObject({ clear: true, correct: true, reviewer: 'ann', status: 'draft' });
  expect(reviewsOf(db, q1.id)).toMatchObject([{ who: 'ann', ms: 2000, text: 'a1', ...yes, rejected: false }]);
  expect(listEvents(db, { queryId: q1.id }).at(-1)).toMatchObject({ what: 'review.add', who: 'ann', ms: 2000 });
  expect(left('ann')).toEqual([q2.id, q3.id, q4.id]);
  const undone = applyDiff(db, done.inverse, {});
  expect(dump(db)).toBe(before);
  expect(reviews(db)).toEqual([]);
  applyDiff(db, undone.inverse, {}, 'redo');
  expect(now(q1)).toMatchObject({ clear: true, correct: true });
  // "No" to one of the questions keeps it out of the set; so does a rejection without marks.
  judge(q2, 'ann', { clear: true, correct: false });
  expect(now(q2)).toMatchObject({ clear: true, correct: false, status: 'rejected' });
  judge(q3, 'ann', { clear: null, correct: null }, { rejected: true, reason: 'names the class ' });
  expect(now(q3)).toMatchObject({ clear: null, correct: null, status: 'rejected' });
  expect(reviewsOf(db, q3.id)[0]).toMatchObject({ reason: 'names the class' });
  expect(left('ben')).toEqual([q4.id]);
  expect(countOutcomes(db)).toEqual({ total: 4, passed: 1, failed: 2, disagreements: 0 });
});

test('two reviewers: blind until both have judged, then settled or a disagreement that a third settles', async () => {
  const { db, queries, now, judge, left } = await withQueries();
  const [q1, q2, q3] = queries;
  setReviewersPerQuery(db, 2, {});
  judge(q1, 'ann', yes);
  judge(q2, 'ann', { clear: false, correct: true });
  // Nothing on the query gives the first verdict away.
  expect(now(q1)).toMatchObject({ clear: null, correct: null, reviewer: null, status: 'draft' });
  expect(left('ann')).not.toContain(q1.id);
  expect(left('ben').slice(0, 2)).toEqual([q1.id, q2.id]);
  judge(q1, 'ben', yes);
  expect(now(q1)).toMatchObject({ clear: true, correct: true, reviewer: 'ben' });
  judge(q2, 'ben', yes);
  expect(now(q2)).toMatchObject({ clear: null, correct: null, status: 'draft' });
  expect(queuedQueries(db, 'disagreements', '', { after: null, limit: 10 })).toEqual([q2.id]);
  expect(left('cid')).not.toContain(q2.id);
  judge(q2, 'cid', { clear: false, correct: true }, { decides: true });
  expect(now(q2)).toMatchObject({ clear: false, correct: true, status: 'rejected', reviewer: 'cid' });
  expect(countQueued(db, 'disagreements', '')).toBe(0);
  // A rejection and a "no" are the same opinion of the query.
  judge(q3, 'ann', { clear: null, correct: null }, { rejected: true });
  judge(q3, 'ben', { clear: false, correct: true });
  expect(now(q3)).toMatchObject({ status: 'rejected', clear: false });
});

test('an edited text makes verdicts stale: the query waits again, also for those who judged it', async () => {
  const { db, queries, now, judge, left } = await withQueries();
  const [q1, q2] = queries;
  judge(q1, 'ann', yes);
  judge(q2, 'ann', { clear: false, correct: true });
  const edited = editQuery(db, q2.id, { text: 'a2, said better' }, {});
  expect(now(q2)).toMatchObject({ clear: null, correct: null, status: 'draft' });
  expect(left('ann')).toContain(q2.id);
  applyDiff(db, edited.inverse, {});
  expect(now(q2)).toMatchObject({ clear: false, status: 'rejected' });
  // Other edits leave them as they are.
  editQuery(db, q1.id, { form: 'long' }, {});
  expect(now(q1)).toMatchObject({ clear: true, correct: true });
  // Who judged an older text is not heard for the new one.
  expect(() => addReview(db, { queryId: q1.id, text: 'a1, once', ...yes }, { who: 'ann' })).toThrow(
    /changed meanwhile/,
  );
});

test('who judges again on the same text replaces their verdict; nobody judges without a name or by half', async () => {
  const { db, queries, now, judge } = await withQueries();
  const [q1] = queries;
  judge(q1, 'ann', yes);
  judge(q1, ' ann ', { clear: true, correct: false });
  expect(reviewsOf(db, q1.id)).toHaveLength(1);
  expect(now(q1).correct).toBe(false);
  expect(() => judge(q1, '  ', yes)).toThrow(/Who reviews is not known/);
  expect(() => judge(q1, 'ann', { clear: true, correct: null })).toThrow(/both questions/);
});

test('an older verdict cannot be taken back under a newer one', async () => {
  const { db, queries, judge } = await withQueries();
  const [q1] = queries;
  setReviewersPerQuery(db, 2, {});
  const first = judge(q1, 'ann', yes);
  judge(q1, 'ben', yes);
  expect(() => applyDiff(db, first.inverse, {})).toThrow(/changed meanwhile/);
});

test('the number of reviewers is a rule of the project: outcomes follow it', async () => {
  const { db, queries, now, judge, left } = await withQueries();
  const [q1] = queries;
  judge(q1, 'ann', yes);
  setReviewersPerQuery(db, 2, {});
  expect(now(q1)).toMatchObject({ clear: null, correct: null });
  expect(left('ben')).toContain(q1.id);
  setReviewersPerQuery(db, 1, {});
  expect(now(q1)).toMatchObject({ clear: true, correct: true });
});

test('progress: judged, left and per hour of each person; long pauses are no work', async () => {
  const { db, queries, judge } = await withQueries();
  judge(queries[0], 'ann', yes);
  addReview(db, { queryId: queries[1].id, text: 'a2', ...yes }, { who: 'ann', ms: 3_600_000 });
  expect(progressOfPeople(db, 'ben')).toEqual([
    // 2 s and an hour, which counts as two minutes.
    { who: 'ann', judged: 2, left: 2, perHour: (2 * 3_600_000) / 122_000 },
    { who: 'ben', judged: 0, left: 2, perHour: null },
  ]);
});

test('the queue goes on after a query, in the order of the images, and starts over where that is gone', async () => {
  const { db, queries } = await withQueries();
  const [q1, q2, q3, q4] = queries;
  const after = (id: number) => queuedQueries(db, 'mine', 'ann', { after: id, limit: 2 });
  expect(after(q2.id)).toEqual([q3.id, q4.id]);
  expect(after(q4.id)).toEqual([]);
  expect(after(999)).toEqual([q1.id, q2.id]);
});

test('paraphrases have the instances in their order and are judged for themselves; a deleted query takes its verdicts', async () => {
  const { project, db, queries, now, judge, left } = await withQueries();
  const [q1] = queries;
  const ids = [row(0, 2), row(3, 5)].map(
    (rle) => addInstance(db, { imageId: q1.imageId, rle, queryIds: [q1.id] }, {}).result.id,
  );
  rankInstances(db, q1.id, [ids[1]!, ids[0]!], {});
  judge(q1, 'ann', yes);
  const before = dump(db);
  const done = splitQuery(
    db,
    q1.id,
    [
      { text: 'a1 in short', form: 'short' },
      { text: 'a1 at length', form: 'long' },
    ],
    {},
  );
  expect(done.result).toMatchObject([
    { text: 'a1 in short', form: 'short', status: 'accepted', clear: null },
    { text: 'a1 at length', form: 'long' },
  ]);
  for (const { id } of done.result) {
    expect(linksOf(db, id).map(({ instanceId, rank }) => [instanceId, rank])).toEqual([
      [ids[1], 1],
      [ids[0], 2],
    ]);
    expect(left('ann')).toContain(id);
  }
  expect(now(q1)).toMatchObject(yes);
  expect(() => splitQuery(db, q1.id, [{ text: 'a2', form: 'short' }], {})).toThrow(/has the query "a2" already/);
  applyDiff(db, done.inverse, {});
  // Versions aside, which are never used twice, all is as before.
  expect(queriesOf(db, q1.imageId)).toHaveLength(2);
  expect(dump(db)).toBe(before);
  const deleted = deleteQuery(db, q1.id, {});
  expect(reviewsOf(db, q1.id)).toEqual([]);
  applyDiff(db, deleted.inverse, {});
  expect(reviewsOf(db, q1.id)).toHaveLength(1);
  expect(await checkProject(project)).toEqual([]);
});
