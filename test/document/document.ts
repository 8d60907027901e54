/** @file Records of one image, for tests of pure functions on them. */
import type { Rle } from '../../src-main/contract/mask.ts';
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { Instance, Proposal, Query } from '../../src-main/contract/records.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { initialState } from '../../src-renderer/document/initial.ts';
import { withImage } from '../../src-renderer/document/open.ts';
import type { State } from '../../src-renderer/document/state.ts';

/** A square of `side` pixels at the top left of an image of 20 x 10. */
export function square(side: number): Rle {
  const data = new Uint8Array(200);
  for (let y = 0; y < side; y++) data.fill(1, y * 20, y * 20 + side);
  return encodeRle({ width: 20, height: 10, data });
}

const mask = (side: number) => ({ rle: square(side), area: side * side, bbox: [0, 0, side, side] as Instance['bbox'] });

export const query = (id: number, change: Partial<Query> = {}): Query => ({
  id,
  imageId: 1,
  text: `query ${id}`,
  form: 'long',
  reasoningType: null,
  source: 'human',
  status: 'proposed',
  noTarget: false,
  exhaustive: true,
  clear: null,
  correct: null,
  reviewer: null,
  note: '',
  version: id,
  ...change,
});

export const proposal = (id: number, score: number | null, change: Partial<Proposal> = {}): Proposal => ({
  id,
  queryId: 1,
  runId: 1,
  ...mask(2 + (id % 5)),
  score,
  label: null,
  status: 'pending',
  instanceId: null,
  ...change,
});

export const instance = (id: number, change: Partial<Instance> = {}): Instance => ({
  id,
  imageId: 1,
  ...mask(2 + (id % 5)),
  categoryId: null,
  score: null,
  source: 'human',
  attributes: {},
  ...change,
});

export function imageDocument(change: Partial<ImageDocument> = {}): ImageDocument {
  return {
    session: 'one',
    seq: 10,
    image: {
      id: 1,
      rootId: 1,
      path: 'cup.jpg',
      diskPath: null,
      contentHash: 'abc',
      width: 20,
      height: 10,
      format: 'jpeg',
      bytes: 1,
      modifiedMs: 0,
      status: 'present',
    },
    queries: [query(1)],
    runs: [{ id: 1, queryId: 1, pack: 'p', reasoner: 'r', prompts: {}, answer: null, timing: null, at: 0 }],
    proposals: [proposal(1, 0.5), proposal(2, 0.9), proposal(3, 0.7)],
    instances: [],
    links: [],
    history: { undo: null, redo: null },
    ...change,
  };
}

/** The image on the canvas of an open project. */
export function stateWith(document: ImageDocument): State {
  const start = initialState();
  const info = { session: 'one', name: 'p', folder: '/p', roots: [], images: 1, scanning: false };
  return withImage({ ...start, project: { ...start.project, info } }, document, {
    generation: 1,
    position: 0,
    now: 0,
  });
}
