/** @file What a call to the application throws: an error of the application, or of the way there. */
import { type ErrorBody, type ErrorCode, errorCodes } from '../../src-main/contract/errors.ts';

/** `connection`: no answer came, so it is not known whether the call was carried out. */
export type HostErrorCode = ErrorCode | 'connection';

export class HostError extends Error {
  readonly code: HostErrorCode;
  /** What the person can do about it. */
  readonly hint: string | undefined;

  constructor(code: HostErrorCode, message: string, hint?: string) {
    super(message);
    this.name = 'HostError';
    this.code = code;
    this.hint = hint;
  }
}

/** The error of an answer's envelope; a code that this page does not know counts as `internal`. */
export function hostErrorOf(body: Partial<ErrorBody> | undefined): HostError {
  const known = errorCodes.find((code) => code === body?.code);
  return new HostError(known ?? 'internal', body?.message ?? 'The application answered without a reason.', body?.hint);
}

/** Anything that was thrown, as a HostError. */
export function asHostError(thrown: unknown): HostError {
  if (thrown instanceof HostError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelledError();
  return new HostError('internal', thrown instanceof Error ? thrown.message : String(thrown));
}

export const cancelledError = () => new HostError('cancelled', 'The call was cancelled.');
export const isCancelled = (thrown: unknown) => asHostError(thrown).code === 'cancelled';
