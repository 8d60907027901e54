/** @file Writing the files of a folder that is being made: names are checked, counted and remembered. */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { type Append, cannotWrite, fillFile } from '../replace-file.ts';

export type FolderWriter = {
  /** Relative names of the files written so far, with `/`. */
  readonly names: readonly string[];
  /** Bytes of them. */
  readonly bytes: () => number;
  /** A small file at once. */
  put(name: string, content: string | Uint8Array): Promise<void>;
  /** A file that may be large, piece by piece; flushed to the disk. */
  stream(name: string, write: (append: Append) => Promise<void>): Promise<void>;
  /** The same of bytes. */
  streamBytes(name: string, pieces: AsyncIterable<Uint8Array>): Promise<void>;
  /** A copy; where the disk can, one that takes no room. */
  copy(name: string, from: string): Promise<void>;
};

/** @param folder where it is being made. @param shown what the person calls it, for messages. */
export function folderWriter(folder: string, shown: string): FolderWriter {
  const names: string[] = [];
  const taken = new Set<string>();
  const made = new Set<string>();
  let bytes = 0;

  async function place(name: string): Promise<string> {
    const key = name.toLowerCase();
    if (name.split('/').some((part) => ['', '.', '..'].includes(part)) || taken.has(key)) {
      throw new AppError('internal', `The export would write "${name}" twice or outside of its folder.`);
    }
    taken.add(key);
    const parent = dirname(name);
    if (!made.has(parent)) await mkdir(join(folder, parent), { recursive: true }).catch(failed(name));
    made.add(parent);
    names.push(name);
    return join(folder, name);
  }
  const failed = (name: string) => (error: NodeJS.ErrnoException) => {
    throw cannotWrite(join(shown, name), error);
  };
  return {
    names,
    bytes: () => bytes,
    async put(name, content) {
      await writeFile(await place(name), content, { flag: 'wx' }).catch(failed(name));
      bytes += Buffer.byteLength(content);
    },
    async stream(name, write) {
      const file = await place(name);
      const handle = await open(file, 'wx').catch(failed(name));
      await fillFile(handle, join(shown, name), write);
      bytes += (await stat(file)).size;
    },
    async streamBytes(name, pieces) {
      const file = await place(name);
      const handle = await open(file, 'wx').catch(failed(name));
      try {
        for await (const piece of pieces) await handle.appendFile(piece).catch(failed(name));
        await handle.sync().catch(failed(name));
        bytes += (await handle.stat()).size;
      } finally {
        await handle.close();
      }
    },
    async copy(name, from) {
      const file = await place(name);
      await copyFile(from, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch(failed(name));
      bytes += (await stat(file)).size;
    },
  };
}
