/** @file What is confirmed becomes the whole answer of a query, in one change that can be taken back. */
import { expect, test } from 'vitest';
import { type Alignment, alignQuery } from '../../src-main/store/alignment.ts';
import { applyDiff } from '../../src-main/store/change.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { addInstance, linksOf } from '../../src-main/store/instances.ts';
import { proposalsOf, propose } from '../../src-main/store/proposals.ts';
import { addQuery } from '../../src-main/store/queries.ts';
import { need } from '../../src-main/store/records.ts';
import { addRecords, dump, newProject, row, someRun } from './helper.ts';

async function withMasks() {
  const project = await newProject();
  const { db } = project;
  const [image, other] = addRecords(db, ['a.jpg', 'b.jpg']);
  const { result: query } = addQuery(db, { imageId: image!, text: 'in order of height' }, {});
  const add = (imageId: number, x0: number, x1: number) =>
    addInstance(db, { imageId, rle: row(x0, x1), source: 'import' }, {}).result.id;
  const truth = [add(image!, 0, 2), add(image!, 2, 4)] as const;
  const proposals = [row(0, 2), row(5, 7), row(7, 8)].map((rle) => ({ rle, score: 0.9 }));
  const offered = propose(db, query.id, { run: someRun, proposals }, {}).result.proposals.map(({ id }) => id);
  const align = (input: Partial<Alignment>) =>
    alignQuery(db, query.id, { answer: [], ranked: false, same: [], ...input }, { who: 'ann', ms: 900 });
  return { project, db, query, truth, foreign: add(other!, 0, 2), offered, align };
}

test('instances and proposals become the answer, the rest is decided, and all of it is taken back', async () => {
  const { project, db, query, truth, offered, align } = await withMasks();
  const before = dump(db);
  const done = align({
    answer: [
      { kind: 'instance', id: truth[0] },
      { kind: 'proposal', id: offered[1]! },
    ],
    same: [{ proposalId: offered[0]!, instanceId: truth[0] }],
  });
  expect(need(db, 'query', query.id)).toMatchObject({ status: 'accepted', reviewer: 'ann' });
  expect(linksOf(db, query.id).map(({ instanceId, rank }) => [instanceId, rank])).toEqual(
    done.result.map((id) => [id, null]),
  );
  // The one that shows what the annotated mask shows was right, the one that was left out was not.
  expect(proposalsOf(db, query.id).map(({ status, instanceId }) => [status, instanceId])).toEqual([
    ['accepted', truth[0]],
    ['accepted', done.result[1]],
    ['rejected', null],
  ]);
  expect(await checkProject(project)).toEqual([]);
  applyDiff(db, done.inverse, {});
  expect(dump(db)).toBe(before);
});

test('an order is kept, a second alignment replaces the first, and masks that leave the answer stay on the image', async () => {
  const { project, db, query, truth, align } = await withMasks();
  const both = [
    { kind: 'instance', id: truth[1] },
    { kind: 'instance', id: truth[0] },
  ] as const;
  align({ answer: both, ranked: true });
  expect(linksOf(db, query.id)).toEqual([
    { queryId: query.id, instanceId: truth[1], rank: 1 },
    { queryId: query.id, instanceId: truth[0], rank: 2 },
  ]);
  align({ answer: [both[1]] });
  expect(linksOf(db, query.id)).toEqual([{ queryId: query.id, instanceId: truth[0], rank: null }]);
  expect(need(db, 'instance', truth[1]).imageId).toBe(query.imageId);
  expect(await checkProject(project)).toEqual([]);
});

test('nothing is stored for an empty answer, a mask of another photo, or what was decided meanwhile', async () => {
  const { db, query, foreign, offered, align } = await withMasks();
  const before = dump(db);
  expect(() => align({})).toThrow(/No mask is chosen/);
  expect(() => align({ answer: [{ kind: 'instance', id: foreign }] })).toThrow(/belongs to another image/);
  expect(() => align({ answer: [{ kind: 'proposal', id: offered[0]! + 100 }] })).toThrow(/does not wait/);
  const stale = { answer: [{ kind: 'proposal', id: offered[0]! }], version: query.version } as const;
  expect(() => align(stale)).toThrow(/changed meanwhile/);
  expect(dump(db)).toBe(before);
});
