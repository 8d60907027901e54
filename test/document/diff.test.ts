import { expect, test } from 'vitest';
import type { Diff } from '../../src-main/contract/diff.ts';
import type { Changed } from '../../src-main/contract/methods-annotate.ts';
import { applyDiff } from '../../src-renderer/document/diff.ts';
import { draftKey, newDraft, setDraft } from '../../src-renderer/document/drafts.ts';
import { withChanged } from '../../src-renderer/document/open.ts';
import { imageDocument, instance, proposal, query, square, stateWith } from './document.ts';

const diffOf = (change: Partial<Diff>): Diff => ({ put: [], remove: [], expect: [], ...change });
const changedBy = (diff: Diff, seq: number, change: Partial<Changed> = {}): Changed => ({
  session: 'one',
  seq,
  what: 'test',
  diff,
  images: [],
  imageId: 1,
  history: { undo: 'proposal.accept', redo: null },
  ...change,
});

test('records are put in their place and removed; the document before stays as it was', () => {
  const before = imageDocument({ queries: [query(1), query(5)] });
  const diff = diffOf({
    put: [
      { table: 'query', record: query(3) },
      { table: 'proposal', record: { ...before.proposals[0]!, status: 'accepted', instanceId: 7 } },
      { table: 'instance', record: instance(7) },
      { table: 'queryInstance', record: { queryId: 1, instanceId: 7, rank: null } },
    ],
    remove: [{ table: 'proposal', id: 3 }],
  });
  const frozen = structuredClone(before);
  const after = applyDiff(before, diff);
  expect(after.queries.map(({ id }) => id)).toEqual([1, 3, 5]);
  expect(after.proposals.map(({ id, status }) => [id, status])).toEqual([
    [1, 'accepted'],
    [2, 'pending'],
  ]);
  expect(after.links).toEqual([{ queryId: 1, instanceId: 7, rank: null }]);
  expect(before).toEqual(frozen);
  const undone = applyDiff(after, diffOf({ remove: [{ table: 'queryInstance', queryId: 1, instanceId: 7 }] }));
  expect(undone.links).toEqual([]);
});

test('records of other images are passed over; those of a query that comes in the same change are not', () => {
  const other = { ...proposal(9, 0.3), queryId: 99 };
  const after = applyDiff(
    imageDocument(),
    diffOf({
      put: [
        { table: 'proposal', record: other },
        { table: 'proposal', record: { ...proposal(10, 0.4), queryId: 2 } },
        { table: 'instance', record: instance(4, { imageId: 2 }) },
        { table: 'query', record: query(2) },
      ],
    }),
  );
  expect(after.proposals.map(({ id }) => id)).toEqual([1, 2, 3, 10]);
  expect(after.instances).toEqual([]);
});

test('a change is taken in once, in order; a gap asks for the image to be read again', () => {
  const state = stateWith(imageDocument());
  const diff = diffOf({ remove: [{ table: 'proposal', id: 1 }] });
  const once = withChanged(state, changedBy(diff, 11));
  expect(once.stale).toBe(false);
  expect(once.state.open?.document).toMatchObject({ seq: 11, history: { undo: 'proposal.accept' } });
  expect(once.state.open?.document.proposals).toHaveLength(2);
  // The same change as an event, after its answer.
  const again = withChanged(once.state, changedBy(diff, 11));
  expect(again.state.open).toBe(once.state.open);
  expect(withChanged(state, changedBy(diff, 13))).toMatchObject({
    stale: true,
    state: { open: { document: { seq: 10 } } },
  });
  expect(withChanged(state, changedBy(diff, 11, { session: 'another' })).state).toBe(state);
});

test('a change of another image moves the number on and nothing else', () => {
  const state = stateWith(imageDocument());
  const { state: after } = withChanged(state, changedBy(diffOf({}), 11, { imageId: 2 }));
  expect(after.open?.document).toEqual({ ...state.open!.document, seq: 11 });
});

test('what was selected and is gone is let go; its draft becomes one of a new mask', () => {
  const state = stateWith(imageDocument());
  expect(state.open?.selection).toEqual({ kind: 'proposal', id: 2 });
  const draft = newDraft(1, { kind: 'proposal', id: 2 }, square(3));
  const { state: after } = withChanged(
    setDraft(state, draft),
    changedBy(diffOf({ remove: [{ table: 'proposal', id: 2 }] }), 11),
  );
  expect(after.open?.selection).toBeNull();
  expect([...after.drafts]).toEqual([
    [draftKey(1, { kind: 'draft' }), { ...draft, target: { kind: 'new', queryId: 1 } }],
  ]);
});
