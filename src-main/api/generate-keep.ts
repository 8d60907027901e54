/** @file Keeping all candidates of a job that have no flag, for those who look at queries in the validation only. */
import type { Actor } from '../contract/records.ts';
import { decideCandidate } from '../store/generation-candidates.ts';
import { queryWithText } from '../store/queries.ts';
import { select } from '../store/records.ts';
import type { Db } from '../store/statements.ts';

/** @returns how many became draft queries. */
export function keepUnflagged(db: Db, generationId: number, actor: Actor): number {
  const ofJob =
    "state = 'new' AND request_id IN (SELECT id FROM generation_request WHERE generation_id = ?) ORDER BY id";
  const fit = select(db, 'candidate', ofJob, generationId).filter(
    ({ flags, imageId, text }) => flags.length === 0 && !queryWithText(db, imageId, text),
  );
  for (const { id } of fit) decideCandidate(db, id, 'keep', {}, actor);
  return fit.length;
}
