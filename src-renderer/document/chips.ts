/**
 * @file The masks of a query as numbered chips: the one numbering that photo, list and keys 1 to 9 refer to. Proposals
 * count from 1 in the order of their scores and keep their number when they are decided; masks made by hand follow.
 */
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { Instance, Proposal, Run } from '../../src-main/contract/records.ts';
import { colourOf } from './colours.ts';
import type { Draft } from './draft.ts';
import { draftKey } from './drafts.ts';
import { memo } from './memo.ts';
import type { Selection, State } from './state.ts';

export type Chip = {
  /** From 1. */
  readonly number: number;
  readonly selection: Extract<Selection, { id: number }>;
  readonly status: Proposal['status'];
  readonly score: number | null;
  readonly label: string | null;
  readonly colour: string;
  readonly record: Proposal | Instance;
  /** Pending, and its score is below the threshold: not drawn, not picked, not accepted with the others. */
  readonly below: boolean;
  /** It has corrections that are not stored. */
  readonly edited: boolean;
};

/** What a model did last for a query, of the runs that the page knows. */
export function latestRun(doc: ImageDocument, queryId: number): Run | null {
  return doc.runs.findLast((run) => run.queryId === queryId) ?? null;
}

/** An instance has the colour of the proposal that it was. */
export function instanceColour(doc: ImageDocument, instanceId: number): string {
  const proposal = doc.proposals.find((each) => each.instanceId === instanceId);
  return colourOf(proposal?.id ?? instanceId);
}

const byScore = (a: Proposal, b: Proposal) => (b.score ?? -1) - (a.score ?? -1) || a.id - b.id;

export function chipsOf(
  doc: ImageDocument,
  queryId: number | null,
  threshold: number,
  drafts: ReadonlyMap<string, Draft>,
): readonly Chip[] {
  const runId = queryId === null ? null : (latestRun(doc, queryId)?.id ?? null);
  const linked = new Set(doc.links.flatMap((link) => (link.queryId === queryId ? [link.instanceId] : [])));
  const instances = new Map(doc.instances.map((each) => [each.id, each]));
  const edited = (selection: Selection) => drafts.has(draftKey(doc.image.id, selection));
  // Of earlier answers only what was accepted still matters, and that is listed with the instances.
  const proposals = doc.proposals
    .filter((each) => each.queryId === queryId && (each.status === 'pending' || each.runId === runId))
    .toSorted(byScore);

  const chips: Chip[] = [];
  const shown = new Set<number>();
  for (const proposal of proposals) {
    const { id, score, label, status, instanceId } = proposal;
    const instance = instanceId === null ? undefined : instances.get(instanceId);
    if (instance) {
      // Two proposals can have become one instance; and an instance can have been taken out of the answer.
      if (shown.has(instance.id) || !linked.has(instance.id)) continue;
      shown.add(instance.id);
    }
    const selection: Chip['selection'] = instance ? { kind: 'instance', id: instance.id } : { kind: 'proposal', id };
    chips.push({
      number: chips.length + 1,
      selection,
      status,
      score,
      label,
      colour: colourOf(id),
      record: instance ?? proposal,
      below: status === 'pending' && score !== null && score < threshold,
      edited: edited(selection),
    });
  }
  for (const instance of doc.instances) {
    if (shown.has(instance.id)) continue;
    if (queryId === null ? hasQuery(doc, instance.id) : !linked.has(instance.id)) continue;
    const label = instance.attributes['label'];
    const selection = { kind: 'instance', id: instance.id } as const;
    chips.push({
      number: chips.length + 1,
      selection,
      status: 'accepted',
      score: instance.score,
      label: typeof label === 'string' ? label : null,
      colour: instanceColour(doc, instance.id),
      record: instance,
      below: false,
      edited: edited(selection),
    });
  }
  return chips;
}

const hasQuery = (doc: ImageDocument, instanceId: number) => doc.links.some((link) => link.instanceId === instanceId);

const none: readonly Chip[] = [];

/** Chips of the active query; without a query those of plain annotations. */
export const selectChips = memo(
  ({ open, view, drafts }: State) => [open?.document, open?.queryId ?? null, view.threshold, drafts] as const,
  (doc, queryId, threshold, drafts) => (doc ? chipsOf(doc, queryId, threshold, drafts) : none),
);

/** Those that wait and can be seen, best first. */
export const selectPending = memo(
  (state: State) => [selectChips(state)] as const,
  (chips) => chips.filter(({ status, below }) => status === 'pending' && !below),
);

export const selectAccepted = memo(
  (state: State) => [selectChips(state)] as const,
  (chips) => chips.filter(({ status }) => status === 'accepted'),
);

/** How many pending proposals the threshold hides. */
export const selectBelow = (state: State): number => selectChips(state).filter(({ below }) => below).length;
