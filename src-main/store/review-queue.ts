/** @file Which queries wait for whom, in the order of the images, so that those of one photo follow each other. */
import { getProjectSetting } from './project-settings.ts';
import { all, type Db, get, type SqlValue } from './statements.ts';

/**
 * `mine`: those that need another verdict and that this person has not judged as they are worded now. `disagreements`: those
 * that people have judged differently and nobody has decided.
 */
export type ReviewQueue = 'mine' | 'disagreements';

/** Neither decided on nor without its photo. Queries whose marks were imported or set by hand are decided. */
const open = `query.status <> 'rejected' AND (query.clear IS NULL OR query.correct IS NULL) AND image.status <> 'missing'`;
const fresh = 'review.query_id = query.id AND review.text = query.text';

function condition(db: Db, queue: ReviewQueue, who: string): { where: string; values: SqlValue[] } {
  if (queue === 'disagreements') {
    const passed = 'review.clear = 1 AND review.correct = 1 AND review.rejected = 0';
    const differ = ['review.clear', 'review.correct', `(${passed})`].map((mark) => `min(${mark}) <> max(${mark})`);
    const judged = `SELECT 1 FROM review WHERE ${fresh} GROUP BY review.query_id
      HAVING count(DISTINCT review.who) > 1 AND (${differ.join(' OR ')})`;
    return { where: `${open} AND EXISTS (${judged})`, values: [] };
  }
  const judges = `(SELECT count(DISTINCT review.who) FROM review WHERE ${fresh})`;
  const byMe = `EXISTS (SELECT 1 FROM review WHERE ${fresh} AND review.who = ?)`;
  return {
    where: `${open} AND ${judges} < ? AND NOT ${byMe}`,
    values: [getProjectSetting(db, 'reviewersPerQuery'), who],
  };
}

const from = 'query JOIN image ON image.id = query.image_id';
const place = 'image.root_id, image.sort_key, image.id, query.id';

/** Ids of the queries that come after query `after` (from the first where that is null or gone). */
export function queuedQueries(
  db: Db,
  queue: ReviewQueue,
  who: string,
  { after, limit }: { after: number | null; limit: number },
): number[] {
  const { where, values } = condition(db, queue, who);
  return queryIdsAfter(db, where, values, after, limit);
}

/** As `queuedQueries` for any condition on `query` and `image`; what a person typed is only ever among `values`. */
export function queryIdsAfter(
  db: Db,
  where: string,
  values: readonly SqlValue[],
  after: number | null,
  limit: number,
): number[] {
  const at = after === null ? undefined : get(db, placeOf, after);
  const later = at ? Object.values(at) : [];
  const rows = all<{ id: number }>(
    db,
    `SELECT query.id FROM ${from} WHERE ${where} ${at ? `AND (${place}) > (?, ?, ?, ?)` : ''} ORDER BY ${place} LIMIT ?`,
    ...values,
    ...later,
    limit,
  );
  return rows.map(({ id }) => id);
}

/** With names of its own: two columns are called id. */
const placeOf = `SELECT image.root_id AS a, image.sort_key AS b, image.id AS c, query.id AS d FROM ${from} WHERE query.id = ?`;

/** How many wait. */
export function countQueued(db: Db, queue: ReviewQueue, who: string): number {
  const { where, values } = condition(db, queue, who);
  return countQueries(db, where, values);
}

export const countQueries = (db: Db, where: string, values: readonly SqlValue[] = []): number =>
  get<{ n: number }>(db, `SELECT count(*) AS n FROM ${from} WHERE ${where}`, ...values)!.n;
