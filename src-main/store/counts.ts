/** @file How much is in a project and how far it is, and what a mask has cost. */
import type { QueryStatus } from '../contract/records.ts';
import { countImages } from './images.ts';
import { all, type Db, get, type Row } from './statements.ts';

export type Counts = {
  readonly images: Readonly<Record<'total' | 'new' | 'open' | 'done' | 'missing' | 'changed', number>>;
  /** By status; those without a target are among the accepted ones. */
  readonly queries: Readonly<Record<QueryStatus | 'noTarget', number>>;
  readonly instances: number;
  readonly proposals: Readonly<Record<'accepted' | 'rejected' | 'pending', number>>;
};

/** All of one moment; each number is one walk over an index. */
export function countRecords(db: Db): Counts {
  const count = (text: string) => get<{ n: number }>(db, text)!.n;
  const grouped = (text: string) =>
    Object.fromEntries(all<Row>(db, text).map(({ status, n }) => [status as string, n as number]));
  const read = (): Counts => {
    const files = grouped('SELECT status, count(*) AS n FROM image GROUP BY status');
    const queries = grouped('SELECT status, count(*) AS n FROM query GROUP BY status');
    const proposals = grouped('SELECT status, count(*) AS n FROM proposal GROUP BY status');
    const { present = 0, missing = 0, changed = 0 } = files;
    const { draft = 0, proposed = 0, accepted = 0, rejected = 0 } = queries;
    const total = present + missing + changed;
    const inState = (state: 'new' | 'open' | 'done') => countImages(db, { state });
    return {
      images: { total, new: inState('new'), open: inState('open'), done: inState('done'), missing, changed },
      queries: {
        ...{ draft, proposed, accepted, rejected },
        noTarget: count('SELECT count(*) AS n FROM query WHERE no_target = 1'),
      },
      instances: count('SELECT count(*) AS n FROM instance'),
      proposals: {
        accepted: proposals['accepted'] ?? 0,
        rejected: proposals['rejected'] ?? 0,
        pending: proposals['pending'] ?? 0,
      },
    };
  };
  return db.transaction(read).deferred();
}

/** What one mask that is in the project has cost a person. */
export type MaskCost = { readonly ms: number; readonly clicks: number };

/**
 * The cost of every mask that people worked on: of the events about itself, and an equal share of those about its
 * queries as a whole (typing, waiting, accepting all at once). Strokes count as clicks.
 */
export function maskCosts(db: Db): MaskCost[] {
  return all<MaskCost>(
    db,
    `WITH own AS (
       SELECT instance_id AS id, sum(ms) AS ms, sum(clicks + strokes) AS clicks FROM event
       WHERE instance_id IS NOT NULL GROUP BY instance_id
     ), asked AS (
       SELECT query_id AS id, sum(ms) AS ms, sum(clicks + strokes) AS clicks FROM event
       WHERE instance_id IS NULL AND query_id IS NOT NULL GROUP BY query_id
     ), size AS (SELECT query_id AS id, count(*) AS n FROM query_instance GROUP BY query_id),
     shared AS (
       SELECT instance_id AS id, sum(asked.ms / n) AS ms, sum(1.0 * asked.clicks / n) AS clicks
       FROM query_instance JOIN asked ON asked.id = query_id JOIN size ON size.id = query_id GROUP BY instance_id
     )
     SELECT ifnull(own.ms, 0) + ifnull(shared.ms, 0) AS ms, ifnull(own.clicks, 0) + ifnull(shared.clicks, 0) AS clicks
     FROM instance LEFT JOIN own ON own.id = instance.id LEFT JOIN shared ON shared.id = instance.id
     WHERE ifnull(own.ms, 0) + ifnull(shared.ms, 0) > 0`,
  );
}
