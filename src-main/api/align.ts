/** @file Handlers of mask alignment. */
import type { alignMethods } from '../contract/methods-align.ts';
import { asksForOrder } from '../dataset/align.ts';
import { countToAlign, queriesToAlign, unrankedQueries } from '../store/align-queue.ts';
import { alignQuery } from '../store/alignment.ts';
import type { Db } from '../store/statements.ts';
import { alignItem, samePairs } from './align-item.ts';
import { actorOf, changed } from './changed.ts';
import { defined } from './defined.ts';
import type { Handlers } from './dispatcher.ts';
import { openSession, type Services } from './services.ts';

export function alignHandlers(services: Services): Pick<Handlers, keyof typeof alignMethods> {
  const open = () => {
    const session = openSession(services);
    return { session, db: session.project.db };
  };
  return {
    'align.queue': async ({ queue, validatedOnly, after, limit }) => {
      const { db } = open();
      const counts = countToAlign(db, validatedOnly);
      if (queue === 'waiting') {
        const ids = queriesToAlign(db, validatedOnly, after, limit);
        return { items: ids.map((id) => alignItem(db, id)), ...counts };
      }
      const ids = ordered(db);
      const next = ids.slice(after === null ? 0 : ids.indexOf(after) + 1).slice(0, limit);
      return { items: next.map((id) => alignItem(db, id)), ...counts, left: ids.length };
    },
    'align.read': async ({ queryId }) => ({ item: alignItem(open().db, queryId) }),
    'align.confirm': async ({ queryId, version, answer, ranked, cost }) => {
      const { session, db } = open();
      const input = { answer, ranked, same: samePairs(db, queryId), ...defined({ version }) };
      const { result, ...change } = alignQuery(db, queryId, input, actorOf(services, cost));
      return { changed: changed(services, session, change), instanceIds: result };
    },
  };
}

const ordered = (db: Db): number[] => unrankedQueries(db).flatMap(({ id, text }) => (asksForOrder(text) ? [id] : []));
