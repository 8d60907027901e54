/**
 * @file Calls from a page to the dispatcher, never trusted. A call ends early when its connection does, when its page
 * cancels it by id, or when the host closes.
 */
import type { IncomingMessage } from 'node:http';
import type { Dispatch } from '../api/dispatcher.ts';
import { errorResponse } from '../api/media.ts';
import { type MethodName, methods } from '../contract/api.ts';
import { AppError, toErrorBody } from '../contract/errors.ts';
import { createActiveCalls, isId } from './active-calls.ts';
import { resultResponse } from './answer.ts';
import type { Events } from './events.ts';
import type { Limits } from './limits.ts';

export type Calls = {
  /** `signal` aborts when the connection is lost. */
  call(method: string, req: IncomingMessage, signal: AbortSignal): Promise<Response>;
  cancel(id: string): Response;
  cancelAll(): void;
};

const bad = (message: string, status = 400, headers = {}) =>
  errorResponse({ code: 'bad-request', message }, status, headers);

/** The value of an id header: undefined where there is none, null where it cannot be used. */
export function idHeader(req: IncomingMessage, name: string): string | undefined | null {
  const value = req.headers[name];
  if (value === undefined) return undefined;
  return isId(value) ? value : null;
}

export function createCalls(dispatch: Dispatch, events: Events, limits: Limits): Calls {
  const active = createActiveCalls(limits.calls);

  async function call(method: string, req: IncomingMessage, lost: AbortSignal): Promise<Response> {
    if (!Object.hasOwn(methods, method)) {
      return errorResponse({ code: 'not-found', message: `There is no method "${method.slice(0, 100)}".` });
    }
    const [id, client, lane] = ['x-call-id', 'x-client-id', 'x-lane'].map((name) => idHeader(req, name));
    if (id === null || client === null || lane === null) {
      return bad('Ids of calls, clients and lanes are up to 64 letters, digits, "-" and "_".');
    }
    const place = active.begin(id);
    if (place === 'taken') return bad('A call with this id is running.', 409);
    if (place === 'full') {
      return bad('Too many calls at once: wait until one is answered.', 429, { 'Retry-After': '1' });
    }
    const signal = AbortSignal.any([place.signal, lost]);
    try {
      const body = await readBody(req, limits.bodyBytes, signal);
      const input = body === null ? undefined : parseJson(body);
      if (input === undefined) {
        return body === null
          ? bad(`A call has at most ${Math.floor(limits.bodyBytes / 2 ** 20)} MiB.`, 413)
          : bad('The call is not JSON in UTF-8.');
      }
      const result = await dispatch(method as MethodName, input as never, {
        signal,
        trusted: false,
        // Two pages do not push each other's clicks aside.
        ...(lane === undefined ? {} : { lane: `${client ?? ''}/${lane}` }),
        ...(id === undefined || client === undefined
          ? {}
          : { onProgress: (value: unknown) => events.publish('progress', { call: id, value }, client) }),
      });
      return resultResponse(result);
    } catch (error) {
      // Cancelled while the body was on its way: the answer is what it would have been a moment later.
      if (signal.aborted) return resultResponse({ ok: false, error: toErrorBody(error) });
      throw error;
    } finally {
      place.end();
    }
  }

  return {
    call,
    cancel: (id) => resultResponse({ ok: true, value: { cancelled: active.cancel(id) } }),
    cancelAll: () => active.cancelAll(),
  };
}

/** The body in whole, or null where it is above `limit` bytes; the rest is then read and dropped by node. */
function readBody(req: IncomingMessage, limit: number, signal: AbortSignal): Promise<Buffer | null> {
  if (Number(req.headers['content-length'] ?? 0) > limit) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = () => reject(new AppError('cancelled', 'The call was cancelled.'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    const settle = (value: Buffer | null) => {
      signal.removeEventListener('abort', stop);
      resolve(value);
    };
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        settle(null);
      }
    });
    req.on('end', () => settle(Buffer.concat(chunks)));
    req.on('error', stop);
  });
}

/** Undefined where the bytes are no JSON; nothing at all is a call without input. */
function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
