/**
 * @file The requests of a data set, in the order of the run: those of one photo follow one another. Only ids and places are
 * kept, since similarity maps may be large; a request is read when its turn comes.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { parseRequestLine, type RequestLine } from '../../contract/batch.ts';
import { AppError, toErrorBody } from '../../contract/errors.ts';
import type { Asked } from '../../evaluate/asked.ts';
import { readLines } from '../lines.ts';

/** What requests bring with them: similarity maps, points or boxes, or a query in words alone. */
export type GivenEvidence = 'maps' | 'regions' | 'words' | 'mixed';

export type Requests = {
  readonly list: readonly { readonly id: string; readonly image: string }[];
  readonly evidence: GivenEvidence;
  /** SHA-256 of their lines, in the order of the run. */
  readonly sha256: string;
  /** The k-th of `list`. @throws AppError conflict when the file has changed since. */
  read(k: number): Promise<RequestLine>;
  close(): Promise<void>;
};

type Entry = {
  readonly id: string;
  readonly image: string;
  readonly evidence: GivenEvidence;
  /** SHA-256 of the text. */
  readonly sha256: string;
  readonly start: number;
  readonly length: number;
};

/**
 * The first `limit` requests of a file, or all. @throws AppError bad-request for a line that is no request, and for an id
 * that is there twice: what cannot be asked cannot be compared.
 */
export async function indexRequests(file: string, limit: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  const known = new Set<string>();
  let start = 0;
  for await (const { text, number, bytes } of readLines(file)) {
    if (entries.length === limit) break;
    const line = parsed(text, file, number);
    const id = String(line.id);
    if (known.has(id)) throw new AppError('bad-request', `${file}, line ${number}: the id "${id}" is there twice.`);
    known.add(id);
    entries.push({
      id,
      image: line.image,
      evidence: evidenceOf(line),
      sha256: sha256(text),
      start,
      length: bytes - start,
    });
    start = bytes;
  }
  return entries;
}

/** Requests of a file, of those that `wanted` names. */
export async function requestsOfFile(
  file: string,
  entries: readonly Entry[],
  wanted: ReadonlyMap<string, unknown>,
): Promise<Requests> {
  const list = byImage(entries.filter(({ id }) => wanted.has(id)));
  const handle = await open(file, 'r');
  return {
    list,
    evidence: shared(list.map(({ evidence }) => evidence)),
    sha256: sha256(list.map((entry) => entry.sha256).join('\n')),
    async read(k) {
      const { start, length, sha256: expected } = list[k]!;
      const text = trimmed(await readAt(handle, start, length));
      if (sha256(text) !== expected) throw new AppError('conflict', `${file} was changed while it was used.`);
      return parseRequestLine(text);
    },
    close: () => handle.close(),
  };
}

/** Requests for data sets that bring none: the words of each query. Queries without a photo's name are left out. */
export function requestsOfQueries(asked: Iterable<Asked>): Requests {
  const lines = [...asked].flatMap(({ id, fileName, text, width, height }): RequestLine[] =>
    fileName === null || text === '' ? [] : [{ id, image: fileName, query: text, width, height }],
  );
  const list = byImage(lines);
  return {
    list: list.map(({ id, image }) => ({ id: String(id), image })),
    evidence: 'words',
    sha256: sha256(list.map((line) => JSON.stringify(line)).join('\n')),
    read: async (k) => list[k]!,
    close: async () => undefined,
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Photos in the order in which they first occur. */
function byImage<T extends { readonly image: string }>(requests: readonly T[]): T[] {
  return [...Map.groupBy(requests, ({ image }) => image).values()].flat();
}

function evidenceOf({ activation, points = [], boxes = [] }: RequestLine): GivenEvidence {
  if (activation) return 'maps';
  return points.length > 0 || boxes.length > 0 ? 'regions' : 'words';
}

function shared(kinds: readonly GivenEvidence[]): GivenEvidence {
  const [first = 'words', ...others] = new Set(kinds);
  return others.length > 0 ? 'mixed' : first;
}

function parsed(text: string, file: string, number: number): RequestLine {
  try {
    return parseRequestLine(text);
  } catch (error) {
    const { message, hint } = toErrorBody(error);
    const more = hint === undefined ? {} : { hint };
    throw new AppError('bad-request', `${file}, line ${number}: ${message}`, { ...more, cause: error });
  }
}

async function readAt(handle: FileHandle, start: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
  return buffer.toString('utf8', 0, bytesRead);
}

/** As `readLines` gives a line. */
const trimmed = (text: string) => text.replace(/^\uFEFF/, '').trim();
