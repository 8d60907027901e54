/** @file The image on the canvas: opening it, what is selected in it, and how a change alters it. Pure. */
import type { Changed, ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { Query } from '../../src-main/contract/records.ts';
import { chipsOf } from './chips.ts';
import { applyDiff } from './diff.ts';
import type { Draft } from './draft.ts';
import { draftKey, rescueDrafts } from './drafts.ts';
import { withRows } from './images.ts';
import { isUndecided, sameSelection } from './selectors.ts';
import type { EncodingState, OpenImage, Selection, State } from './state.ts';

const notEncoded: EncodingState = { state: 'waiting', ms: null, cached: false, failure: null };

/** Puts an image on the canvas with what there is to decide: its first undecided query and that one's best proposal. */
export function withImage(
  state: State,
  document: ImageDocument,
  place: { generation: number; position: number | null; now: number },
): State {
  const { queries } = document;
  const query = queries.find(({ status }) => status === 'proposed') ?? queries.find(isUndecided) ?? queries.at(-1);
  const open: OpenImage = {
    document,
    generation: place.generation,
    position: place.position,
    queryId: query?.id ?? null,
    selection: null,
    encoding: notEncoded,
    shownAt: place.now,
  };
  const next = { ...state, open, opening: null, view: { ...state.view, hover: null } };
  return withSelection(next, lastDraft(next) ?? firstPending(next), place.now);
}

/** The same image as it is stored now. What was selected stays selected where it is still there. */
export function withDocument(state: State, document: ImageDocument): State {
  const { open } = state;
  if (!open || open.document.image.id !== document.image.id) return state;
  return settled({ ...rescueDrafts(state, document), open: { ...open, document } });
}

/** Selects a mask, or none. The time that the next action takes counts from now. */
export function withSelection(state: State, selection: Selection | null, now: number): State {
  const { open } = state;
  if (!open || (sameSelection(open.selection, selection) && selection !== null)) return state;
  return { ...state, open: { ...open, selection, shownAt: now } };
}

/** Works on another query: with its best proposal that waits. */
export function withQuery(state: State, queryId: number | null, now: number): State {
  if (!state.open) return state;
  const next = { ...state, open: { ...state.open, queryId, selection: null, shownAt: now } };
  return withSelection(next, firstPending(next), now);
}

/** The best proposal of the active query that waits and can be seen; null where there is none. */
export function firstPending({ open, view, drafts }: State): Selection | null {
  if (!open) return null;
  const chips = chipsOf(open.document, open.queryId, view.threshold, drafts);
  return chips.find(({ status, below }) => status === 'pending' && !below)?.selection ?? null;
}

/** The next query of the image that waits for a decision after `queryId`, starting over at the first; null if none. */
export function nextUndecidedQuery({ queries }: ImageDocument, queryId: number | null): Query | null {
  const at = queries.findIndex(({ id }) => id === queryId);
  const others = [...queries.slice(at + 1), ...queries.slice(0, Math.max(0, at))];
  return others.find(isUndecided) ?? null;
}

/**
 * Takes in a change, of this page or of another one. Every page hears every change once as an event and its own also as
 * an answer, in any order: `seq` tells what is new. `stale`: changes before this one were not heard, or more is gone
 * than the page can work out, so the image must be read again. `countsStale`: the counts over the project likewise.
 */
export function withChanged(state: State, changed: Changed): { state: State; stale: boolean; countsStale: boolean } {
  if (changed.session !== state.project.info?.session) return { state, stale: false, countsStale: false };
  const { list, counts, countsKnown } = withRows(state.images, state.project.counts, changed.images, changed.seq);
  const listed: State = { ...state, images: list, project: { ...state.project, counts } };
  const { open } = listed;
  const countsStale = !countsKnown;
  if (!open || changed.seq <= open.document.seq) return { state: listed, stale: false, countsStale };
  if (changed.seq > open.document.seq + 1) return { state: listed, stale: true, countsStale };
  const document = { ...applyDiff(open.document, changed.diff), seq: changed.seq };
  const isHere = changed.imageId === document.image.id;
  const applied = withDocument(listed, isHere ? { ...document, history: changed.history } : document);
  // The run before the one that was taken back is not on the page.
  const stale = isHere && changed.diff.remove.some(({ table }) => table === 'run');
  return { state: applied, stale, countsStale };
}

/** After the document has changed: nothing stays selected that is not there. */
function settled(state: State): State {
  const open = state.open!;
  const { document, selection } = open;
  const hasQuery = document.queries.some(({ id }) => id === open.queryId);
  const queryId = hasQuery ? open.queryId : (document.queries.at(-1)?.id ?? null);
  const stays = selection !== null && isSelectable(state, selection);
  if (hasQuery && (selection === null || stays)) return state;
  return { ...state, open: { ...open, queryId, selection: stays ? selection : null } };
}

function isSelectable({ open, drafts }: State, selection: Selection): boolean {
  const { document } = open!;
  if (selection.kind === 'draft') return drafts.has(draftKey(document.image.id, selection));
  if (selection.kind === 'instance') return document.instances.some(({ id }) => id === selection.id);
  return document.proposals.some(({ id, status }) => id === selection.id && status === 'pending');
}

/** The draft of the image that was worked on last. */
function lastDraft({ open, drafts }: State): Selection | null {
  const imageId = open!.document.image.id;
  const draft: Draft | undefined = [...drafts.values()].findLast((each) => each.imageId === imageId);
  if (!draft) return null;
  return draft.target.kind === 'new' ? { kind: 'draft' } : draft.target;
}

/** After the threshold has changed: a proposal that it hides is not selected any more. */
export function dropHiddenSelection(state: State, now: number): State {
  const { open, view, drafts } = state;
  if (open?.selection?.kind !== 'proposal') return state;
  const { id } = open.selection;
  const chips = chipsOf(open.document, open.queryId, view.threshold, drafts);
  const isBelow = chips.some(({ selection, below }) => below && selection.kind === 'proposal' && selection.id === id);
  return isBelow ? withSelection(state, firstPending(state), now) : state;
}
