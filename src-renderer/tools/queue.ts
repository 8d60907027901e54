/**
 * @file One thing after another: what a person does is carried out in the order in which they did it, each on the state
 * that the one before has left. So keys can be typed ahead, and every change carries the version it was made on. Long
 * work (encoding, asking, the segmenter) is not waited for here.
 */
import { failureOf, withNotice } from '../document/notices.ts';
import { isCancelled } from '../host/error.ts';
import type { App } from './app.ts';

/** Runs `job` after all that was queued before. What it throws is told in the status bar; the queue goes on. */
export function enqueue(app: App, job: () => void | Promise<void>): Promise<void> {
  const done = app.tasks.queue.then(job).catch((thrown: unknown) => {
    if (!isCancelled(thrown)) tellFailure(app, thrown);
  });
  app.tasks.queue = done;
  return done;
}

export function tell(app: App, tone: 'good' | 'none', text: string, hint: string | null = null): void {
  app.store.setState((state) => withNotice(state, tone, text, hint));
}

export function tellFailure(app: App, thrown: unknown, what?: string): void {
  const { message, hint } = failureOf(thrown);
  const text = what === undefined ? message : `${what}: ${message}`;
  app.store.setState((state) => withNotice(state, 'bad', text, hint ?? null));
}

/** Runs `work` once, `ms` after the last call with this name. */
export function later(app: App, name: string, ms: number, work: () => void): void {
  const { timers } = app.tasks;
  clearTimeout(timers.get(name));
  timers.set(
    name,
    setTimeout(() => {
      timers.delete(name);
      work();
    }, ms),
  );
}

/** Runs `work` within `ms`, however often it is asked for meanwhile: what comes again and again never puts it off. */
export function soon(app: App, name: string, ms: number, work: () => void): void {
  if (!app.tasks.timers.has(name)) later(app, name, ms, work);
}
