/**
 * @file Reading a large JSON file piece by piece: an object whose members are values, or arrays whose elements are
 * parsed one at a time. Memory follows the largest element, not the file. What it accepts is JSON: the pieces go
 * through JSON.parse, and all that lies between them is checked here.
 */
import { createReadStream } from 'node:fs';
import { AppError } from '../contract/errors.ts';

/** `array` says that an array begins, and is followed by its `element`s; any other member is one `value`. */
export type JsonEvent =
  | { readonly kind: 'array'; readonly key: string }
  | { readonly kind: 'element' | 'value'; readonly key: string; readonly value: unknown };

/** Bytes of one element: more than any mask needs, and a bound on memory for files from outside. */
const mostBytes = 2 ** 28;

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
};

const quote = 0x22;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const opens = (byte: number) => byte === 0x7b || byte === 0x5b;
const closes = (byte: number) => byte === 0x7d || byte === 0x5d;

/** What a byte leads to where a value does not begin. */
const steps: { readonly [P in Scanner['place']]?: Readonly<Record<string, Scanner['place']>> } = {
  start: { '{': 'first-key' },
  'first-key': { '}': 'end' },
  colon: { ':': 'value' },
  comma: { ',': 'key', '}': 'end' },
  'first-element': { ']': 'comma' },
  'list-comma': { ',': 'element', ']': 'comma' },
};

/**
 * Events of the file in its order. @throws AppError bad-request when it is not JSON or no object, or one element is
 * larger than 256 MiB; the system's error; the signal's reason.
 */
export async function* jsonElements(file: string, signal?: AbortSignal): AsyncGenerator<JsonEvent> {
  const scanner: Scanner = {
    place: 'start',
    key: '',
    pieces: null,
    bytes: 0,
    nesting: 0,
    inString: false,
    escaped: false,
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    signal?.throwIfAborted();
    yield* scan(scanner, chunk as Uint8Array, file);
  }
  if (scanner.place !== 'end') throw notJson(file, 'it ends too early');
}

function notJson(file: string, why: string): AppError {
  return new AppError('bad-request', `${file} is not a JSON object: ${why}.`, {
    hint: 'The file is damaged, cut short, or of another format.',
  });
}

function* scan(scanner: Scanner, chunk: Uint8Array, file: string): Generator<JsonEvent> {
  let from = 0;
  for (let i = 0; i < chunk.length; i++) {
    const byte = chunk[i]!;
    if (scanner.pieces) {
      const ended = endsValue(scanner, byte);
      if (ended === 'no') continue;
      const to = ended === 'with' ? i + 1 : i;
      const event = finish(scanner, chunk.subarray(from, to), file);
      if (event) yield event;
      if (ended === 'with') continue;
    }
    if (isSpace(byte)) continue;
    const next = steps[scanner.place]?.[String.fromCharCode(byte)];
    if (next) scanner.place = next;
    else if (scanner.place === 'value' && byte === 0x5b) {
      scanner.place = 'first-element';
      yield { kind: 'array', key: scanner.key };
    } else if (beginsValue(scanner.place, byte)) {
      from = i;
      begin(scanner, byte);
    } else throw notJson(file, `a "${String.fromCharCode(byte)}" is out of place`);
  }
  if (scanner.pieces) keep(scanner, chunk.subarray(from), file);
}

const beginsValue = (place: Scanner['place'], byte: number): boolean =>
  place === 'key' || place === 'first-key'
    ? byte === quote
    : place === 'value' || place === 'element' || place === 'first-element';

function begin(scanner: Scanner, byte: number): void {
  scanner.pieces = [];
  scanner.bytes = 0;
  scanner.nesting = opens(byte) ? 1 : 0;
  scanner.inString = byte === quote;
  scanner.escaped = false;
}

/** Whether the value that is read ends with this byte, before it, or not yet. */
function endsValue(scanner: Scanner, byte: number): 'with' | 'before' | 'no' {
  if (scanner.inString) {
    if (scanner.escaped) scanner.escaped = false;
    else if (byte === 0x5c) scanner.escaped = true;
    else if (byte === quote) {
      scanner.inString = false;
      if (scanner.nesting === 0) return 'with';
    }
    return 'no';
  }
  if (byte === quote) scanner.inString = true;
  else if (opens(byte)) scanner.nesting++;
  else if (closes(byte)) {
    if (scanner.nesting === 0) return 'before';
    if (--scanner.nesting === 0) return 'with';
  } else if (scanner.nesting === 0 && (isSpace(byte) || byte === 0x2c)) return 'before';
  return 'no';
}

function keep(scanner: Scanner, piece: Uint8Array, file: string): void {
  scanner.bytes += piece.length;
  if (scanner.bytes > mostBytes) throw notJson(file, `one element of "${scanner.key}" is larger than 256 MiB`);
  scanner.pieces!.push(piece);
}

/** Parses what was collected; a key is remembered, anything else is an event. */
function finish(scanner: Scanner, last: Uint8Array, file: string): JsonEvent | null {
  keep(scanner, last, file);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(joined(scanner.pieces!)));
  } catch (error) {
    throw notJson(file, error instanceof Error ? error.message : String(error));
  }
  scanner.pieces = null;
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

const joined = (pieces: Uint8Array[]): Uint8Array => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
