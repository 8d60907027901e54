/** @file What the stage of validation knows. Pure. */
import type { ReviewItem, ReviewProgress, ReviewQueueName } from '../../src-main/contract/methods-review.ts';
import type { Query } from '../../src-main/contract/records.ts';
import { emptyQueue, type WorkQueue } from './work-queue.ts';

export type Marks = { readonly clear: boolean | null; readonly correct: boolean | null };
export type ReviewForm = 'edit' | 'split' | 'reject';

export type ReviewState = {
  readonly queue: WorkQueue<ReviewItem>;
  readonly name: ReviewQueueName;
  /** For whom the queue was fetched. */
  readonly who: string;
  /** What was answered about the query that is shown. */
  readonly marks: Marks;
  readonly form: ReviewForm | null;
  readonly progress: ReviewProgress | null;
};

export const noMarks: Marks = { clear: null, correct: null };
export const emptyReview: ReviewState = {
  queue: emptyQueue,
  name: 'mine',
  who: '',
  marks: noMarks,
  form: null,
  progress: null,
};

/** Both questions are answered. */
export const isComplete = ({ clear, correct }: Marks): boolean => clear !== null && correct !== null;

/** Whether validation of a query has come to an end, whoever has judged it. */
export const isSettled = ({ status, clear, correct }: Query): boolean =>
  status === 'rejected' || (clear !== null && correct !== null);

/** The form of a text by its looks: a phrase is short, a sentence or a question of some length is long. */
export const guessForm = (text: string): Query['form'] => (text.trim().split(/\s+/).length <= 8 ? 'short' : 'long');
