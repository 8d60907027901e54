import { expect, test } from 'vitest';
import { chipsOf, selectChips, selectPending } from '../../src-renderer/document/chips.ts';
import { colourOf, maskColours } from '../../src-renderer/document/colours.ts';
import { drawnMasks, highlightedMask } from '../../src-renderer/document/selectors.ts';
import { imageDocument, instance, proposal, query, stateWith } from './document.ts';

const numbers = (doc = imageDocument(), threshold = 0) =>
  chipsOf(doc, 1, threshold, new Map()).map(({ number, selection, status }) => [number, selection.id, status]);

test('proposals count from 1 by score, and keep their number when they are decided', () => {
  expect(numbers()).toEqual([
    [1, 2, 'pending'],
    [2, 3, 'pending'],
    [3, 1, 'pending'],
  ]);
  const decided = imageDocument({
    proposals: [
      proposal(1, 0.5),
      proposal(2, 0.9, { status: 'accepted', instanceId: 40 }),
      proposal(3, 0.7, { status: 'rejected' }),
    ],
    instances: [instance(40), instance(41), instance(42)],
    links: [40, 42].map((instanceId) => ({ queryId: 1, instanceId, rank: null })),
  });
  expect(numbers(decided)).toEqual([
    [1, 40, 'accepted'],
    [2, 3, 'rejected'],
    [3, 1, 'pending'],
    // Made by hand; 41 is no answer of this query.
    [4, 42, 'accepted'],
  ]);
});

test('of an earlier answer only what was accepted is left', () => {
  const doc = imageDocument({
    proposals: [
      proposal(1, 0.9, { runId: 1, status: 'rejected' }),
      proposal(2, 0.8, { runId: 1, status: 'accepted', instanceId: 5 }),
      proposal(3, 0.4, { runId: 2 }),
    ],
    runs: [1, 2].map((id) => ({ ...imageDocument().runs[0]!, id })),
    instances: [instance(5)],
    links: [{ queryId: 1, instanceId: 5, rank: null }],
  });
  expect(numbers(doc)).toEqual([
    [1, 3, 'pending'],
    [2, 5, 'accepted'],
  ]);
});

test('the threshold hides what scores less, and leaves numbers and unscored masks alone', () => {
  const doc = imageDocument({ proposals: [proposal(1, 0.2), proposal(2, 0.9), proposal(3, null)] });
  const chips = chipsOf(doc, 1, 0.5, new Map());
  expect(chips.map(({ number, below }) => [number, below])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
  const state = stateWith(doc);
  const hidden = { ...state, view: { ...state.view, threshold: 0.5 } };
  expect(selectPending(hidden)).toHaveLength(2);
  expect(drawnMasks(hidden).map(({ id }) => id)).toEqual(['proposal 2', 'proposal 3']);
});

test('a mask keeps its colour when it is accepted; ten masks that follow each other have ten colours', () => {
  const accepted = imageDocument({
    proposals: [proposal(7, 0.9, { status: 'accepted', instanceId: 40 })],
    instances: [instance(40)],
    links: [{ queryId: 1, instanceId: 40, rank: null }],
  });
  expect(chipsOf(accepted, 1, 0, new Map())[0]?.colour).toBe(colourOf(7));
  expect(new Set(Array.from({ length: maskColours.length }, (_, at) => colourOf(20 + at))).size).toBe(
    maskColours.length,
  );
});

test('masks of other queries are drawn as context, without a number', () => {
  const state = stateWith(
    imageDocument({
      queries: [query(1), query(2)],
      instances: [instance(9)],
      links: [{ queryId: 2, instanceId: 9, rank: null }],
    }),
  );
  expect(drawnMasks(state).at(-1)).toMatchObject({ id: 'instance 9', kind: 'other' });
  expect(drawnMasks(state).at(-1)).not.toHaveProperty('label');
});

test('selectors answer the same object until something is another; hover goes before selection', () => {
  const state = stateWith(imageDocument());
  const moved = { ...state, view: { ...state.view, zoom: 3 } };
  expect(selectChips(moved)).toBe(selectChips(state));
  expect(drawnMasks(moved)).toBe(drawnMasks(state));
  expect(highlightedMask(state)).toBe('proposal 2');
  expect(highlightedMask({ ...state, view: { ...state.view, hover: { kind: 'instance', id: 4 } } })).toBe('instance 4');
});
