/**
 * @file Lines of a batch: requests in, results out, one JSON object a line.
 */
import { z } from 'zod';
import type { SegmentInput } from './api.ts';
import { maskPromptSchema } from './api.ts';
import { AppError, type ErrorBody } from './errors.ts';
import { issueLines } from './issues.ts';
import { boxSchema, pointSchema, type Segmentation } from './segmentation.ts';

/**
 * One request, in pixels of the upright original. Keys that it does not know are refused, because a misspelt
 * `activaton` would otherwise give wrong masks without a word; data to carry along belongs under `meta`. The four
 * keys of ground-truth requests (oracle activations) are accepted and not used, but for the size, which is checked.
 */
export const requestLineSchema = z.strictObject({
  id: z.union([z.string(), z.number()]),
  image: z.string().min(1),
  query: z.string().max(10_000).optional(),
  grid: z.tuple([z.int().min(1).max(1024), z.int().min(1).max(1024)]).optional(),
  /** rows x columns values, row-major, top-left first; see Activation. */
  activation: z.array(z.number()).optional(),
  maskPrompt: maskPromptSchema.optional(),
  points: z.array(pointSchema).max(1000).optional(),
  boxes: z.array(boxSchema).max(1000).optional(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  category: z.string().optional(),
  annotation_ids: z.array(z.union([z.int(), z.string()])).optional(),
  meta: z.unknown().optional(),
});
export type RequestLine = z.infer<typeof requestLineSchema>;

export type ResultLine =
  | ({ readonly id: string | number } & Segmentation)
  | { readonly id: string | number | null; readonly error: ErrorBody };

const knownKeys = Object.keys(requestLineSchema.shape);

/** Throws AppError 'bad-request' that names what is wrong with the line. */
export function parseRequestLine(text: string): RequestLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const bare = /[[:,]\s*(-?Infinity|NaN)\b/.exec(text)?.[1];
    const reason = bare ? `it holds ${bare}, which JSON does not have` : (cause as Error).message;
    throw new AppError('bad-request', `The line is not JSON: ${reason}.`, {
      hint: bare
        ? 'Python writes NaN for a division by zero or an overflow: check the model that made the map.'
        : 'Write one JSON object a line (JSON Lines).',
      cause,
    });
  }
  const parsed = requestLineSchema.safeParse(value);
  if (!parsed.success) throw refusal(parsed.error);
  const { grid, activation } = parsed.data;
  if ((grid === undefined) !== (activation === undefined)) {
    throw new AppError(
      'bad-request',
      `The request has ${grid ? 'a grid but no activation' : 'an activation but no grid'}.`,
      {
        hint: 'Give both: "grid": [rows, columns] and "activation": rows x columns numbers, row by row.',
      },
    );
  }
  if (grid && activation && activation.length !== grid[0] * grid[1]) {
    throw new AppError(
      'bad-request',
      `A grid of ${grid[0]} x ${grid[1]} needs ${grid[0] * grid[1]} activation values, and there are ${activation.length}.`,
    );
  }
  return parsed.data;
}

/** The id of a line that `parseRequestLine` refuses, where it has one that can be read. */
export function idOf(text: string): string | number | null {
  try {
    const parsed = requestLineSchema.shape.id.safeParse((JSON.parse(text) as { id?: unknown } | null)?.id);
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function refusal(error: z.ZodError): AppError {
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  if (unknown.length > 0) {
    const near = knownKeys.find((key) => isNear(key, unknown[0]!));
    return new AppError('bad-request', `Unknown key "${unknown[0]}"${near ? `: did you mean "${near}"?` : '.'}`, {
      hint: `Known keys: ${knownKeys.join(', ')}. Data of your own belongs under "meta".`,
    });
  }
  return new AppError('bad-request', `The request does not fit: ${issueLines(error).join('; ')}.`);
}

/** Whether one edit (a letter more, less, other, or two swapped) or only case lies between two names. */
function isNear(a: string, b: string): boolean {
  if (a.toLowerCase() === b.toLowerCase()) return true;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  return Math.max(restA.length, restB.length) <= 1 || (restA.length === 2 && restA === [...restB].reverse().join(''));
}

/** A request on a file of this machine. */
export type FileRequest = Partial<Omit<SegmentInput, 'image'>> & { readonly image: { readonly path: string } };

/** The call that answers a request; `path` is where its image lies. */
export function segmentInputOf(line: RequestLine, path: string): FileRequest {
  const { query, grid, activation, maskPrompt, points, boxes } = line;
  return {
    image: { path },
    ...(query === undefined ? {} : { query }),
    ...(grid && activation ? { activation: { grid, values: activation } } : {}),
    ...(maskPrompt ? { maskPrompt } : {}),
    ...(points ? { points } : {}),
    ...(boxes ? { boxes } : {}),
  };
}
