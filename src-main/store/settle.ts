/**
 * @file What follows from a change: the status of a query, and what happens to that which refers to an instance.
 */
import type { Query } from '../contract/records.ts';
import type { Writer } from './change.ts';
import { need, select } from './records.ts';
import { type Db, get } from './statements.ts';

/**
 * The status that follows from what a query has, the one rule for it: `proposed` while proposals wait, `accepted` with
 * instances or with "no target", `draft` otherwise. A query that a reviewer rejected stays rejected.
 */
export function settle(db: Db, writer: Writer, queryId: number): Query {
  const query = need(db, 'query', queryId);
  if (query.status === 'rejected') return query;
  const has = get<{ pending: number; instances: number }>(
    db,
    `SELECT EXISTS (SELECT 1 FROM proposal WHERE query_id = ? AND status = 'pending') AS pending,
       EXISTS (SELECT 1 FROM query_instance WHERE query_id = ?) AS instances`,
    queryId,
    queryId,
  )!;
  const status = has.pending ? 'proposed' : has.instances || query.noTarget ? 'accepted' : 'draft';
  return status === query.status ? query : writer.put('query', { ...query, status });
}

/** Removes an instance that no query has any more. A proposal that became it counts as rejected from now on. */
export function eraseInstance(db: Db, writer: Writer, instanceId: number): void {
  for (const proposal of select(db, 'proposal', 'instance_id = ?', instanceId)) {
    writer.touch(proposal.queryId);
    writer.put('proposal', { ...proposal, status: 'rejected', instanceId: null });
  }
  writer.remove('instance', instanceId);
}
