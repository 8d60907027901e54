/** @file Handlers on instances: masks that people add, mend and delete, and their place in answers. */
import { AppError } from '../contract/errors.ts';
import {
  addInstance,
  deleteInstance,
  editInstance,
  linkInstance,
  rankInstances,
  unlinkInstance,
  withMask,
} from '../store/instances.ts';
import { need } from '../store/records.ts';
import { actorOf, changed } from './changed.ts';
import { defined } from './defined.ts';
import type { Handlers } from './dispatcher.ts';
import { openSession, type Services } from './services.ts';

type InstanceMethod = 'query.rank' | `instance.${'add' | 'edit' | 'delete' | 'link'}`;

export function instanceHandlers(services: Services): Pick<Handlers, InstanceMethod> {
  const open = () => {
    const session = openSession(services);
    return { session, db: session.project.db };
  };
  return {
    'query.rank': async ({ queryId, instanceIds, version, cost }) => {
      const { session, db } = open();
      const { result: _, ...change } = rankInstances(db, queryId, instanceIds, actorOf(services, cost), version);
      return { changed: changed(services, session, change) };
    },
    'instance.add': async ({ cost, queryIds, ...given }) => {
      const { session, db } = open();
      for (const queryId of queryIds) {
        const same = withMask(db, queryId, given.rle);
        if (!same) continue;
        // A key pressed twice must not make two instances of one object.
        throw new AppError('conflict', `"${need(db, 'query', queryId).text}" has this very mask already.`, {
          hint: `It is instance ${same.id}.`,
        });
      }
      const unique = [...new Set(queryIds)];
      const { result, ...change } = addInstance(db, { ...given, queryIds: unique }, actorOf(services, cost));
      return { changed: changed(services, session, change), instanceId: result.id };
    },
    'instance.edit': async ({ instanceId, edit, queryId, version, cost }) => {
      const { session, db } = open();
      const options = seen(queryId, version);
      const { result: _, ...change } = editInstance(db, instanceId, defined(edit), options, actorOf(services, cost));
      return { changed: changed(services, session, change) };
    },
    'instance.delete': async ({ instanceId, queryId, version, cost }) => {
      const { session, db } = open();
      const options = seen(queryId, version);
      const { result: _, ...change } = deleteInstance(db, instanceId, options, actorOf(services, cost));
      return { changed: changed(services, session, change) };
    },
    'instance.link': async ({ queryId, instanceId, linked, version, cost }) => {
      const { session, db } = open();
      const act = linked ? linkInstance : unlinkInstance;
      return { changed: changed(services, session, act(db, queryId, instanceId, actorOf(services, cost), version)) };
    },
  };
}

/** What the caller has seen. A version is of a query: alone it could not be checked. */
function seen(queryId: number | undefined, version: number | undefined) {
  if (version !== undefined && queryId === undefined) {
    throw new AppError('bad-request', 'A version needs the query that it is of: give queryId too.');
  }
  return defined({ queryId, version });
}
