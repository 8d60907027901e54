/**
 * @file Replacing a file with a large one: written piece by piece beside it, flushed, checked, and only then renamed
 * over it. Whatever fails, the old file stays as it was and nothing is left beside it.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';

/** Adds text to the file; resolves when there is room for more. */
export type Append = (text: string) => Promise<void>;

/** Characters that are collected before they are written. */
const blockLength = 1 << 16;

/**
 * @param write adds the content. @param check reads the file that `write` has left, at the path it gets, and throws when
 * it must not be used. Returns the size in bytes.
 * @throws AppError io when the file cannot be written, bad-request for a target that is something else than a JSON
 * file; what `write` and `check` throw.
 */
export async function replaceJsonFile(
  file: string,
  write: (append: Append) => Promise<void>,
  check: (temporary: string) => Promise<void>,
): Promise<number> {
  const target = await realpath(file).catch(() => resolve(file));
  await refuseOthers(target);
  const temporary = `${target}.${randomUUID()}.tmp`;
  const handle = await open(temporary, 'wx').catch((error) => {
    throw cannotWrite(file, error);
  });
  try {
    await fillFile(handle, file, write);
    await check(temporary);
    const { size } = await stat(temporary);
    await rename(temporary, target).catch((error) => {
      throw cannotWrite(file, error);
    });
    await syncFolder(dirname(target));
    return size;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes the new name last through a power cut, where the system lets folders be flushed (Windows does not). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Writes an open file in blocks, flushes it to the disk and closes it. @param file for messages. */
export async function fillFile(
  handle: FileHandle,
  file: string,
  write: (append: Append) => Promise<void>,
): Promise<void> {
  let block = '';
  const flush = async () => {
    const text = block;
    block = '';
    await handle.appendFile(text).catch((error) => {
      throw cannotWrite(file, error);
    });
  };
  try {
    await write(async (text) => {
      block += text;
      if (block.length >= blockLength) await flush();
    });
    await flush();
    await handle.sync().catch((error) => {
      throw cannotWrite(file, error);
    });
  } finally {
    await handle.close();
  }
}

/** An export replaces an earlier export, never a database or a photo that was named by mistake. */
async function refuseOthers(target: string): Promise<void> {
  const found = await stat(target).catch(() => null);
  if (!found) return;
  if (!found.isFile()) throw new AppError('bad-request', `${target} is no file; the export needs the name of a file.`);
  if (found.size === 0) return;
  const handle = await open(target, 'r').catch((error) => {
    throw cannotWrite(target, error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    if (/^\s*[{[]/.test(buffer.toString('utf8', 0, bytesRead))) return;
  } finally {
    await handle.close();
  }
  throw new AppError('bad-request', `${target} is there already and is no JSON file; it was not replaced.`, {
    hint: 'Choose another name, or remove the file first.',
  });
}

/** What is said of a file that cannot be written. */
export function cannotWrite(file: string, cause: NodeJS.ErrnoException): AppError {
  const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
  return new AppError('io', `${file} cannot be written: ${cause.message}`, {
    hint: full ? 'Free some space and export again.' : 'Check that its folder exists and that you may write there.',
    cause,
  });
}
