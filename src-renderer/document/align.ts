/** @file What the stage of alignment knows, and which masks it takes to be meant. Pure. */
import type { AlignCandidate, AlignItem, AlignQueueName, MaskKind } from '../../src-main/contract/methods-align.ts';
import { emptyQueue, type WorkQueue } from './work-queue.ts';

/** A candidate by name: "instance 7". */
export type MaskKey = `${MaskKind} ${number}`;
export const keyOf = ({ kind, id }: { readonly kind: MaskKind; readonly id: number }): MaskKey => `${kind} ${id}`;

export type AlignState = {
  readonly queue: WorkQueue<AlignItem>;
  readonly name: AlignQueueName;
  readonly validatedOnly: boolean;
  readonly notValidated: number;
  readonly withoutCandidates: number;
  /** Null: what is suggested. Else what the person chose, in the order in which they did. */
  readonly chosen: readonly MaskKey[] | null;
  /** The choice is an order: first, second, third. Null: what is suggested. */
  readonly ordered: boolean | null;
  /** What the pointer is over. */
  readonly hover: MaskKey | null;
  /** The model's reference mask is drawn. */
  readonly reference: boolean;
};

export const emptyAlign: AlignState = {
  queue: emptyQueue,
  name: 'waiting',
  validatedOnly: true,
  notValidated: 0,
  withoutCandidates: 0,
  chosen: null,
  ordered: null,
  hover: null,
  reference: false,
};

/** A mask that lies less than this outside of larger ones is a part of them. */
const leastOwn = 0.5;

/** What is chosen before anybody has: the stored answer, else masks that lie in the reference, else those named with the query. */
export function suggested({ candidates, answer, reference }: AlignItem, threshold: number): MaskKey[] {
  if (answer.length > 0) return answer.map(keyOf);
  const fits = ({ overlap, adds, coveredBy, named }: AlignCandidate) =>
    reference ? coveredBy === null && (overlap ?? 0) > threshold && (adds ?? 0) > leastOwn : named;
  return candidates.filter(fits).map(keyOf);
}

export function isOrdered({ ordered, queue }: AlignState): boolean {
  const item = queue.items[0];
  if (ordered !== null || !item) return ordered ?? false;
  return item.asksForOrder || item.answer.some(({ rank }) => rank !== null);
}

/** What would be confirmed now, in its order. An order is never guessed: it begins empty, or as it is stored. */
export function chosenKeys(state: AlignState, threshold: number): readonly MaskKey[] {
  const item = state.queue.items[0];
  if (state.chosen !== null || !item) return state.chosen ?? [];
  const isNew = !item.answer.some(({ rank }) => rank !== null);
  return isOrdered(state) && isNew ? [] : suggested(item, threshold);
}

/** Takes a mask in at the end, or out. */
export const toggled = (chosen: readonly MaskKey[], key: MaskKey): MaskKey[] =>
  chosen.includes(key) ? chosen.filter((each) => each !== key) : [...chosen, key];
