/** @file What the photo shows in validation: the query's masks, numbered where they have an order. */
import { colourOf } from './colours.ts';
import { memo } from './memo.ts';
import type { DrawnMask } from './selectors.ts';
import type { State } from './state.ts';

export const reviewScene = memo(
  ({ review }: State) => [review.queue.items[0] ?? null] as const,
  (item) => ({
    image: item?.image ?? null,
    masks: (item?.instances ?? []).map(
      ({ id, rle, rank }): DrawnMask => ({
        ...{ id: `instance ${id}`, rle, colour: colourOf(id), kind: 'instance' },
        ...(rank === null ? {} : { label: String(rank) }),
      }),
    ),
    highlight: null,
  }),
);
