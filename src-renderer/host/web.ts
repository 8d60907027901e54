/** @file The application behind HTTP, as docs/web-host.md describes it. */
import type { MethodName, Output } from '../../src-main/contract/api.ts';
import type { EventName } from '../../src-main/contract/events.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { cancelledError, HostError, hostErrorOf } from './error.ts';
import type { CallOptions, Host } from './host.ts';
import { createListeners } from './listeners.ts';
import { reads } from './reads.ts';
import { openStream } from './web-stream.ts';

export type WebOptions = {
  /** Where the application answers, without a path. */
  readonly url: string;
  /** Null where the page was opened without one; then nothing but saying so can be done. */
  readonly token: string | null;
  /** How long a read waits for a lost connection to come back before it fails. */
  readonly patienceMs?: number;
};

const refusedMessage = 'The application does not let this page in.';
const refusedHint = 'Open the address that it printed when it was started, with its token.';
const lostMessage = 'The application does not answer.';
const lostHint = 'It may have been ended, or the tunnel to it is down. This page connects again by itself.';

export function webHost({ url, token, patienceMs = 60_000 }: WebOptions): Host {
  const base = url.replace(/\/$/, '');
  const client = crypto.randomUUID();
  const authorised = { Authorization: `Bearer ${token ?? ''}` };
  const headers = { ...authorised, 'Content-Type': 'application/json' };
  const { on, emit } = createListeners();
  const progress = new Map<string, (value: never) => void>();
  let state: 'connecting' | 'online' | 'lost' | 'refused' = 'connecting';
  let closed = false;
  /** Calls that wait for the connection. */
  const waiting = new Set<() => void>();

  const become = (next: 'online' | 'lost' | 'refused') => {
    if (state === next) return;
    state = next;
    emit('connection', { state: next, message: { online: null, lost: lostMessage, refused: refusedMessage }[next] });
    if (next !== 'lost') for (const go of waiting) go();
  };

  const stream = openStream({
    url: `${base}/events?client=${client}`,
    headers: authorised,
    onEvent(name, data) {
      if (name === 'progress') {
        const { call, value } = data as { call: string; value: never };
        progress.get(call)?.(value);
      } else if (name === 'ready') {
        become('online');
        if ((data as { missed: boolean }).missed) emit('missed', {});
      } else emit(name as EventName, data as never);
    },
    onLost: (status) => become(status === 401 || status === 403 ? 'refused' : 'lost'),
  });
  // Pictures carry no header, so they need the cookie; a host that was started anew has made a new one.
  const session = () => fetch(`${base}/session`, { method: 'POST', headers, body: '{}' }).catch(() => undefined);
  const first = session();
  on('connection', (now) => void (now.state === 'online' && session()));

  async function call<M extends MethodName>(method: M, input: unknown, options: CallOptions<M> = {}) {
    const deadline = performance.now() + patienceMs;
    await first;
    for (;;) {
      if (state === 'refused') throw new HostError('forbidden', refusedMessage, refusedHint);
      try {
        return await once(method, input, options);
      } catch (thrown) {
        if (!(thrown instanceof HostError) || thrown.code !== 'connection') throw thrown;
        if (!reads.has(method) || closed || performance.now() > deadline) throw thrown;
        await back(options.signal, deadline - performance.now());
      }
    }
  }

  async function once<M extends MethodName>(method: M, input: unknown, options: CallOptions<M>): Promise<Output<M>> {
    const { signal, lane, onProgress } = options;
    if (signal?.aborted) throw cancelledError();
    const id = crypto.randomUUID();
    if (onProgress) progress.set(id, onProgress as (value: never) => void);
    try {
      const answer = await fetch(`${base}/rpc/${method}`, {
        method: 'POST',
        // Giving the request up cancels the call in the application.
        signal: signal ?? null,
        headers: { ...headers, 'X-Call-Id': id, 'X-Client-Id': client, ...(lane ? { 'X-Lane': lane } : {}) },
        body: JSON.stringify(input),
      });
      const result = (await answer.json()) as Result<Output<M>>;
      if (answer.status === 401) become('refused');
      if (result.ok) return result.value;
      throw hostErrorOf(result.error);
    } catch (thrown) {
      if (thrown instanceof HostError) throw thrown;
      if (signal?.aborted) throw cancelledError();
      // No answer, or half of one.
      if (state === 'online') become('lost');
      throw new HostError('connection', lostMessage, lostHint);
    } finally {
      progress.delete(id);
    }
  }

  /** Waits until the connection is back, at most `ms`; tries itself now and then, as the stream may not know yet. */
  function back(signal: AbortSignal | undefined, ms: number): Promise<void> {
    stream.wake();
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        waiting.delete(go);
        signal?.removeEventListener('abort', go);
        resolve();
      };
      const timer = setTimeout(go, Math.min(2000, Math.max(0, ms)));
      waiting.add(go);
      signal?.addEventListener('abort', go);
    });
  }

  return {
    kind: 'web',
    call: call as Host['call'],
    on,
    mediaUrl: (imageId, max) => `${base}/media/${imageId}${max === null ? '' : `?max=${max}`}`,
    exportUrl: (name) => `${base}/exports/${encodeURIComponent(name)}`,
    close() {
      closed = true;
      stream.close();
      for (const go of waiting) go();
    },
  };
}
