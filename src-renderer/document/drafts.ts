/** @file What happens to drafts: begin, prompt, answer, step back. Pure: a draft in, a draft out. */
import type { Rle } from '../../src-main/contract/mask.ts';
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { Box, Point } from '../../src-main/contract/segmentation.ts';
import type { Candidate, Draft, DraftStep, DraftTarget } from './draft.ts';
import type { Selection, State } from './state.ts';

/** An image has at most one draft for each of its masks, and one for a mask that has no record yet. */
export const draftKey = (imageId: number, target: Selection | DraftTarget): string =>
  `${imageId}/${'id' in target ? `${target.kind} ${target.id}` : 'new'}`;

export const newDraft = (imageId: number, target: DraftTarget, base: Rle | null): Draft => ({
  imageId,
  target,
  base,
  points: [],
  box: null,
  candidates: [],
  index: 0,
  all: false,
  past: [],
  waiting: false,
  clicks: 0,
  strokes: 0,
});

/** The mask that the draft shows; null while a new object has no answer yet. */
export const draftMask = ({ candidates, index, base }: DraftStep): Rle | null => candidates[index]?.rle ?? base;

const stepOf = ({ base, points, box, candidates, index, all }: Draft): DraftStep => ({
  base,
  points,
  box,
  candidates,
  index,
  all,
});

/** What can be undone is bounded; nobody clicks more often than this on one mask. */
const maxPast = 200;
const withPast = (draft: Draft): readonly DraftStep[] => [...draft.past, stepOf(draft)].slice(-maxPast);

/** Other prompts, as one step. The candidates stay on screen until the answer. */
export function withPrompts(
  draft: Draft,
  prompts: { readonly points?: readonly Point[]; readonly box?: Box | null },
): Draft {
  return { ...draft, ...prompts, past: withPast(draft), all: false, waiting: true, clicks: draft.clicks + 1 };
}

/** The segmenter's answer to the draft's prompts. `all`: with every granularity that the prompts may mean. */
export const withCandidates = (draft: Draft, candidates: readonly Candidate[], all: boolean): Draft => ({
  ...draft,
  candidates,
  index: 0,
  all,
  waiting: false,
});

export const withNextCandidate = (draft: Draft, candidates: readonly Candidate[] = draft.candidates): Draft => ({
  ...draft,
  candidates,
  all: true,
  waiting: false,
  index: candidates.length === 0 ? 0 : (draft.index + 1) % candidates.length,
});

/** A mask that was made without prompts (grown, shrunk, painted), as one step: prompts that follow correct this one. */
export const withMask = (draft: Draft, base: Rle, strokes = 0): Draft => ({
  ...draft,
  base,
  points: [],
  box: null,
  candidates: [],
  index: 0,
  all: false,
  past: withPast(draft),
  waiting: false,
  strokes: draft.strokes + strokes,
});

/** One step back; null where that leaves nothing of the draft. */
export function stepBack(draft: Draft): Draft | null {
  const before = draft.past.at(-1);
  if (!before) return null;
  const back = { ...draft, ...before, past: draft.past.slice(0, -1), waiting: false };
  const isUntouched = back.past.length === 0 && back.points.length === 0 && back.box === null;
  return isUntouched && back.candidates.length === 0 ? null : back;
}

export function setDraft(state: State, draft: Draft): State {
  return { ...state, drafts: new Map(state.drafts).set(draftKey(draft.imageId, draft.target), draft) };
}

export function dropDraft(state: State, imageId: number, target: Selection | DraftTarget): State {
  const key = draftKey(imageId, target);
  if (!state.drafts.has(key)) return state;
  const drafts = new Map(state.drafts);
  drafts.delete(key);
  return { ...state, drafts };
}

/**
 * Drafts whose mask is gone (undone, or decided by another page) become drafts of a new mask, so that the work in them
 * is not lost. Where there is one already it is kept and the other one stays behind under its old key.
 */
export function rescueDrafts(state: State, doc: ImageDocument): State {
  const imageId = doc.image.id;
  let next = state;
  for (const [key, draft] of state.drafts) {
    if (draft.imageId !== imageId || isThere(doc, draft.target)) continue;
    const freeKey = draftKey(imageId, { kind: 'draft' });
    if (next.drafts.has(freeKey)) continue;
    const drafts = new Map(next.drafts);
    drafts.delete(key);
    const queryId = queryOfTarget(state, draft.target);
    drafts.set(freeKey, { ...draft, target: { kind: 'new', queryId } });
    next = { ...next, drafts };
  }
  return next;
}

function isThere(doc: ImageDocument, target: DraftTarget): boolean {
  if (target.kind === 'new') return true;
  if (target.kind === 'instance') return doc.instances.some(({ id }) => id === target.id);
  return doc.proposals.some(({ id, status }) => id === target.id && status === 'pending');
}

function queryOfTarget({ open }: State, target: DraftTarget): number | null {
  if (target.kind === 'proposal') {
    const proposal = open?.document.proposals.find(({ id }) => id === target.id);
    return proposal?.queryId ?? open?.queryId ?? null;
  }
  return open?.queryId ?? null;
}
