/** @file The envelope of every answer: a throw would lose code and hint at a process border. */
import type { ErrorBody } from './errors.ts';

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorBody };
