/**
 * @file Opening and closing: one project at a time. Opening another closes the first; one that cannot be opened leaves
 * the first as it is. Work for a project ends with it.
 */
import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';
import type { Project } from '../store/project.ts';
import { rememberProject } from '../store/settings.ts';
import type { CallContext } from './dispatcher.ts';
import { createHistories } from './history.ts';
import { publishState } from './project-state.ts';
import { startScan } from './scan.ts';
import type { Services, Session } from './services.ts';

/**
 * Opens the project that `open` gives, in place of the one that is open, and begins to read its folders of photos.
 * @param folder of that project, where it is known before: one that is open already stays as it is.
 * @throws AppError as `open`; then nothing has changed.
 */
export function switchProject(services: Services, open: () => Promise<Project>, folder?: string): Promise<Session> {
  return inTurn(services, async () => {
    const before = services.open.session;
    if (services.open.ended) throw new AppError('cancelled', 'The application is closing.');
    if (before && folder !== undefined && (await isSameFolder(before.project.folder, folder))) return before;
    const session = newSession(await open());
    services.open.session = session;
    if (before) await end(before);
    remember(services, session.project.folder);
    await publishState(services);
    startScan(services, session);
    return session;
  });
}

/** Closes the project that is open, if one is. */
export function closeSession(services: Services): Promise<void> {
  return inTurn(services, async () => {
    const { session } = services.open;
    if (!session) return;
    services.open.session = null;
    await end(session);
    await publishState(services);
  });
}

/** Closes the project for good: nothing is opened after it. */
export function endSessions(services: Services): Promise<void> {
  services.open.ended = true;
  services.open.session?.closing.abort();
  return closeSession(services);
}

/**
 * A handler of the open project: its signal is aborted when the project is closed while it works, and then it fails as
 * cancelled, whatever it ran into on the way.
 */
export function forSession<I, C extends Pick<CallContext<never>, 'signal'>, O>(
  services: Services,
  handler: (input: I, context: C) => Promise<O>,
): (input: I, context: C) => Promise<O> {
  return async (input, context) => {
    const closing = services.open.session?.closing.signal;
    if (!closing) return handler(input, context);
    try {
      return await handler(input, { ...context, signal: AbortSignal.any([context.signal, closing]) });
    } catch (error) {
      if (!closing.aborted) throw error;
      throw new AppError('cancelled', 'The project was closed meanwhile.', { cause: error });
    }
  };
}

const newSession = (project: Project): Session => ({
  id: randomUUID(),
  project,
  seq: 0,
  histories: createHistories(),
  closing: new AbortController(),
  scan: { running: null, round: null, again: false, listeners: new Set() },
});

async function end({ closing, scan, project }: Session): Promise<void> {
  closing.abort();
  await scan.running?.catch(() => undefined);
  await project.close();
}

function inTurn<T>({ open }: Services, work: () => Promise<T>): Promise<T> {
  const done = open.turn.then(work);
  open.turn = done.catch(() => undefined);
  return done;
}

/** A list of recent projects that cannot be kept is no reason to keep anybody from a project. */
function remember({ keeper, log }: Services, folder: string): void {
  try {
    rememberProject(keeper, folder);
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
  }
}

async function isSameFolder(a: string, b: string): Promise<boolean> {
  const real = (path: string) => realpath(path).catch(() => path);
  return (await real(a)) === (await real(b));
}
