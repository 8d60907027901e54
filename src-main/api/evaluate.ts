/** @file Handlers of the methods that evaluate. What was evaluated last is kept, so that it can be saved as it was shown. */
import { AppError } from '../contract/errors.ts';
import type { evaluateMethods } from '../contract/methods-evaluate.ts';
import { countAccepted, modelsOfRuns } from '../store/evaluated.ts';
import type { Handlers } from './dispatcher.ts';
import { type Evaluated, evaluate } from './evaluate-run.ts';
import { saveEvaluation, saveRequests } from './evaluate-save.ts';
import { forSession } from './project-session.ts';
import { openSession, type Services, type Session } from './services.ts';

export type EvaluateHandlers = Pick<Handlers, keyof typeof evaluateMethods>;

/** Evaluations that are kept of a session: those of a few pages. A report of 50,000 queries is about 30 MB. */
const mostKept = 4;

export function evaluateHandlers(services: Services): EvaluateHandlers {
  /** By the session, with which they go; then by their ids, oldest first. */
  const kept = new WeakMap<Session, Map<string, Evaluated>>();

  function keep(session: Session, evaluated: Evaluated): void {
    const own = kept.get(session) ?? new Map<string, Evaluated>();
    kept.set(session, own.set(evaluated.evaluation.id, evaluated));
    if (own.size > mostKept) own.delete(own.keys().next().value!);
  }

  return {
    'evaluate.choices': async () => {
      const { db } = openSession(services).project;
      return { ...countAccepted(db), models: modelsOfRuns(db) };
    },
    'evaluate.run': forSession(services, async (input, context) => {
      const session = openSession(services);
      const evaluated = await evaluate(session, services.folders, input, context);
      keep(session, evaluated);
      return evaluated.evaluation;
    }),
    'evaluate.save': forSession(services, async ({ id }, { signal }) => {
      const session = openSession(services);
      const evaluated = kept.get(session)?.get(id);
      if (evaluated) return saveEvaluation(session.project, evaluated, signal);
      throw new AppError('not-found', 'This evaluation is not kept any more.', {
        hint: 'Evaluate again, then save it.',
      });
    }),
    'evaluate.requests': forSession(services, (_, { signal }) =>
      saveRequests(openSession(services).project.folder, signal),
    ),
  };
}
