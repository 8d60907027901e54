/**
 * @file The time of one query: one clock for encoding, requests, waits and repairs, and one signal that ends them all
 * at once when the caller cancels or the clock runs out.
 */
import { AppError } from '../../contract/errors.ts';
import { endpointError, type Target } from './failures.ts';

export type Budget = {
  /** Aborts on cancel and at the end of the time. */
  readonly signal: AbortSignal;
  readonly seconds: number;
  /** Milliseconds left. */
  remaining(): number;
  /** Throws `cancelled`, or `endpoint` for the time, if one of them is why work ended. */
  throwIfOver(): void;
  /** The promise's value, unless the signal aborts before. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Stops the clock; call it in `finally`. */
  end(): void;
};

export function startBudget(target: Target, seconds: number, caller: AbortSignal | undefined): Budget {
  const controller = new AbortController();
  const deadline = performance.now() + seconds * 1000;
  let late = false;
  const cancel = () => controller.abort();
  // Timers take at most 2^31 - 1 ms; a longer budget is as good as none.
  const timer = setTimeout(
    () => {
      late = true;
      controller.abort();
    },
    Math.min(seconds * 1000, 2 ** 31 - 1),
  );
  caller?.addEventListener('abort', cancel, { once: true });
  if (caller?.aborted) cancel();

  const throwIfOver = () => {
    if (caller?.aborted) throw new AppError('cancelled', 'The query to the model was cancelled.');
    if (late) {
      throw endpointError(
        target,
        `No answer within ${seconds} s`,
        'The server may be loading the model or be too slow: try again, use a smaller model or image, or raise maxSeconds.',
      );
    }
  };
  return {
    signal: controller.signal,
    seconds,
    remaining: () => deadline - performance.now(),
    throwIfOver,
    end: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', cancel);
    },
    async race(work) {
      throwIfOver();
      const over = Promise.withResolvers<never>();
      const stop = () => over.reject(new Error('the budget is over'));
      controller.signal.addEventListener('abort', stop, { once: true });
      try {
        return await Promise.race([work, over.promise]);
      } catch (error) {
        throwIfOver();
        throw error;
      } finally {
        controller.signal.removeEventListener('abort', stop);
      }
    },
  };
}
