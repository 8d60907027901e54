/**
 * @file Expected failures. Every error that a person can cause or mend is an `AppError`: it says what
 * happened, to what, and what to do. Anything else that is thrown is a bug and is logged with its trace.
 */

export const errorCodes = [
  'bad-request', // the caller's input does not fit (JSON, schema, ranges)
  'not-found', // a file, pack, image or method that does not exist
  'bad-image', // an image that cannot be read, or is too large to be read safely
  'bad-pack', // a model pack or one of its files is missing, truncated or altered
  'bad-project', // a project's database is damaged, of a newer version, or not a project
  'bad-answer', // a reasoner answered with something that cannot be used
  'endpoint', // an endpoint is down, refuses, or is too slow
  'engine-crashed', // the inference process ended while it worked on this call
  'cancelled', // the caller cancelled, or a newer call replaced this one
  'conflict', // somebody else changed it first, or holds it open
  'forbidden', // this caller may not do that
  'io', // reading or writing a file failed
  'internal', // a bug: unexpected, logged with its trace
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What crosses a process or network border in place of an `AppError`. */
export type ErrorBody = { readonly code: ErrorCode; readonly message: string; readonly hint?: string };

export class AppError extends Error {
  readonly code: ErrorCode;
  /** What the person can do about it. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** Any thrown value as an error body; unexpected ones become `internal` and keep their message. */
export function toErrorBody(thrown: unknown): ErrorBody {
  if (thrown instanceof AppError) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    };
  }
  // An AbortSignal rejects with a DOMException of this name wherever it is honoured.
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return { code: 'cancelled', message: 'The call was cancelled.' };
  }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** The reverse of `toErrorBody`, on the far side of a border. */
export function fromErrorBody(body: ErrorBody): AppError {
  return new AppError(body.code, body.message, body.hint === undefined ? {} : { hint: body.hint });
}
