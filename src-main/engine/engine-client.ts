/**
 * @file The engine process seen from outside: a queue of calls, one at a time in the process; the newest call of a
 * lane replaces older ones; a crash rejects what is pending, and the next call starts a new process, after a pause
 * that grows while it keeps crashing. A crash while a provider is tried rejects nothing: the next process skips it.
 */
import type { Output, Parsed } from '../contract/api.ts';
import { AppError, fromErrorBody } from '../contract/errors.ts';
import type { Provider } from '../contract/provider.ts';
import type {
  CallOptions,
  CallSecrets,
  EngineMethod,
  EnginePort,
  EngineSettings,
  FromEngine,
  Local,
} from './protocol.ts';

export type EngineCallOptions<M extends EngineMethod> = CallOptions<M> &
  CallSecrets & {
    /** A newer call of the same lane cancels this one: the newest click wins. */
    readonly lane?: string | undefined;
  };

export type EngineClient = {
  call<M extends EngineMethod>(method: M, input: Local<Parsed<M>>, options?: EngineCallOptions<M>): Promise<Output<M>>;
  /** Process id of the running engine, undefined where none runs. */
  readonly pid: number | undefined;
  /** Ends the process; calls that are pending are rejected as cancelled. */
  close(): void;
};

export type EngineClientOptions = {
  readonly spawn: () => EnginePort;
  readonly settings: Omit<EngineSettings, 'crashed'>;
  /** Traces of bugs and reasons of crashes. */
  readonly log?: (line: string) => void;
  /** Hears what the process does; `message` is for people, where there is something to tell. */
  readonly onState?: (state: EngineState, message: string | null) => void;
  /** Milliseconds before the second start after a crash; doubles up to `maxPauseMs` until a call succeeds. */
  readonly pauseMs?: number;
  readonly maxPauseMs?: number;
};

/** `crashed` is followed by `starting` when there is something to do. */
export type EngineState = 'starting' | 'ready' | 'crashed';

type Pending = {
  readonly id: number;
  readonly method: EngineMethod;
  readonly input: unknown;
  readonly secrets: CallSecrets;
  readonly lane: string | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((value: never) => void) | undefined;
};

const cancelled = (message: string) => new AppError('cancelled', message);

export function createEngineClient(options: EngineClientOptions): EngineClient {
  const { spawn, settings, log = () => undefined, onState = () => undefined } = options;
  const { pauseMs = 250, maxPauseMs = 10_000 } = options;
  const crashed = new Set<Provider>();
  const queue: Pending[] = [];
  let port: EnginePort | undefined;
  let ready = false;
  let trying: Provider | null = null;
  /** In the process; its answer is awaited even when its caller has given up, so that calls stay one at a time. */
  let active: Pending | undefined;
  /** In the process too, but waiting for a model server: a click must not wait with them. */
  const waiting = new Map<number, Pending>();
  /** Calls whose callers were answered before the process did. */
  const givenUp = new WeakSet<Pending>();
  let nextId = 1;
  let crashes = 0;
  let restart: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const inProcess = (): Pending[] => [...waiting.values(), ...(active ? [active] : [])];

  function start(): void {
    if (port || restart || closed) return;
    const started = spawn();
    port = started;
    ready = false;
    trying = null;
    onState('starting', null);
    started.onMessage((message) => port === started && receive(message));
    started.onExit((reason, output) => port === started && onExit(reason, output));
    started.send({ type: 'start', settings: { ...settings, crashed: [...crashed] } });
  }

  function onExit(reason: string, output: string): void {
    port = undefined;
    const culprit = trying;
    log(`The inference process ${reason}${trying ? ` while it tried the provider ${trying}` : ''}. ${output}`.trim());
    const pending = inProcess().filter((call) => !givenUp.has(call));
    active = undefined;
    waiting.clear();
    if (culprit && culprit !== 'cpu' && !crashed.has(culprit)) {
      // The machine's fault, not the call's: the next process skips this provider, so the call is asked again there.
      crashed.add(culprit);
      onState('crashed', `The provider ${culprit} ended the inference process: going on without it.`);
      queue.unshift(...pending);
      sendNext();
      return;
    }
    crashes += 1;
    onState('crashed', `The inference process ${reason}. It starts again by itself.`);
    const lost = [...pending, ...queue.splice(0)];
    // The first crash may be a single bad image: start again at once. A process that keeps crashing gets pauses.
    const pause = crashes < 2 ? 0 : Math.min(maxPauseMs, pauseMs * 2 ** (crashes - 2));
    restart = setTimeout(() => {
      restart = undefined;
      if (queue.length > 0) start();
    }, pause);
    for (const call of lost) {
      call.reject(
        new AppError('engine-crashed', `The inference process ${reason} before it could answer.`, {
          hint: 'It starts again by itself: repeat the request. If this image keeps failing, it may need more memory than there is.',
        }),
      );
    }
  }

  function receive(message: FromEngine): void {
    switch (message.type) {
      case 'ready':
        ready = true;
        onState('ready', null);
        sendNext();
        return;
      case 'trying':
        trying = message.provider;
        return;
      case 'progress':
        inProcess()
          .find(({ id }) => id === message.id)
          ?.onProgress?.(message.value as never);
        return;
      case 'waiting':
        if (active?.id !== message.id) return;
        waiting.set(active.id, active);
        active = undefined;
        sendNext();
        return;
    }
    const call = inProcess().find(({ id }) => id === message.id);
    if (!call) return;
    waiting.delete(call.id);
    if (call === active) active = undefined;
    if (message.type === 'done') {
      crashes = 0;
      call.resolve(message.value);
    } else {
      if (message.trace) log(message.trace);
      call.reject(fromErrorBody(message.error));
    }
    sendNext();
  }

  function sendNext(): void {
    if (active || queue.length === 0) return;
    if (!port || !ready) {
      start();
      return;
    }
    active = queue.shift()!;
    const { id, method, input, secrets } = active;
    port.send({ type: 'call', id, method, input, secrets });
  }

  /** The caller is answered at once; a call in the process is told to stop at its next session run. */
  function cancel(call: Pending, reason: AppError): void {
    const at = queue.indexOf(call);
    if (at >= 0) queue.splice(at, 1);
    else if (inProcess().includes(call)) port?.send({ type: 'cancel', id: call.id });
    givenUp.add(call);
    call.reject(reason);
  }

  return {
    call<M extends EngineMethod>(
      method: M,
      input: Local<Parsed<M>>,
      { signal, onProgress, lane, reasonerKey }: EngineCallOptions<M> = {},
    ) {
      return new Promise<Output<M>>((resolve, reject) => {
        if (closed) return reject(cancelled('The application is closing.'));
        if (signal?.aborted) return reject(cancelled('The call was cancelled.'));
        const onAbort = () => cancel(call, cancelled('The call was cancelled.'));
        const settle =
          <T>(done: (value: T) => void) =>
          (value: T) => {
            signal?.removeEventListener('abort', onAbort);
            done(value);
          };
        const call: Pending = {
          id: nextId++,
          method,
          input,
          secrets: { reasonerKey },
          lane,
          resolve: settle(resolve as (value: unknown) => void),
          reject: settle(reject),
          onProgress,
        };
        if (lane !== undefined) {
          for (const older of [...queue, ...inProcess()]) {
            if (older.lane === lane) cancel(older, cancelled('A newer request took the place of this one.'));
          }
        }
        signal?.addEventListener('abort', onAbort, { once: true });
        queue.push(call);
        sendNext();
      });
    },
    get pid() {
      return port?.pid;
    },
    close() {
      closed = true;
      clearTimeout(restart);
      const ending = port;
      port = undefined;
      ending?.kill();
      for (const call of [...inProcess(), ...queue.splice(0)]) {
        call.reject(cancelled('The application is closing.'));
      }
      active = undefined;
    },
  };
}
