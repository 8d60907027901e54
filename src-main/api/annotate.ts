/** @file Handlers of the methods on annotations: queries, what models offer for them, masks, undo. */
import type { Parsed } from '../contract/api.ts';
import type { annotateMethods } from '../contract/methods-annotate.ts';
import { ensureCategory, listCategories } from '../store/categories.ts';
import { readImage } from '../store/image-document.ts';
import { ask } from './annotate-ask.ts';
import { instanceHandlers } from './annotate-instances.ts';
import { queryHandlers } from './annotate-queries.ts';
import { actorOf, changed, takeStep } from './changed.ts';
import type { CallContext, Handlers } from './dispatcher.ts';
import { historyOf } from './history.ts';
import { forSession } from './project-session.ts';
import { openSession, type Services } from './services.ts';

export type AnnotateHandlers = Pick<Handlers, keyof typeof annotateMethods>;

export function annotateHandlers(services: Services): AnnotateHandlers {
  return {
    ...queryHandlers(services),
    ...instanceHandlers(services),
    'query.ask': forSession(services, (input: Parsed<'query.ask'>, context: CallContext<'query.ask'>) =>
      ask(services, input, context),
    ),
    'image.read': async ({ imageId }) => {
      const session = openSession(services);
      const records = readImage(session.project.db, imageId);
      return { session: session.id, seq: session.seq, ...records, history: historyOf(session.histories, imageId) };
    },
    'categories.list': async () => ({ categories: listCategories(openSession(services).project.db) }),
    'category.add': async ({ name }) => {
      const session = openSession(services);
      const { result, ...change } = ensureCategory(session.project.db, name, actorOf(services));
      return { changed: changed(services, session, change), categoryId: result.id };
    },
    'history.undo': async ({ imageId }) => ({ changed: takeStep(services, openSession(services), imageId, 'undo') }),
    'history.redo': async ({ imageId }) => ({ changed: takeStep(services, openSession(services), imageId, 'redo') }),
  };
}
