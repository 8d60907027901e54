/**
 * @file Reading a large JSON file piece by piece: an object whose members are values, or arrays whose elements are
 * parsed one at a time. Memory follows the largest element, not the file. What it accepts is JSON: the pieces go
 * through JSON.parse, and all that lies between them is checked here.
 */
import { isAscii } from 'node:buffer';
import { open } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';

/** `array` says that an array begins, and is followed by its `element`s; any other member is one `value`. */
export type JsonEvent =
  | { readonly kind: 'array'; readonly key: string }
  | { readonly kind: 'element' | 'value'; readonly key: string; readonly value: unknown };

/** Bytes of one element: more than any mask needs, and a bound on memory for files from outside. */
const mostBytes = 2 ** 28;
/** Bytes that are read at a time. */
const bufferLength = 1 << 18;

type Place = 'start' | 'first-key' | 'key' | 'colon' | 'value' | 'comma' | 'first-element' | 'element' | 'list-comma';

type Scanner = {
  place: Place | 'end';
  key: string;
  /** Pieces of the value that is being read, with their length in bytes; null between values. */
  pieces: Uint8Array[] | null;
  bytes: number;
  nesting: number;
  inString: boolean;
  escaped: boolean;
  /** In a list whose elements are passed over. */
  passing: boolean;
  readonly options: JsonOptions;
};

const quote = 0x22;
const backslash = 0x5c;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** What a byte of a value may do: 0 nothing, 1 begin a string, 2 open, 3 close, 4 end a bare value. */
const kinds = new Uint8Array(256);
for (const [bytes, kind] of [
  ['"', 1],
  ['{[', 2],
  ['}]', 3],
  [', \n\r\t', 4],
] as const) {
  for (const byte of Buffer.from(bytes)) kinds[byte] = kind;
}

const inner = kinds.map((kind) => (kind === 4 ? 0 : kind));

/** What a byte leads to where a value does not begin. */
const steps: { readonly [P in Scanner['place']]?: Readonly<Record<string, Scanner['place']>> } = {
  start: { '{': 'first-key' },
  'first-key': { '}': 'end' },
  colon: { ':': 'value' },
  comma: { ',': 'key', '}': 'end' },
  'first-element': { ']': 'comma' },
  'list-comma': { ',': 'element', ']': 'comma' },
};

export type JsonOptions = {
  /** Reads on over what other makers write and JSON has not: a byte order mark, and NaN and Infinity, which become null. */
  readonly lenient?: boolean;
  /** Lists whose elements are passed over unparsed; asked when one begins. */
  readonly skip?: (key: string) => boolean;
  /** The file is a list by itself, and is told as if it were the one member of an object, with this key. */
  readonly list?: string;
  /** Hears how many bytes have been read. */
  readonly onBytes?: (bytes: number) => void;
};

/**
 * Events of the file in its order. @throws AppError bad-request when it is not JSON or no object, or one element is
 * larger than 256 MiB; the system's error; the signal's reason.
 */
export async function* jsonElements(
  file: string,
  signal?: AbortSignal,
  options: JsonOptions = {},
): AsyncGenerator<JsonEvent> {
  for await (const events of jsonChunks(file, signal, options)) yield* events;
}

/**
 * The same a piece of the file at a time, without a promise for every event. The events of a piece must all be taken
 * before the next piece is asked for: there is one buffer. @throws as `jsonElements`, also from the events.
 */
export async function* jsonChunks(
  file: string,
  signal?: AbortSignal,
  options: JsonOptions = {},
): AsyncGenerator<Iterable<JsonEvent>> {
  const scanner: Scanner = {
    place: 'start',
    key: '',
    pieces: null,
    bytes: 0,
    nesting: 0,
    inString: false,
    escaped: false,
    passing: false,
    options,
  };
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(bufferLength);
    if (options.list !== undefined) yield scan(scanner, Buffer.from(`{${JSON.stringify(options.list)}:`), file);
    for (let read = 0; ; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, bufferLength, null);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      const marked = options.lenient && read === 0 && bytes.indexOf('\ufeff') === 0;
      yield scan(scanner, marked ? bytes.subarray(3) : bytes, file);
      read += bytesRead;
      options.onBytes?.(read);
    }
    if (options.list !== undefined) yield scan(scanner, Buffer.from('}'), file);
  } finally {
    await handle.close();
  }
  if (scanner.place !== 'end') throw notJson(file, 'it ends too early');
}

function notJson(file: string, why: string): AppError {
  return new AppError('bad-request', `${file} is not a JSON object: ${why}.`, {
    hint: 'The file is damaged, cut short, or of another format.',
  });
}

function* scan(scanner: Scanner, chunk: Buffer, file: string): Generator<JsonEvent> {
  const plain = isAscii(chunk);
  let from = 0;
  for (let i = 0; i < chunk.length; i++) {
    if (scanner.pieces) {
      const to = endOfValue(scanner, chunk, i);
      if (to < 0) break;
      const event = finish(scanner, chunk, from, to, plain, file);
      if (event) yield event;
      i = to;
      if (i === chunk.length) break;
    }
    const byte = chunk[i]!;
    if (isSpace(byte)) continue;
    const next = steps[scanner.place]?.[String.fromCharCode(byte)];
    if (next) scanner.place = next;
    else if (scanner.place === 'value' && byte === 0x5b) {
      scanner.place = 'first-element';
      scanner.passing = scanner.options.skip?.(scanner.key) ?? false;
      yield { kind: 'array', key: scanner.key };
    } else if (beginsValue(scanner.place, byte)) {
      from = i;
      begin(scanner, byte);
    } else throw notJson(file, `a "${String.fromCharCode(byte)}" is out of place`);
  }
  // A copy: the next piece of the file comes into the same buffer.
  if (scanner.pieces) keep(scanner, Buffer.from(chunk.subarray(from)), file);
}

const beginsValue = (place: Scanner['place'], byte: number): boolean =>
  place === 'key' || place === 'first-key'
    ? byte === quote
    : place === 'value' || place === 'element' || place === 'first-element';

function begin(scanner: Scanner, byte: number): void {
  scanner.pieces = [];
  scanner.bytes = 0;
  scanner.nesting = kinds[byte] === 2 ? 1 : 0;
  scanner.inString = byte === quote;
  scanner.escaped = false;
}

/**
 * Where the value that is read ends, from byte `at` on; -1 where it goes on beyond the chunk. All large parts of a file
 * pass here, so the loops do little: bytes that mean nothing are most of them.
 */
function endOfValue(scanner: Scanner, chunk: Uint8Array, at: number): number {
  let { nesting, inString, escaped } = scanner;
  const end = chunk.length;
  let i = at;
  for (; i < end; i++) {
    if (inString) {
      for (; i < end; i++) {
        const byte = chunk[i]!;
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) break;
      }
      if (i === end) break;
      inString = false;
      if (nesting === 0) return i + 1;
      continue;
    }
    // Within brackets a comma or a space ends nothing: less than one byte in fifty is looked at again.
    if (nesting > 0) {
      while (i < end && inner[chunk[i]!] === 0) i++;
      if (i === end) break;
    }
    const kind = kinds[chunk[i]!];
    if (kind === 1) inString = true;
    else if (kind === 2) nesting++;
    else if (kind === 3) {
      if (nesting === 0) return i;
      if (--nesting === 0) return i + 1;
    } else if (kind === 4 && nesting === 0) return i;
  }
  Object.assign(scanner, { nesting, inString, escaped });
  return -1;
}

function keep(scanner: Scanner, piece: Uint8Array, file: string): void {
  scanner.bytes += piece.length;
  if (scanner.bytes > mostBytes) throw notJson(file, `one element of "${scanner.key}" is larger than 256 MiB`);
  if (!passesOver(scanner)) scanner.pieces!.push(piece);
}

const passesOver = ({ passing, place }: Scanner): boolean =>
  passing && (place === 'element' || place === 'first-element');

/**
 * Parses what was collected, with bytes `from` to `to` of the chunk as its end; a key is remembered, anything else is an
 * event. @param plain the chunk is ASCII, which is read several times as fast as UTF-8.
 */
function finish(
  scanner: Scanner,
  chunk: Buffer,
  from: number,
  to: number,
  plain: boolean,
  file: string,
): JsonEvent | null {
  const whole = plain && scanner.pieces!.length === 0 && to - from <= mostBytes;
  if (!whole) keep(scanner, chunk.subarray(from, to), file);
  const pieces = scanner.pieces!;
  scanner.pieces = null;
  if (passesOver(scanner)) {
    scanner.place = 'list-comma';
    return null;
  }
  const text = whole ? chunk.toString('latin1', from, to) : textOf(pieces, file);
  const value = parsed(text, scanner.options.lenient ?? false, file);
  if (scanner.place === 'value') {
    scanner.place = 'comma';
    return { kind: 'value', key: scanner.key, value };
  }
  if (scanner.place === 'element' || scanner.place === 'first-element') {
    scanner.place = 'list-comma';
    return { kind: 'element', key: scanner.key, value };
  }
  scanner.key = value as string;
  scanner.place = 'colon';
  return null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(pieces: readonly Uint8Array[], file: string): string {
  try {
    return utf8.decode(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
  } catch (error) {
    throw notJson(file, error instanceof Error ? error.message : String(error));
  }
}

function parsed(text: string, lenient: boolean, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (lenient && /NaN|Infinity/.test(text)) return parsed(withoutNan(text), false, file);
    throw notJson(file, error instanceof Error ? error.message : String(error));
  }
}

/** NaN and Infinity, which Python writes, as null; not within strings. */
const withoutNan = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) => (found.startsWith('"') ? found : 'null'));
