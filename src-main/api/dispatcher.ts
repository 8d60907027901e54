/**
 * @file The one way in: validates the input, runs the handler, validates the output, times it, cancels it, and
 * answers with a Result. Every host calls this and nothing else.
 */
import {
  type Input,
  type MethodName,
  type Methods,
  methods,
  type Output,
  type Parsed,
  type Progress,
} from '../contract/api.ts';
import { AppError, type ErrorBody, toErrorBody } from '../contract/errors.ts';
import { issueLines } from '../contract/issues.ts';
import type { Result } from '../contract/result.ts';

export type CallContext<M extends MethodName> = {
  readonly signal: AbortSignal;
  readonly progress: (value: Progress<M>) => void;
  /** Whether the caller runs on the user's behalf and may name paths; a page may not. */
  readonly trusted: boolean;
  /** Calls that replace each other: the newest wins. */
  readonly lane: string | undefined;
};

export type Handlers = {
  readonly [M in MethodName]: (input: Parsed<M>, context: CallContext<M>) => Promise<Output<M>>;
};

export type DispatchOptions<M extends MethodName> = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (value: Progress<M>) => void;
  readonly trusted?: boolean;
  readonly lane?: string;
};

export type Dispatch = <M extends MethodName>(
  method: M,
  input: Input<M>,
  options?: DispatchOptions<M>,
) => Promise<Result<Output<M>>>;

/** What happened, for a log: one entry a call. */
export type CallRecord = {
  readonly method: string;
  readonly ms: number;
  readonly error?: string;
  readonly trace?: string;
};

const cancelled: ErrorBody = { code: 'cancelled', message: 'The call was cancelled.' };

export function createDispatcher(handlers: Handlers, onCall: (record: CallRecord) => void = () => undefined): Dispatch {
  return async (method, input, options = {}) => {
    const start = performance.now();
    const record = (rest: Omit<CallRecord, 'method' | 'ms'>) =>
      onCall({ method: String(method), ms: performance.now() - start, ...rest });
    try {
      const value = await run(handlers, method, input, options);
      record({});
      return { ok: true, value };
    } catch (thrown) {
      // An abort may surface as anything that the signal's owner gave as its reason.
      const error = options.signal?.aborted && !(thrown instanceof AppError) ? cancelled : toErrorBody(thrown);
      const trace = error.code === 'internal' && thrown instanceof Error ? thrown.stack : undefined;
      record({ error: `${error.code}: ${error.message}`, ...(trace ? { trace } : {}) });
      return { ok: false, error };
    }
  };
}

async function run<M extends MethodName>(
  handlers: Handlers,
  method: M,
  input: unknown,
  { signal = new AbortController().signal, onProgress, trusted = false, lane }: DispatchOptions<M>,
): Promise<Output<M>> {
  if (!Object.hasOwn(methods, method)) {
    throw new AppError('not-found', `There is no method "${String(method).slice(0, 100)}".`);
  }
  const { input: inputSchema, output: outputSchema }: Methods[MethodName] = methods[method];
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) {
    throw new AppError('bad-request', `${method} cannot use this input: ${issueLines(parsed.error).join('; ')}.`);
  }
  signal.throwIfAborted();
  const context: CallContext<M> = { signal, trusted, lane, progress: (value) => onProgress?.(value) };
  const output = await handlers[method](parsed.data as Parsed<M>, context);
  const checked = outputSchema.safeParse(output);
  // Our own mistake, not the caller's: say so, with the method, instead of letting a wrong answer travel on.
  if (!checked.success) throw new Error(`${method} answered wrongly: ${issueLines(checked.error).join('; ')}`);
  return checked.data as Output<M>;
}
