/**
 * @file Long computations in small steps, as generators that yield how far they are: a command line runs them through,
 * an application that has other things to do gives others their turn in between.
 */
import { setImmediate as turn } from 'node:timers/promises';

export type Step = { readonly done: number; readonly total: number };
export type Steps<T> = Generator<Step, T, void>;

/** All steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** Milliseconds of work without a turn for anybody else: less than a person notices. */
const busyMs = 8;

/** A pause that is one only when there was enough work since the last. @throws the signal's reason. */
export function createPauses(signal?: AbortSignal): () => Promise<void> {
  let turned = performance.now();
  return async () => {
    if (performance.now() - turned < busyMs) return;
    await turn();
    turned = performance.now();
    signal?.throwIfAborted();
  };
}

/** All steps, others having their turn in between. @throws the signal's reason. */
export async function inTurns<T>(
  steps: Steps<T>,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: (step: Step) => void } = {},
): Promise<T> {
  const pause = createPauses(signal);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    onProgress?.(next.value);
    await pause();
  }
}
