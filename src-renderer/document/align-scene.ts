/** @file What the photo shows in alignment: chosen masks in colour, the others grey, and what the model looks at. */
import type { AlignItem } from '../../src-main/contract/methods-align.ts';
import { chosenKeys, isOrdered, keyOf, type MaskKey } from './align.ts';
import { maskColours } from './colours.ts';
import { memo } from './memo.ts';
import type { DrawnMask } from './selectors.ts';
import type { State } from './state.ts';

/** A candidate as list and photo show it. */
export type ShownCandidate = {
  readonly key: MaskKey;
  /** As on the keys 1 to 9; those behind are picked on the photo or in the list. */
  readonly number: number;
  readonly candidate: AlignItem['candidates'][number];
  readonly chosen: boolean;
  /** 1 for the first in an order; null without one. */
  readonly place: number | null;
  readonly colour: string;
  /** The number of the instance that shows the same thing as this proposal. */
  readonly sameAs: number | null;
};

const left = '#8a9096';
const reference = '#f0b429';

/** What would be confirmed now. */
export const selectChosen = memo(
  ({ align, settings }: State) => [align, settings.alignOverlap] as const,
  (align, threshold) => chosenKeys(align, threshold),
);

const keysText = (state: State) => selectChosen(state).join(',');

export const selectCandidates = memo(
  (state: State) => [state.align.queue.items[0] ?? null, keysText(state), isOrdered(state.align)] as const,
  (item, keys, ordered): readonly ShownCandidate[] => {
    const chosen = keys === '' ? [] : keys.split(',');
    return (item?.candidates ?? []).map((candidate, at) => {
      const key = keyOf(candidate);
      const place = chosen.indexOf(key);
      return {
        ...{ key, candidate, number: at + 1, chosen: place >= 0 },
        place: ordered && place >= 0 ? place + 1 : null,
        colour: maskColours[at % maskColours.length]!,
        sameAs: candidate.coveredBy === null ? null : numberOf(item!, candidate.coveredBy),
      };
    });
  },
);

const numberOf = ({ candidates }: AlignItem, instanceId: number): number =>
  candidates.findIndex(({ kind, id }) => kind === 'instance' && id === instanceId) + 1;

const masksOf = memo(
  (state: State) => [state.align.queue.items[0] ?? null, selectCandidates(state), state.align.reference] as const,
  (item, candidates, showReference): readonly DrawnMask[] => {
    const masks = candidates
      // A proposal whose thing is annotated would lie over that mask.
      .filter(({ candidate, chosen }) => candidate.coveredBy === null || chosen)
      .map(({ key, candidate, chosen, number, place, colour }): DrawnMask => {
        const label = place === null ? String(number) : `${number}: ${ordinal(place)}`;
        return {
          ...{ id: key, rle: candidate.rle, label },
          ...(chosen ? { colour, kind: 'instance' } : { colour: left, kind: 'choice' }),
        };
      });
    if (!showReference || !item?.reference) return masks;
    return [{ id: 'reference', rle: item.reference.rle, colour: reference, kind: 'other' }, ...masks];
  },
);

export const alignScene = memo(
  (state: State) => [state.align.queue.items[0]?.image ?? null, masksOf(state), state.align.hover] as const,
  (image, masks, highlight) => ({ image, masks, highlight }),
);

/** 1st, 2nd, 3rd, 4th. */
export function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
