/** @file Validation errors as lines that a person can act on. */
import { z } from 'zod';

/** `path: message` for each problem, such as `segmenter.encoder.layout: Invalid option`, at most `limit` of them. */
export function issueLines(error: z.ZodError, limit = 5): string[] {
  const lines = error.issues.map(({ path, message }) =>
    path.length > 0 ? `${z.core.toDotPath(path)}: ${message}` : message,
  );
  return lines.length > limit ? [...lines.slice(0, limit), `and ${lines.length - limit} more`] : lines;
}
