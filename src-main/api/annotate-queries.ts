/** @file Handlers on queries and on what models offer for them. Each is one change of the store. */
import { AppError } from '../contract/errors.ts';
import { acceptAll, acceptProposal, pending, rejectProposal } from '../store/proposals.ts';
import { addQuery, deleteQuery, editQuery, queryWithText, recentTexts, setNoTarget } from '../store/queries.ts';
import { need } from '../store/records.ts';
import type { Db } from '../store/statements.ts';
import { actorOf, changed } from './changed.ts';
import { defined } from './defined.ts';
import type { Handlers } from './dispatcher.ts';
import { openSession, type Services } from './services.ts';

type QueryMethod =
  | 'queries.recent'
  | `query.${'add' | 'edit' | 'delete' | 'noTarget'}`
  | `proposal.${'accept' | 'acceptAll' | 'reject'}`;

export function queryHandlers(services: Services): Pick<Handlers, QueryMethod> {
  const open = () => {
    const session = openSession(services);
    return { session, db: session.project.db };
  };
  return {
    'queries.recent': async ({ limit, imageId }) => ({ texts: recentTexts(open().db, limit, imageId) }),
    'query.add': async ({ cost, ...query }) => {
      const { session, db } = open();
      refuseTwice(db, query.imageId, query.text);
      const { result, ...change } = addQuery(db, query, actorOf(services, cost));
      return { changed: changed(services, session, change), queryId: result.id };
    },
    'query.edit': async ({ queryId, version, edit, cost }) => {
      const { session, db } = open();
      if (edit.text !== undefined) refuseTwice(db, need(db, 'query', queryId).imageId, edit.text, queryId);
      const change = editQuery(db, queryId, defined(edit), actorOf(services, cost), version);
      return { changed: changed(services, session, change) };
    },
    'query.delete': async ({ queryId, version, cost }) => {
      const { session, db } = open();
      return { changed: changed(services, session, deleteQuery(db, queryId, actorOf(services, cost), version)) };
    },
    'query.noTarget': async ({ queryId, noTarget, version, cost }) => {
      const { session, db } = open();
      const change = setNoTarget(db, queryId, noTarget, actorOf(services, cost), version);
      return { changed: changed(services, session, change) };
    },
    'proposal.accept': async ({ proposalId, rle, version, cost }) => {
      const { session, db } = open();
      const options = defined({ rle, version });
      const { result, ...change } = acceptProposal(db, proposalId, options, actorOf(services, cost));
      return { changed: changed(services, session, change), instanceId: result.id };
    },
    'proposal.acceptAll': async ({ queryId, proposalIds, version, cost }) => {
      const { session, db } = open();
      const query = need(db, 'query', queryId);
      if (proposalIds?.length === 0 || (!proposalIds && pending(db, queryId).length === 0)) {
        throw new AppError('conflict', `No proposal waits for "${query.text}".`, {
          hint: 'Ask again, add a mask with clicks, or say that nothing matches.',
        });
      }
      const options = defined({ proposalIds, version });
      const { result, ...change } = acceptAll(db, queryId, options, actorOf(services, cost));
      return { changed: changed(services, session, change), accepted: result.length };
    },
    'proposal.reject': async ({ proposalId, version, cost }) => {
      const { session, db } = open();
      const { result: _, ...change } = rejectProposal(db, proposalId, actorOf(services, cost), version);
      return { changed: changed(services, session, change) };
    },
  };
}

/** An image has a text once: two queries with one text would have two answers to one question. */
function refuseTwice(db: Db, imageId: number, text: string, self?: number): void {
  const other = queryWithText(db, imageId, text);
  if (!other || other.id === self) return;
  throw new AppError('conflict', `The image has the query "${text.slice(0, 200)}" already.`, {
    hint: 'Choose that one in the list, or say it in other words.',
  });
}
