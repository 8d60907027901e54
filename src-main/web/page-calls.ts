/**
 * @file Calls of a page that come as messages, not as requests: the desktop's counterpart of calls.ts, with the same
 * rules. Never trusted; whatever the page sends is answered with a Result.
 */
import type { Dispatch } from '../api/dispatcher.ts';
import type { MethodName } from '../contract/api.ts';
import type { Result } from '../contract/result.ts';
import { createActiveCalls, isId } from './active-calls.ts';

export type PageCalls = {
  /** `options` is `{ id?, lane? }`: the call's own id, to cancel it by and for its progress; and its lane. */
  call(method: unknown, input: unknown, options: unknown): Promise<Result<unknown>>;
  cancel(id: unknown): Result<{ cancelled: boolean }>;
  /** When the page has gone or loads anew. */
  cancelAll(): void;
};

const bad = (message: string) => ({ ok: false, error: { code: 'bad-request', message } }) as const;

export function createPageCalls(
  dispatch: Dispatch,
  publish: (name: 'progress', data: { call: string; value: unknown }) => void,
  limit: number,
): PageCalls {
  const active = createActiveCalls(limit);
  return {
    async call(method, input, options) {
      const { id, lane } = (options ?? {}) as { id?: unknown; lane?: unknown };
      if (typeof method !== 'string') return bad('A call names its method.');
      if ((id !== undefined && !isId(id)) || (lane !== undefined && !isId(lane))) {
        return bad('Ids of calls and lanes are up to 64 letters, digits, "-" and "_".');
      }
      const place = active.begin(id);
      if (place === 'taken') return bad('A call with this id is running.');
      if (place === 'full') return bad('Too many calls at once: wait until one is answered.');
      try {
        return await dispatch(method as MethodName, (input ?? {}) as never, {
          signal: place.signal,
          trusted: false,
          ...(lane === undefined ? {} : { lane }),
          ...(id === undefined ? {} : { onProgress: (value: unknown) => publish('progress', { call: id, value }) }),
        });
      } finally {
        place.end();
      }
    },
    cancel: (id) => ({ ok: true, value: { cancelled: isId(id) && active.cancel(id) } }),
    cancelAll: () => active.cancelAll(),
  };
}
