/**
 * @file Python's pickle, protocol 2, of what JSON can say: REFER loads its references from a pickle and from nothing else.
 * Only the plain types are written (no class, no call), and only they are read back; PEP 307 and `pickletools` name the
 * codes. Our own: the packages at hand read pickles and do not write them, or have not been kept for years.
 */
import { createReadStream } from 'node:fs';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

const code = {
  proto: 0x80,
  stop: 0x2e,
  none: 0x4e,
  yes: 0x88,
  no: 0x89,
  int: 0x4a,
  long: 0x8a,
  float: 0x47,
  text: 0x58,
  list: 0x5d,
  dict: 0x7d,
  append: 0x61,
  set: 0x73,
} as const;

/** What a pickled list begins with, and what it ends with; between them each element, then `appended`. */
export const listHead = Uint8Array.of(code.proto, 2, code.list);
export const listEnd = Uint8Array.of(code.stop);

/** One element of a list that is being written. */
export const appended = (value: Plain): Buffer => Buffer.concat([pickled(value), Buffer.of(code.append)]);

function pickled(value: Plain): Buffer {
  if (value === null) return Buffer.of(code.none);
  if (typeof value === 'boolean') return Buffer.of(value ? code.yes : code.no);
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.of(code.text), uint32(text.length), text]);
  }
  if (typeof value === 'number') return pickledNumber(value);
  if (Array.isArray(value)) {
    return Buffer.concat([Buffer.of(code.list), ...(value as readonly Plain[]).map(appended)]);
  }
  const entries = Object.entries(value as { readonly [key: string]: Plain });
  const members = entries.flatMap(([key, each]) => [pickled(key), pickled(each), Buffer.of(code.set)]);
  return Buffer.concat([Buffer.of(code.dict), ...members]);
}

function pickledNumber(value: number): Buffer {
  const out = Buffer.alloc(9);
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    out[0] = code.int;
    out.writeInt32LE(value, 1);
    return out.subarray(0, 5);
  }
  if (Number.isSafeInteger(value)) {
    const long = Buffer.alloc(10);
    long[0] = code.long;
    long[1] = 8;
    long.writeBigInt64LE(BigInt(value), 2);
    return long;
  }
  out[0] = code.float;
  out.writeDoubleBE(value, 1);
  return out;
}

function uint32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

/** Thrown where the bytes end within a value. */
const short = Symbol('more bytes are needed');

/**
 * The elements of a list that was pickled as above, one at a time: memory follows the largest.
 * @throws Error for any other code, and where the file ends too early; the system's error.
 */
export async function* unpickledList(file: string): AsyncGenerator<unknown> {
  let bytes: Buffer = Buffer.alloc(0);
  let begun = false;
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, piece]);
    let at = 0;
    if (!begun) {
      if (bytes.length < listHead.length) continue;
      if (!bytes.subarray(0, listHead.length).equals(listHead)) throw new Error('no pickled list');
      begun = true;
      at = listHead.length;
    }
    for (let next = element(bytes, at); next; next = element(bytes, at)) {
      yield next.value;
      at = next.end;
    }
    bytes = bytes.subarray(at);
  }
  if (!bytes.equals(listEnd)) throw new Error('a pickle that ends too early');
}

/** The value that begins at `start`, up to the code that appends it; null where the bytes or the list end before. */
function element(bytes: Buffer, start: number): { value: unknown; end: number } | null {
  const stack: unknown[] = [];
  let at = start;
  const take = (count: number) => {
    if (at + count > bytes.length) throw short;
    at += count;
    return bytes.subarray(at - count, at);
  };
  try {
    for (;;) {
      const op = take(1)[0];
      if (op === code.append && stack.length === 1) return { value: stack[0], end: at };
      if (op === code.stop && stack.length === 0) return null;
      step(op, stack, take);
    }
  } catch (error) {
    if (error === short) return null;
    throw error;
  }
}

function step(op: number | undefined, stack: unknown[], take: (count: number) => Buffer): void {
  if (op === code.none) stack.push(null);
  else if (op === code.yes || op === code.no) stack.push(op === code.yes);
  else if (op === code.int) stack.push(take(4).readInt32LE());
  else if (op === code.long) stack.push(Number(take(take(1)[0]!).readBigInt64LE()));
  else if (op === code.float) stack.push(take(8).readDoubleBE());
  else if (op === code.text) stack.push(take(take(4).readUInt32LE()).toString('utf8'));
  else if (op === code.list) stack.push([]);
  else if (op === code.dict) stack.push({});
  else if (op === code.append) {
    const value = stack.pop();
    (stack.at(-1) as unknown[]).push(value);
  } else if (op === code.set) {
    const value = stack.pop();
    const key = stack.pop() as string;
    (stack.at(-1) as Record<string, unknown>)[key] = value;
  } else throw new Error(`a pickle with the code ${op}`);
}
