/** @file Which queries wait for their masks. */
import { countQueries, queryIdsAfter } from './review-queue.ts';
import { all, type Db } from './statements.ts';

const undecided = `query.status IN ('draft', 'proposed') AND query.no_target = 0 AND image.status <> 'missing'
  AND query.clear IS NOT 0 AND query.correct IS NOT 0`;
const validated = 'query.clear = 1 AND query.correct = 1';
const hasMasks = `(EXISTS (SELECT 1 FROM instance WHERE image_id = query.image_id)
  OR EXISTS (SELECT 1 FROM proposal WHERE query_id = query.id AND status = 'pending'))`;

const waiting = (validatedOnly: boolean) => `${undecided} AND ${hasMasks}${validatedOnly ? ` AND ${validated}` : ''}`;

/** Ids of queries without a confirmed answer on images with masks to choose from, after query `after`. */
export const queriesToAlign = (db: Db, validatedOnly: boolean, after: number | null, limit: number): number[] =>
  queryIdsAfter(db, waiting(validatedOnly), [], after, limit);

export function countToAlign(db: Db, validatedOnly: boolean) {
  const left = countQueries(db, waiting(validatedOnly));
  return {
    left,
    notValidated: validatedOnly ? countQueries(db, waiting(false)) - left : 0,
    withoutCandidates: countQueries(db, `${undecided} AND NOT ${hasMasks}`),
  };
}

/** Answered queries with several instances and no order, in the order of their images. */
export const unrankedQueries = (db: Db): { id: number; text: string }[] =>
  all(
    db,
    `SELECT query.id, query.text FROM query JOIN image ON image.id = query.image_id
     WHERE query.status = 'accepted' AND image.status <> 'missing' AND
       (SELECT count(*) FROM query_instance WHERE query_id = query.id) > 1 AND
       NOT EXISTS (SELECT 1 FROM query_instance WHERE query_id = query.id AND rank IS NOT NULL)
     ORDER BY image.root_id, image.sort_key, image.id, query.id`,
  );
