/** @file What panels and canvas draw, derived from the state. Each answers the same object until it is another. */

import { chosenReasoner as chosenOf } from '../../src-main/contract/chosen-reasoner.ts';
import type { ListedImage } from '../../src-main/contract/image-list.ts';
import type { Rle } from '../../src-main/contract/mask.ts';
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { Reasoner } from '../../src-main/contract/methods-models.ts';
import type { Suggestions } from '../../src-main/contract/methods-project.ts';
import type { Instance, Proposal, Query, Run } from '../../src-main/contract/records.ts';
import type { Box, Point } from '../../src-main/contract/segmentation.ts';
import { type Chip, instanceColour, latestRun, selectChips } from './chips.ts';
import { colourOf, draftColour } from './colours.ts';
import type { Draft } from './draft.ts';
import { draftKey, draftMask } from './drafts.ts';
import { pageSize } from './images.ts';
import { memo } from './memo.ts';
import type { Asking, Selection, State } from './state.ts';

/** A mask as the canvas draws it; `id` is `selectionId` of what it shows. */
export type DrawnMask = {
  readonly id: string;
  readonly rle: Rle;
  readonly colour: string;
  readonly kind: 'instance' | 'proposal' | 'choice' | 'other';
  readonly label?: string;
};

export const selectionId = (selection: Selection): string =>
  selection.kind === 'draft' ? 'draft' : `${selection.kind} ${selection.id}`;

export function selectionOf(id: string): Selection | null {
  const [kind, number] = id.split(' ');
  if (kind === 'draft') return { kind };
  return kind === 'proposal' || kind === 'instance' ? { kind, id: Number(number) } : null;
}

export const sameSelection = (a: Selection | null, b: Selection | null): boolean =>
  a === b || (a !== null && b !== null && selectionId(a) === selectionId(b));

export const activeQuery = ({ open }: State): Query | null =>
  open?.document.queries.find(({ id }) => id === open.queryId) ?? null;

export const activeRun = ({ open }: State): Run | null =>
  open && open.queryId !== null ? latestRun(open.document, open.queryId) : null;

export const activeAsking = ({ open, asking }: State): Asking | null =>
  (open && open.queryId !== null && asking.get(open.queryId)) || null;

/** The draft of the selected mask, or the one of a new mask. */
export function activeDraft({ open, drafts }: State): Draft | null {
  if (!open?.selection) return null;
  return drafts.get(draftKey(open.document.image.id, open.selection)) ?? null;
}

export function recordOf(doc: ImageDocument, selection: Selection | null): Proposal | Instance | null {
  if (!selection || selection.kind === 'draft') return null;
  const list: readonly (Proposal | Instance)[] = selection.kind === 'proposal' ? doc.proposals : doc.instances;
  return list.find(({ id }) => id === selection.id) ?? null;
}

export const selectedRecord = ({ open }: State): Proposal | Instance | null =>
  open ? recordOf(open.document, open.selection) : null;

export const selectedChip = (state: State): Chip | null =>
  selectChips(state).find(({ selection }) => sameSelection(selection, state.open?.selection ?? null)) ?? null;

/** The selected mask as it is shown: with its corrections where it has some. */
export function shownMask(state: State): Rle | null {
  const draft = activeDraft(state);
  return (draft && draftMask(draft)) ?? selectedRecord(state)?.rle ?? null;
}

export function colourOfSelection(doc: ImageDocument, selection: Selection | null): string {
  if (!selection || selection.kind === 'draft') return draftColour;
  return selection.kind === 'proposal' ? colourOf(selection.id) : instanceColour(doc, selection.id);
}

const isBrush = ({ tool }: State) => tool === 'brush' || tool === 'eraser';

/** Whether the selected mask is drawn on the active layer: it has corrections, or a brush is in the hand. */
export const isActive = (state: State): boolean => isBrush(state) || activeDraft(state) !== null;

/** The mask on the active layer; null where prompts and brush have nothing to work on there. */
export const activeMask = memo(
  (state: State) =>
    [
      state.open && isActive(state),
      shownMask(state),
      state.open ? colourOfSelection(state.open.document, state.open.selection) : draftColour,
    ] as const,
  (active, rle, colour) => (active ? { rle, colour } : null),
);

const noPoints: readonly Point[] = [];
/** The prompts of the draft that is worked on. */
export const drawnPrompts = memo(
  (state: State) => [activeDraft(state)?.points ?? noPoints, activeDraft(state)?.box ?? null] as const,
  (points, box): { readonly points: readonly Point[]; readonly box: Box | null } => ({ points, box }),
);

/** The finished masks: those of the active query with their numbers, the image's others as context. */
export const drawnMasks = memo(
  (state: State) =>
    [
      selectChips(state),
      state.open?.document,
      isActive(state) && state.open?.selection ? selectionId(state.open.selection) : null,
    ] as const,
  (chips, doc, active): readonly DrawnMask[] => {
    const drawn: DrawnMask[] = [];
    const ofQuery = new Set<number>();
    for (const { selection, record, colour, status, number, below } of chips) {
      if (selection.kind === 'instance') ofQuery.add(selection.id);
      const id = selectionId(selection);
      if (status === 'rejected' || below || id === active) continue;
      drawn.push({ id, rle: record.rle, colour, kind: selection.kind, label: String(number) });
    }
    for (const { id, rle } of doc?.instances ?? []) {
      const key = selectionId({ kind: 'instance', id });
      if (ofQuery.has(id) || key === active) continue;
      drawn.push({ id: key, rle, colour: instanceColour(doc!, id), kind: 'other' });
    }
    return drawn;
  },
);

/** Id of the mask to outline: what the pointer is over, else what is selected. */
export function highlightedMask({ open, view }: State): string | null {
  const selection = view.hover ?? open?.selection ?? null;
  return selection ? selectionId(selection) : null;
}

/** The row at a place of the list; undefined while its page is not here. */
export const rowAt = ({ images }: State, index: number): ListedImage | undefined =>
  images.pages.get(Math.floor(index / pageSize))?.[index % pageSize];

/** Images that have unfinished masks. */
export const imagesWithDrafts = memo(
  ({ drafts }: State) => [drafts] as const,
  (drafts): ReadonlySet<number> => new Set([...drafts.values()].map(({ imageId }) => imageId)),
);

/** Whether the query still waits for a decision. */
export const isUndecided = ({ status }: Query): boolean => status === 'draft' || status === 'proposed';

/** Whether everything is on disk. */
export const savedState = ({ saving }: State): 'stored' | 'storing' | 'unstored' =>
  saving.unstored.length > 0 ? 'unstored' : saving.pending > 0 ? 'storing' : 'stored';

/** The reasoner that a query goes to; null where none is ready. */
export const chosenReasoner = ({ reasoners, settings }: State): Reasoner | null =>
  chosenOf(reasoners, settings.reasoner);

/** The queries that came with the open image and that it does not have yet; null where none came with it. */
export const openSuggestions = memo(
  ({ open, suggestions }: State) =>
    [(open && suggestions.get(open.document.image.id)) ?? null, open?.document.queries] as const,
  (found, queries): Suggestions | null => {
    if (!found) return null;
    const asked = new Set(queries?.map(({ text }) => text));
    return { ...found, texts: found.texts.filter((text) => !asked.has(text)) };
  },
);

/**
 * The reasoner whose answer to the active query should be doubted: one that says what it knows, on an image that did not
 * come with the application, found nothing or is less sure than its pack asks for. Null where there is no reason to.
 */
export function doubtedReasoner(state: State): Reasoner | null {
  const { open, suggestions, reasoners } = state;
  const query = activeQuery(state);
  const run = activeRun(state);
  if (!open || !query || !run || !isUndecided(query) || activeAsking(state)) return null;
  if (suggestions.has(open.document.image.id)) return null;
  const reasoner = reasoners.find(({ id }) => id === run.reasoner);
  if (reasoner?.domain === undefined || reasoner.doubtfulBelow === undefined) return null;
  const scores = open.document.proposals.flatMap(({ runId, score }) => (runId === run.id ? [score ?? 1] : []));
  return Math.max(0, ...scores) < reasoner.doubtfulBelow ? reasoner : null;
}
