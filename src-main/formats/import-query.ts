/** @file What every format needs to make a query of what it has: its form, its status, the order of its answer. */
import type { QueryDraft } from '../contract/import.ts';

/** A phrase or a sentence, for formats that do not say: a sentence ends as one or has more than six words. */
export const formOf = (text: string): QueryDraft['form'] =>
  /[.?!。?!]\s*$/u.test(text) || text.trim().split(/\s+/).length > 6 ? 'long' : 'short';

/**
 * The status that goes with the answer, as the store settles it: what is accepted has an answer, and nothing waits,
 * because proposals do not travel.
 */
export function settledStatus(claimed: QueryDraft['status'] | null, answered: boolean): QueryDraft['status'] {
  if (claimed === 'rejected' || claimed === 'draft') return claimed;
  return answered && claimed !== 'proposed' ? 'accepted' : 'draft';
}

/** Links with ranks from 1 without gaps: gaps close up, ties and ranks that are no places are dropped. */
export function inOrder(links: readonly { readonly instance: number; readonly rank: number | null }[]): {
  links: QueryDraft['links'];
  renumbered: boolean;
} {
  const ranks = links.flatMap(({ rank }) => (rank === null ? [] : [rank]));
  if (ranks.length === 0) return { links, renumbered: false };
  if (new Set(ranks).size < ranks.length) {
    return { links: links.map(({ instance }) => ({ instance, rank: null })), renumbered: true };
  }
  const order = ranks.toSorted((a, b) => a - b);
  const places = new Map(order.map((rank, k) => [rank, k + 1]));
  const renumbered = order.some((rank, k) => rank !== k + 1);
  return {
    links: links.map(({ instance, rank }) => ({ instance, rank: rank === null ? null : places.get(rank)! })),
    renumbered,
  };
}
