/** @file What only callers on the user's behalf may do. */
import { AppError } from '../contract/errors.ts';

/**
 * Paths are for hosts that run on the user's behalf: what a page names is never opened, and never written.
 * @param what shown, cut. @throws AppError forbidden.
 */
export function requireTrust(context: { readonly trusted: boolean }, what: string, deed = 'name files by path'): void {
  if (context.trusted) return;
  throw new AppError('forbidden', `This caller may not ${deed} (${what.slice(0, 100)}).`);
}
