/**
 * @file The first bytes of a file, and what the system's refusals mean to a person.
 */
import { open, stat } from 'node:fs/promises';
import { AppError } from '../../contract/errors.ts';

/** An operating-system error on `file` as `not-found` or `io`. The full path is shown: a name alone is no help. */
export function fileError(file: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') {
    return new AppError('not-found', `There is no file ${file}.`, {
      hint: 'Check the path, or whether the folder was moved or is on a drive that is not connected.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('io', `${file} may not be read by this user.`, {
      hint: 'Change the permissions of the file, or copy it to a folder of yours.',
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('io', `${file} cannot be read: ${reason}`, {
    hint: 'Check the drive and try again.',
    cause: error,
  });
}

/**
 * Up to `length` bytes from the start of a regular file. Anything else is `bad-image` before it is opened:
 * opening a named pipe would wait for ever.
 */
export async function readHead(file: string, length: number): Promise<Uint8Array> {
  try {
    const kind = await stat(file);
    if (!kind.isFile()) {
      const what = kind.isDirectory() ? 'a folder' : 'not a regular file';
      throw new AppError('bad-image', `${file} is ${what}, not an image file.`, {
        hint: 'Give the path of one photo.',
      });
    }
    await using handle = await open(file);
    const buffer = new Uint8Array(length);
    const { bytesRead } = await handle.read(buffer, 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw error instanceof AppError ? error : fileError(file, error);
  }
}
