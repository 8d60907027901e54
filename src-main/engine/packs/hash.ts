/**
 * @file SHA-256 of large files, in pieces, so that progress can be shown and the work can be cancelled.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const pieceBytes = 1 << 20;

export type ReadOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes of each piece once it was read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
};

/** Lower-case hexadecimal SHA-256 of a file. Throws the system's error, or the signal's reason. */
export async function hashFile(path: string, options: ReadOptions = {}): Promise<string> {
  const hash = createHash('sha256');
  await readInto(path, hash, options);
  return hash.digest('hex');
}

/** Feeds a file to `hash` and, where given, to `copy`. */
export async function readInto(path: string, hash: Hash, options: ReadOptions, copy?: FileHandle): Promise<void> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      options.signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, pieceBytes);
      if (bytesRead === 0) return;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      if (copy) await copy.writeFile(piece);
      options.onBytes?.(bytesRead);
    }
  } finally {
    await file.close();
  }
}
