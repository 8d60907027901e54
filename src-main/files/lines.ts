/** @file Lines of a file that may be larger than memory. */
import { createReadStream } from 'node:fs';
import { AppError } from '../contract/errors.ts';

export type Line = {
  readonly text: string;
  /** 1 for the first. */
  readonly number: number;
  /** Bytes of the file up to the end of this line. */
  readonly bytes: number;
  /** False for a last line without a line end. */
  readonly ended: boolean;
};

/** Longest line that is read: a 1024 x 1024 activation with seven digits a value is 11 MB. */
const maxLineBytes = 32 * 2 ** 20;
const newline = 0x0a;

/**
 * The lines of a UTF-8 file, without line ends and a byte order mark; empty lines are counted and left out. Throws
 * AppError 'bad-request' at a line that is too long to be one.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  let number = 0;
  let bytes = 0;
  const take = (ended: boolean): Line | null => {
    number += 1;
    const text = Buffer.concat(parts)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    parts = [];
    size = 0;
    return text ? { text, number, bytes, ended } : null;
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      parts.push(chunk.subarray(from, to));
      bytes += to + 1 - from;
      from = to + 1;
      const line = take(true);
      if (line) yield line;
    }
    parts.push(chunk.subarray(from));
    bytes += chunk.length - from;
    size += chunk.length - from;
    if (size > maxLineBytes) {
      throw new AppError('bad-request', `Line ${number + 1} of ${file} is longer than ${maxLineBytes / 2 ** 20} MiB.`, {
        hint: 'Write one JSON object a line (JSON Lines), not one array.',
      });
    }
  }
  const line = size > 0 ? take(false) : null;
  if (line) yield line;
}
