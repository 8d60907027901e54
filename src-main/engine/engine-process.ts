/**
 * @file Entry of the engine process: Electron's `utilityProcess` or a plain `fork`. Takes calls from its parent, works
 * on one at a time, can be told to cancel between session runs. Ends when the parent does.
 */
import { AppError, toErrorBody } from '../contract/errors.ts';
import { createEngine } from './engine.ts';
import type { EngineHandlers, FromEngine, ToEngine } from './protocol.ts';

/** The parent's side of Electron's utility process; a `fork` speaks over `process` itself. */
type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: ToEngine }) => void): void;
};
const parentPort = (process as typeof process & { parentPort?: ParentPort }).parentPort;

const send = (message: FromEngine): void => {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
};

let handlers: EngineHandlers | undefined;
const running = new Map<number, AbortController>();

async function work({ id, method, input, secrets }: Extract<ToEngine, { type: 'call' }>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    if (!handlers) throw new AppError('internal', 'the engine was called before it was started');
    // One union of functions, one input that belongs to the same member: the pairing is beyond the type system.
    const handle = handlers[method] as (input: unknown, context: unknown) => Promise<unknown>;
    const progress = (value: unknown) => send({ type: 'progress', id, value });
    const waiting = () => send({ type: 'waiting', id });
    const { signal } = controller;
    send({ type: 'done', id, value: await handle(input, { signal, progress, secrets, waiting }) });
  } catch (error) {
    const body = toErrorBody(error);
    const trace = body.code === 'internal' && error instanceof Error ? error.stack : undefined;
    send({ type: 'failed', id, error: body, ...(trace ? { trace } : {}) });
  } finally {
    running.delete(id);
  }
}

function receive(message: ToEngine): void {
  switch (message.type) {
    case 'start':
      handlers = createEngine(message.settings, (provider) => send({ type: 'trying', provider }));
      send({ type: 'ready' });
      break;
    case 'call':
      void work(message);
      break;
    case 'cancel':
      running.get(message.id)?.abort();
      break;
  }
}

if (parentPort) parentPort.on('message', ({ data }) => receive(data));
else {
  process.on('message', (message) => receive(message as ToEngine));
  process.on('disconnect', () => process.exit(0));
  // Ctrl+C in a terminal reaches the whole group; the parent decides what to finish and then ends us.
  process.on('SIGINT', () => undefined);
}
