/** @file Handlers of query generation. The job that runs is kept here, one for a project that is open. */
import { AppError } from '../contract/errors.ts';
import type { Generation } from '../contract/generate.ts';
import type { generateMethods } from '../contract/methods-generate.ts';
import { imageTokens, textTokens } from '../dataset/generate-cost.ts';
import { needsClass, templateProblems } from '../dataset/templates.ts';
import { listGenerations, needGeneration, retryFailed, setGeneration } from '../store/generation-jobs.ts';
import { actorOf } from './changed.ts';
import type { Handlers } from './dispatcher.ts';
import { reasonerKey, variableKey } from './endpoint-keys.ts';
import { candidateHandlers } from './generate-candidates.ts';
import { captionHandlers } from './generate-captions.ts';
import { importHandlers } from './generate-import.ts';
import type { Job } from './generate-job.ts';
import { estimate, planRequests } from './generate-plan.ts';
import { anySpec, mainClass, promptFor } from './generate-prompt.ts';
import { endpointNamed, planJob, runJob } from './generate-run.ts';
import { generationState } from './generate-state.ts';
import { templateHandlers, templatesNamed } from './generate-templates.ts';
import { openSession, type Services, type Session } from './services.ts';

export type GenerateHandlers = Pick<Handlers, keyof typeof generateMethods>;

type Running = { readonly job: Job; readonly stop: AbortController; pausing: boolean };

export function generateHandlers(services: Services): GenerateHandlers {
  const running = new WeakMap<Session, Running>();
  const stateOf = (session: Session, id: number): Generation => {
    const mine = running.get(session);
    const activity = mine?.job.generationId === id ? (mine.pausing ? 'pausing' : 'running') : null;
    return generationState(session.project.db, id, activity);
  };

  function tell(session: Session, id: number, imageIds: number[]): void {
    services.publish('generate.state', { session: session.id, generation: stateOf(session, id), imageIds });
  }

  /** Sets a job to work; pages hear of it about twice a second, and when it ends. */
  async function run(session: Session, id: number): Promise<void> {
    const { settings } = needGeneration(session.project.db, id);
    const spec = await endpointNamed(settings.endpoint, services.env);
    refuseTwo(session);
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, session.closing.signal]);
    const fresh = new Set<number>();
    let timer: NodeJS.Timeout | null = null;
    let pauseMs = 500;
    const flush = () => {
      timer = null;
      if (signal.aborted) return;
      const imageIds = [...fresh];
      fresh.clear();
      const started = performance.now();
      tell(session, id, imageIds);
      // Counting a long job takes a while: never more than a twentieth of the time.
      pauseMs = Math.max(500, 20 * (performance.now() - started));
    };
    const onStep = (imageId: number | null) => {
      if (imageId !== null) fresh.add(imageId);
      timer ??= setTimeout(flush, pauseMs);
    };
    const key = reasonerKey(services, settings.endpoint) ?? variableKey(services, spec);
    const options = { project: session.project, spec, key, parallel: settings.parallel, signal, onStep };
    const job = runJob(options, id);
    running.set(session, { job, stop, pausing: false });
    const ended = () => {
      if (timer) clearTimeout(timer);
      if (running.get(session)?.job === job) running.delete(session);
      if (!session.closing.signal.aborted) tell(session, id, [...fresh]);
    };
    job.done.then(ended, (error: unknown) => {
      services.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      ended();
    });
  }

  function refuseTwo(session: Session): void {
    const other = running.get(session);
    if (!other) return;
    throw new AppError('conflict', `Generation ${other.job.generationId} is running.`, {
      hint: 'Wait for its end, or pause it first.',
    });
  }

  return {
    ...templateHandlers(services),
    ...candidateHandlers(services),
    ...captionHandlers(services),
    ...importHandlers(services),
    'generate.preview': async ({ imageId, template, body: given, endpoint, perImage, maxSide, minInstances }) => {
      const { db } = openSession(services).project;
      const spec = endpoint === undefined ? anySpec : await endpointNamed(endpoint, services.env);
      const body = given ?? templatesNamed(db, [template])[0]!.body;
      const categoryId = mainClass(db, imageId, minInstances);
      const problems = templateProblems(body);
      if (needsClass(body) && categoryId === null) {
        const many = minInstances === 1 ? 'labelled objects' : `class with ${minInstances} labelled objects`;
        problems.push(`This image has no ${many}, so it would not be asked about.`);
      }
      const prompt = promptFor(db, spec, { imageId, categoryId, body }, { wanted: perImage, maxSide });
      const { className, count, width, height, text } = prompt;
      const inputTokens = textTokens(text) + imageTokens(width, height);
      return { prompt: text, className, count, width, height, inputTokens, problems };
    },
    'generate.plan': async (settings) => {
      const { db } = openSession(services).project;
      const spec = await endpointNamed(settings.endpoint, services.env);
      const plan = planRequests(db, settings, templatesNamed(db, settings.templates));
      return estimate(db, plan, settings, { spec, model: spec.model });
    },
    'generate.start': async (settings) => {
      const session = openSession(services);
      refuseTwo(session);
      const spec = await endpointNamed(settings.endpoint, services.env);
      const id = planJob(session.project, settings, spec, actorOf(services));
      await run(session, id).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        setGeneration(session.project.db, id, { state: 'paused', reason });
        throw error;
      });
      return { generation: stateOf(session, id) };
    },
    'generate.pause': async ({ generationId }) => {
      const session = openSession(services);
      const mine = running.get(session);
      if (mine?.job.generationId === generationId) {
        mine.pausing = true;
        mine.job.pause(null);
      }
      return { generation: stateOf(session, generationId) };
    },
    'generate.resume': async ({ generationId, retryFailed: again, maxCost }) => {
      const session = openSession(services);
      const { db } = session.project;
      refuseTwo(session);
      const { settings, state } = needGeneration(db, generationId);
      if (state === 'cancelled') {
        throw new AppError('conflict', 'This generation was given up.', { hint: 'Start a new one.' });
      }
      if (again) retryFailed(db, generationId);
      const limited = maxCost === undefined ? settings : { ...settings, maxCost };
      setGeneration(db, generationId, { state: 'paused', settings: limited });
      await run(session, generationId);
      return { generation: stateOf(session, generationId) };
    },
    'generate.cancel': async ({ generationId }) => {
      const session = openSession(services);
      const { db } = session.project;
      const mine = running.get(session);
      if (mine?.job.generationId === generationId) {
        mine.stop.abort();
        await mine.job.done;
        running.delete(session);
      }
      if (needGeneration(db, generationId).state !== 'done') setGeneration(db, generationId, { state: 'cancelled' });
      tell(session, generationId, []);
      return { generation: stateOf(session, generationId) };
    },
    'generate.list': async () => {
      const session = openSession(services);
      return { generations: listGenerations(session.project.db).map(({ id }) => stateOf(session, id)) };
    },
  };
}
