/** @file When an answer should be doubted, and which suggestions are left. */
import { expect, test } from 'vitest';
import type { Reasoner } from '../../src-main/contract/methods-models.ts';
import type { Query, Run } from '../../src-main/contract/records.ts';
import { doubtedReasoner, openSuggestions } from '../../src-renderer/document/selectors.ts';
import type { State } from '../../src-renderer/document/state.ts';
import { imageDocument, proposal, query, stateWith } from './document.ts';

const small: Reasoner = {
  id: 'small',
  title: 'Small',
  kind: 'llava-seg',
  ready: true,
  domain: 'a',
  doubtfulBelow: 0.4,
};
const server: Reasoner = { id: 'server', title: 'Server', kind: 'endpoint', ready: true };
const run = (id: number, reasoner: string | null): Run => {
  return { id, queryId: 1, pack: 'mobile-sam', reasoner, prompts: {}, answer: '', timing: null, at: 0 };
};
const came = { imageId: 1, credit: 'B', texts: ['query 1', 'query 2'] };

/** One query, answered by `by` with masks of these scores. */
function answered(scores: number[], by: string | null = 'small', status: Query['status'] = 'proposed'): State {
  const proposals = scores.map((score, k) => proposal(k + 1, score));
  const document = imageDocument({ queries: [query(1, { status })], proposals, runs: [run(1, by)] });
  return { ...stateWith(document), reasoners: [small, server] };
}

test('nothing found, or nothing above the threshold of the pack', () => {
  expect(doubtedReasoner(answered([]))).toBe(small);
  expect(doubtedReasoner(answered([0.39, 0.1]))).toBe(small);
  expect(doubtedReasoner(answered([0.1, 0.4]))).toBeNull();
});

test('no doubt: a model that does not say what it knows, none at all, a picture made for it, a decided query', () => {
  expect(doubtedReasoner(answered([], 'server'))).toBeNull();
  expect(doubtedReasoner(answered([], null))).toBeNull();
  expect(doubtedReasoner(answered([], 'removed since'))).toBeNull();
  expect(doubtedReasoner({ ...answered([]), suggestions: new Map([[1, came]]) })).toBeNull();
  expect(doubtedReasoner(answered([0.1], 'small', 'accepted'))).toBeNull();
});

test('of a query that was asked again the last answer counts', () => {
  const proposals = [proposal(1, 0.9, { runId: 1, status: 'rejected' }), proposal(2, 0.2, { runId: 2 })];
  const state = stateWith(imageDocument({ proposals, runs: [run(1, 'small'), run(2, 'small')] }));
  expect(doubtedReasoner({ ...state, reasoners: [small] })).toBe(small);
});

test('suggestions are those of the image that it does not have as queries', () => {
  const state = { ...answered([]), suggestions: new Map([[1, came]]) };
  expect(openSuggestions(state)?.texts).toEqual(['query 2']);
  expect(openSuggestions(state)).toBe(openSuggestions(state));
  expect(openSuggestions({ ...state, suggestions: new Map([[2, came]]) })).toBeNull();
});
