/** @file The envelope of every answer: a throw would lose code and hint at a process border. */
import { type ErrorBody, fromErrorBody } from './errors.ts';

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorBody };

/** The value, or the error as the AppError that it was. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw fromErrorBody(result.error);
}
