/**
 * @file The results of a batch: written line by line beside their final place, moved there when the run is through,
 * kept for `--resume` when it is not.
 */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import type { ResultLine } from '../contract/batch.ts';
import { AppError } from '../contract/errors.ts';
import { readLines } from './lines.ts';

export type ResultsFile = {
  /** Requests that an earlier run has answered, and how many of those failed. */
  readonly skip: number;
  readonly failed: number;
  /** Id of the last of them: a request file that has changed since is noticed by it. */
  readonly lastId: unknown;
  write(line: ResultLine): Promise<void>;
  /** Flushes and moves the file to its place. */
  finish(): Promise<void>;
  /** Closes the file; an empty one is removed. Returns how many lines are kept. */
  abandon(): Promise<number>;
};

/** Throws AppError 'io' where the file cannot be written, 'bad-request' where an interrupted run lies in the way. */
export async function openResults(file: string, resume: boolean): Promise<ResultsFile> {
  const part = `${file}.part`;
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory()) {
    throw new AppError('bad-request', `${file} is a folder; --out is the file that the results go to.`);
  }
  const earlier = await stat(part).catch(() => null);
  if (earlier && !resume) {
    throw new AppError('bad-request', `${part} holds the results of an interrupted run.`, {
      hint: 'Add --resume to go on from there, or remove the file to start anew.',
    });
  }
  const found = earlier ? await countResults(part) : { lines: 0, failed: 0, bytes: 0, lastId: null };
  const { lines: skip, failed, bytes, lastId } = found;
  let handle: FileHandle;
  try {
    handle = await open(part, earlier ? 'r+' : 'wx');
  } catch (cause) {
    throw new AppError('io', `${file} cannot be written: ${(cause as Error).message}`, {
      hint: 'Check that its folder exists, may be written to, and has space left.',
      cause,
    });
  }
  // A line that was cut off by the interruption is written again.
  await handle.truncate(bytes);
  let position = bytes;
  let lines = skip;
  return {
    skip,
    failed,
    lastId,
    async write(line) {
      const text = Buffer.from(`${JSON.stringify(line)}\n`);
      await handle.write(text, 0, text.length, position).catch((cause: Error) => {
        throw new AppError('io', `${part} cannot be written: ${cause.message}`, { hint: 'Is the disk full?', cause });
      });
      position += text.length;
      lines += 1;
    },
    async finish() {
      await handle.sync();
      await handle.close();
      await rename(part, file).catch((cause: Error) => {
        throw new AppError('io', `${part} is complete and cannot be moved to ${file}: ${cause.message}`, {
          hint: 'Move it by hand.',
          cause,
        });
      });
    },
    async abandon() {
      await handle.close();
      if (lines === 0) await rm(part, { force: true });
      return lines;
    },
  };
}

/** Whole result lines of an interrupted run: how many, how many of them failed, the last one's id and end. */
async function countResults(part: string): Promise<{ lines: number; failed: number; bytes: number; lastId: unknown }> {
  let lines = 0;
  let failed = 0;
  let bytes = 0;
  let lastId: unknown = null;
  for await (const line of readLines(part)) {
    const parsed = line.ended ? tryParse(line.text) : null;
    if (parsed === null) break;
    lines += 1;
    if ('error' in parsed) failed += 1;
    bytes = line.bytes;
    lastId = 'id' in parsed ? parsed.id : null;
  }
  return { lines, failed, bytes, lastId };
}

function tryParse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
