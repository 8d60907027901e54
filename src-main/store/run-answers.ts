/**
 * @file What a model answered to a run, kept as it was: for evaluation, and for whoever wants the reference mask. Written
 * once with the run, changed by nobody.
 */
import type { Rle } from '../contract/mask.ts';
import { canonical } from './masks.ts';
import { type Db, get, type Row, run } from './statements.ts';

/** Masks of the upright original image, best instance first. */
export type RunAnswer = {
  /** Before refinement; null where the model gives no such mask. */
  readonly semantic: Rle | null;
  readonly refined: Rle | null;
  /** None where it found nothing. */
  readonly instances: readonly { readonly rle: Rle; readonly score: number | null }[];
};

/** @param size [height, width] of the image. @throws AppError bad-request for a damaged mask. */
export function keepRunAnswer(db: Db, runId: number, size: readonly [number, number], answer: RunAnswer): void {
  const counts = (rle: Rle | null) => rle && canonical(rle).counts;
  const instances = answer.instances.map(({ rle, score }) => [counts(rle), score]);
  const row = [counts(answer.semantic), counts(answer.refined), JSON.stringify(instances)];
  run(db, 'INSERT INTO run_answer VALUES (?, ?, ?, ?, ?, ?)', runId, size[0], size[1], ...row);
}

/** The answer of a run; undefined for runs that are older than this record, or came from elsewhere. */
export function runAnswerOf(db: Db, runId: number): RunAnswer | undefined {
  const row = get<Row>(db, 'SELECT * FROM run_answer WHERE run_id = ?', runId);
  if (!row) return undefined;
  const size: Rle['size'] = [Number(row['mask_height']), Number(row['mask_width'])];
  const mask = (counts: unknown) => (counts === null ? null : { size, counts: String(counts) });
  const instances = JSON.parse(String(row['instances'])) as [string, number | null][];
  return {
    semantic: mask(row['semantic']),
    refined: mask(row['refined']),
    instances: instances.map(([counts, score]) => ({ rle: { size, counts }, score })),
  };
}
