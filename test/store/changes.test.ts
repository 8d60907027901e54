/**
 * @file Everything an annotator does is one change that can be taken back, and nobody's work is overwritten unseen.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '../../src-main/contract/diff.ts';
import { diffSchema } from '../../src-main/contract/diff.ts';
import { ensureCategory } from '../../src-main/store/categories.ts';
import { applyDiff } from '../../src-main/store/change.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { listEvents, sumEvents } from '../../src-main/store/events.ts';
import {
  addInstance,
  deleteInstance,
  editMask,
  instancesOf,
  linkInstance,
  linksOf,
  rankInstances,
  unlinkInstance,
} from '../../src-main/store/instances.ts';
import { acceptAll, acceptProposal, proposalsOf, propose, rejectProposal } from '../../src-main/store/proposals.ts';
import { addQuery, deleteQuery, editQuery, queriesOf, setNoTarget } from '../../src-main/store/queries.ts';
import type { Db } from '../../src-main/store/statements.ts';
import { addRecords, dump, newProject, row, someRun } from './helper.ts';

const offer = (...masks: [number, number][]) => ({
  run: someRun,
  proposals: masks.map(([x0, x1], i) => ({ rle: row(x0, x1), score: 0.9 - i / 10 })),
});

async function withQuery() {
  const { db } = await newProject();
  const [image] = addRecords(db, ['a.jpg']);
  const { result: query } = addQuery(db, { imageId: image!, text: 'what could one sit on?' }, { who: 'ann' });
  return { db, image: image!, query };
}

test('propose, accept one with a mended mask, reject one: instance, link, status and event are stored together', async () => {
  const { db, image, query } = await withQuery();
  const { result } = propose(db, query.id, offer([0, 3], [4, 6]), {});
  expect(queriesOf(db, image)[0]!.status).toBe('proposed');
  const [first, second] = result.proposals;
  const accepted = acceptProposal(db, first!.id, { rle: row(0, 4) }, { who: 'ann', clicks: 2, strokes: 1, ms: 1500 });
  expect(accepted.result).toMatchObject({ area: 4, bbox: [0, 0, 4, 1], score: 0.9, source: 'model' });
  rejectProposal(db, second!.id, { who: 'ann' });
  expect(queriesOf(db, image)[0]).toMatchObject({ status: 'accepted', noTarget: false });
  expect(linksOf(db, query.id)).toEqual([{ queryId: query.id, instanceId: accepted.result.id, rank: null }]);
  expect(proposalsOf(db, query.id).map(({ status }) => status)).toEqual(['accepted', 'rejected']);
  const event = listEvents(db, { queryId: query.id }).find(({ what }) => what === 'proposal.accept');
  expect(event).toMatchObject({ who: 'ann', clicks: 2, strokes: 1, ms: 1500, imageId: image });
  expect(sumEvents(db)).toMatchObject({ clicks: 2, strokes: 1, ms: 1500 });
  expect(() => acceptProposal(db, second!.id, {}, {})).toThrow(/rejected already/);
});

test('nothing matches is an answer: proposals are rejected, and it is taken back by undo', async () => {
  const { db, image, query } = await withQuery();
  propose(db, query.id, offer([0, 3]), {});
  const before = dump(db);
  const done = setNoTarget(db, query.id, true, {});
  expect(done.result).toMatchObject({ status: 'accepted', noTarget: true });
  applyDiff(db, done.inverse, {});
  expect(dump(db)).toBe(before);
  acceptAll(db, query.id, {}, {});
  expect(() => setNoTarget(db, query.id, true, {})).toThrow(/1 accepted instances/);
  expect(queriesOf(db, image)[0]!.noTarget).toBe(false);
});

test('asking again replaces what nobody decided and keeps what was accepted', async () => {
  const { db, image, query } = await withQuery();
  const { result } = propose(db, query.id, offer([0, 3], [4, 6]), {});
  acceptProposal(db, result.proposals[0]!.id, {}, {});
  propose(db, query.id, offer([0, 3], [5, 7]), {});
  expect(proposalsOf(db, query.id).map(({ status }) => status)).toEqual(['accepted', 'pending', 'pending']);
  acceptAll(db, query.id, {}, {});
  expect(instancesOf(db, image)).toHaveLength(2); // the mask that it had already is not there twice
});

test('ranks close up, and one mask can answer two queries', async () => {
  const { db, image, query } = await withQuery();
  const ids = [0, 2, 4].map((x) => {
    return addInstance(db, { imageId: image, rle: row(x, x + 1), queryIds: [query.id] }, {}).result.id;
  });
  rankInstances(db, query.id, [ids[2]!, ids[0]!, ids[1]!], {});
  const second = addQuery(db, { imageId: image, text: 'what is red?' }, {}).result;
  linkInstance(db, second.id, ids[0]!, {});
  unlinkInstance(db, query.id, ids[0]!, {});
  expect(linksOf(db, query.id).map(({ instanceId, rank }) => [instanceId, rank])).toEqual([
    [ids[2], 1],
    [ids[1], 2],
  ]);
  const version = queriesOf(db, image)[1]!.version;
  editMask(db, ids[0]!, row(0, 6), {}, {});
  expect(queriesOf(db, image)[1]!.version).not.toBe(version);
  deleteQuery(db, second.id, {});
  expect(instancesOf(db, image).map(({ id }) => id)).toEqual([ids[1], ids[2]]);
});

test('masks that do not fit are refused, and nothing of the action is stored', async () => {
  const { db, image, query } = await withQuery();
  const before = dump(db);
  const add = (rle: { size: [number, number]; counts: string }) =>
    addInstance(db, { imageId: image, rle, queryIds: [query.id] }, {});
  expect(() => add(row(0, 3, 6, 8))).toThrow('The mask is 6 x 8 pixels, but its image is 8 x 6.');
  expect(() => add(row(0, 0))).toThrow('The mask is empty.');
  expect(() => add({ size: [6, 8], counts: 'zz' })).toThrow();
  expect(() => add({ size: [6, 8], counts: '5' })).toThrow(/add up/);
  expect(() => addQuery(db, { imageId: 77, text: 'x' }, {})).toThrow(/no image 77/);
  expect(() => addQuery(db, { imageId: image, text: '' }, {})).toThrow(/text does not fit/);
  expect(dump(db)).toBe(before);
});

test('two people at one query: the second is told, and nothing of theirs or of the first is lost', async () => {
  const { db, image, query } = await withQuery();
  editQuery(db, query.id, { note: 'by ann' }, { who: 'ann' }, query.version);
  const stale = () => editQuery(db, query.id, { note: 'by bob' }, { who: 'bob' }, query.version);
  expect(stale).toThrow(
    expect.objectContaining({ code: 'conflict', hint: expect.stringContaining('Nothing was changed') }),
  );
  expect(queriesOf(db, image)[0]!.note).toBe('by ann');
  deleteQuery(db, query.id, {});
  expect(stale).toThrow(/no query/);
});

test('undo does not overwrite what somebody did since, and versions never name two states', async () => {
  const { db, image, query } = await withQuery();
  const mine = editQuery(db, query.id, { note: 'mine' }, {});
  const theirs = editQuery(db, query.id, { note: 'theirs' }, {});
  expect(() => applyDiff(db, mine.inverse, {})).toThrow(expect.objectContaining({ code: 'conflict' }));
  applyDiff(db, theirs.inverse, {});
  applyDiff(db, mine.inverse, {});
  expect(queriesOf(db, image)[0]).toEqual(query);
  const other = editQuery(db, query.id, { note: 'other' }, {});
  expect([mine.result.version, theirs.result.version]).not.toContain(other.result.version);
  expect(() => applyDiff(db, mine.diff, {}, 'redo')).toThrow(expect.objectContaining({ code: 'conflict' }));
});

/** Something an annotator does, chosen by numbers; null when there is nothing to do it to. */
function act(db: Db, images: number[], kind: number, pick: number, x: number): Change | null {
  const image = images[pick % images.length]!;
  const queries = queriesOf(db, image);
  const query = queries[x % Math.max(1, queries.length)];
  if (kind === 0 || !query) return addQuery(db, { imageId: image, text: `q${x}` }, {});
  const proposals = proposalsOf(db, query.id).filter(({ status }) => status === 'pending');
  const links = linksOf(db, query.id);
  const [proposal, linked] = [proposals[0], links[0]];
  const actions: (() => Change | null)[] = [
    () => editQuery(db, query.id, { text: `e${x}`, clear: x % 2 === 0, reasoningType: 'spatial' }, {}),
    () => propose(db, query.id, offer([x % 4, 5], [x % 3, 7]), {}),
    () => (proposal ? acceptProposal(db, proposal.id, { rle: row(x % 5, 8) }, {}) : null),
    () => (proposal ? rejectProposal(db, proposal.id, {}) : null),
    () => acceptAll(db, query.id, {}, {}),
    () => (links.length === 0 ? setNoTarget(db, query.id, x % 2 === 0, {}) : null),
    () => addInstance(db, { imageId: image, rle: row(0, 1 + (x % 7)), queryIds: queries.map(({ id }) => id) }, {}),
    () => (linked ? editMask(db, linked.instanceId, row(x % 7, 8), {}, {}) : null),
    () => (linked ? deleteInstance(db, linked.instanceId, {}, {}) : null),
    () => (linked ? unlinkInstance(db, query.id, linked.instanceId, {}) : null),
    () =>
      rankInstances(
        db,
        query.id,
        links
          .map(({ instanceId }) => instanceId)
          .toReversed()
          .slice(x % 2),
        {},
      ),
    () => deleteQuery(db, query.id, {}),
    () => ensureCategory(db, `c${x % 3}`, {}),
  ];
  return actions[kind % actions.length]!();
}

test('any work can be taken back and done again, step by step, to the same database; undo survives JSON', async () => {
  const project = await newProject();
  const { db } = project;
  const images = addRecords(db, ['a.jpg', 'b.jpg']);
  const step = fc.tuple(fc.nat(13), fc.nat(1), fc.nat(40));
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
    const dumps = [dump(db)];
    const history: Change[] = [];
    for (const [kind, pick, x] of steps) {
      const done = act(db, images, kind, pick, x);
      if (!done) continue;
      history.push(done);
      dumps.push(dump(db));
    }
    const bad = (await checkProject(project)).filter(
      ({ code }) => !['same-query', 'duplicate-instance'].includes(code),
    );
    expect(bad).toEqual([]);
    const sent = (diff: unknown) => diffSchema.parse(JSON.parse(JSON.stringify(diff)));
    for (let i = history.length - 1; i >= 0; i--) {
      applyDiff(db, sent(history[i]!.inverse), {});
      expect(dump(db)).toBe(dumps[i]);
    }
    for (const [i, { diff }] of history.entries()) {
      applyDiff(db, sent(diff), {}, 'redo');
      expect(dump(db)).toBe(dumps[i + 1]);
    }
  });
  await fc.assert(property, { numRuns: 40 });
});
