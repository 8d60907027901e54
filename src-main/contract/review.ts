/**
 * @file Human validation as data (paper, section 5, step 3): the verdict of one person on one query, and what follows
 * from all verdicts on it. The query's own `clear`, `correct` and `status` are that outcome, never a single opinion.
 */
import { z } from 'zod';
import { idSchema } from './records.ts';

export const reviewSchema = z.object({
  id: idSchema,
  queryId: idSchema,
  who: z.string().min(1).max(1000),
  at: z.number(),
  /** Milliseconds from when the query was shown to the verdict. */
  ms: z.number().min(0),
  /** The text that was judged. Once the query has another one, the verdict no longer counts. */
  text: z.string().min(1).max(10_000),
  /** Is the text semantically clear, is what it asks logically correct; null where that was not said. */
  clear: z.boolean().nullable(),
  correct: z.boolean().nullable(),
  /** The query does not belong into the set, for `reason`. */
  rejected: z.boolean(),
  reason: z.string().max(10_000),
  /** Settles a disagreement: it counts more than the others. */
  decides: z.boolean(),
});
export type Review = z.infer<typeof reviewSchema>;

/** What one person says, without who and when. */
export type Verdict = Pick<Review, 'clear' | 'correct' | 'rejected'>;

/** `waiting` for another verdict, `disagreement` for a third person. */
export const outcomes = ['waiting', 'passed', 'failed', 'disagreement'] as const;
export type Outcome = {
  readonly state: (typeof outcomes)[number];
  /** Null unless it has passed or failed. */
  readonly clear: boolean | null;
  readonly correct: boolean | null;
  /** Whose verdict made it so; null while it waits. */
  readonly who: string | null;
};

/** Both questions are answered with yes. */
export const passes = ({ clear, correct, rejected }: Verdict): boolean =>
  clear === true && correct === true && !rejected;

/**
 * Whether two people say the same: both would keep the query or neither would, and no question has a yes and a no. A
 * question that one of them did not answer separates nobody.
 */
export const agrees = (a: Verdict, b: Verdict): boolean =>
  passes(a) === passes(b) && sameMark(a.clear, b.clear) && sameMark(a.correct, b.correct);

const sameMark = (a: boolean | null, b: boolean | null) => a === null || b === null || a === b;

/**
 * What the verdicts on a query come to.
 * @param reviews all of the query, in the order they were given; those on another text than `text` do not count.
 * @param needed how many people must have judged.
 */
export function outcomeOf(reviews: readonly Review[], text: string, needed: number): Outcome {
  const fresh = reviews.filter((review) => review.text === text);
  const decision = fresh.findLast(({ decides }) => decides);
  if (decision) return settled([decision]);
  const last = fresh.at(-1);
  if (!last || new Set(fresh.map(({ who }) => who)).size < needed) return { ...open, state: 'waiting' };
  return fresh.every((each) => fresh.every((other) => agrees(each, other)))
    ? settled(fresh)
    : { ...open, state: 'disagreement' };
}

const open = { clear: null, correct: null, who: null } as const;

function settled(reviews: readonly Review[]): Outcome {
  const last = reviews.at(-1)!;
  const mark = (of: (review: Review) => boolean | null) => reviews.map(of).find((value) => value !== null) ?? null;
  return {
    state: passes(last) ? 'passed' : 'failed',
    clear: mark(({ clear }) => clear),
    correct: mark(({ correct }) => correct),
    who: last.who,
  };
}
