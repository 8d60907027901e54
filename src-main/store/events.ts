/**
 * @file The book of who did what, when, and with how many clicks, strokes and milliseconds. It is only added to.
 */
import type { Event } from '../contract/records.ts';
import { all, type Db, get, type Row, run, type SqlValue } from './statements.ts';

/** What an event is about. */
export type Subject = { imageId?: number | null; queryId?: number | null; instanceId?: number | null };

export type NewEvent = Pick<Event, 'who' | 'what' | 'clicks' | 'strokes' | 'ms'> & Subject & { at?: number };

/** Returns the event's id. */
export function addEvent(db: Db, event: NewEvent): number {
  const { at = Date.now(), who, what, imageId = null, queryId = null, instanceId = null, clicks, strokes, ms } = event;
  const { lastInsertRowid } = run(
    db,
    `INSERT INTO event (at, who, what, image_id, query_id, instance_id, clicks, strokes, ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[at, who, what, imageId, queryId, instanceId, clicks, strokes, ms],
  );
  return Number(lastInsertRowid);
}

export function findEvent(db: Db, eventId: number): Event | undefined {
  const row = get(db, 'SELECT * FROM event WHERE id = ?', eventId);
  return row && toEvent(row);
}

/** Events in the order they happened, of one query where `queryId` is given, `limit` at most, after event `after`. */
export function listEvents(db: Db, filter: { queryId?: number; after?: number; limit?: number } = {}): Event[] {
  const { queryId, after = 0, limit = 1000 } = filter;
  const values: SqlValue[] = queryId === undefined ? [after, limit] : [after, queryId, limit];
  const where = queryId === undefined ? 'id > ?' : 'id > ? AND query_id = ?';
  return all(db, `SELECT * FROM event WHERE ${where} ORDER BY id LIMIT ?`, ...values).map(toEvent);
}

/** What the work has cost: sums over all events. */
export function sumEvents(db: Db): { events: number; clicks: number; strokes: number; ms: number } {
  const sums = `SELECT count(*) AS events, ifnull(sum(clicks), 0) AS clicks, ifnull(sum(strokes), 0) AS strokes,
    ifnull(sum(ms), 0) AS ms FROM event`;
  return all<{ events: number; clicks: number; strokes: number; ms: number }>(db, sums)[0]!;
}

function toEvent(row: Row): Event {
  const { image_id, query_id, instance_id, ...rest } = row;
  return { ...rest, imageId: image_id, queryId: query_id, instanceId: instance_id } as unknown as Event;
}
