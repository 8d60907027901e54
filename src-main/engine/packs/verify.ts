/**
 * @file Whether a pack's files are the ones that its manifest declares. A file is hashed once and the result
 * remembered with its size and times, so that starting does not read every model again.
 */
import { type BigIntStats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import type { PackFile } from '../../contract/pack.ts';
import { writeAtomic } from '../../files/atomic.ts';
import { remedy, resolveFile } from './files.ts';
import { dataFolder, type Environment } from './folders.ts';
import { hashFile } from './hash.ts';
import type { InstalledPack } from './manifest.ts';

/**
 * `ready`: every file was verified and has not changed since. `unverified`: every file is there in its full size.
 * `damaged`: a file is missing or has another size.
 */
export type PackState = 'ready' | 'unverified' | 'damaged';

export type VerifyProgress = {
  /** The file being read, as the manifest names it. */
  readonly file: string;
  /** Bytes of the whole pack. */
  readonly done: number;
  readonly total: number;
};

export type VerifyOptions = {
  readonly env?: Environment | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Hash every file, whatever is remembered. */
  readonly fresh?: boolean | undefined;
};

/** What was found when a file was last hashed. Times in nanoseconds, as text, because JSON has no such integers. */
const memorySchema = z.record(
  z.string(),
  z.object({ size: z.string(), mtime: z.string(), ctime: z.string(), sha256: z.string() }),
);
type Memory = z.infer<typeof memorySchema>;

/**
 * Checks the size and SHA-256 of every file; sizes of all files first, since that takes no time. Throws AppError
 * 'bad-pack', which names pack, file, expected and found, for the first file that is missing, truncated or altered.
 * Where the result cannot be remembered, the next call hashes again.
 */
export async function verifyPack(installed: InstalledPack, options: VerifyOptions = {}): Promise<void> {
  const { env = process.env, signal, onProgress, fresh = false } = options;
  const { files } = installed.pack;
  const found = files.map((file) => ({ file, ...checkSize(installed, file) }));
  const memory = await recall(env);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const verified: Memory = {};
  let done = 0;
  for (const { file, path, stats } of found) {
    signal?.throwIfAborted();
    if (fresh || !isRemembered(memory, path, stats, file)) {
      const start = done;
      const sha256 = await hashFile(path, {
        signal,
        onBytes: (bytes) => {
          done += bytes;
          onProgress?.({ file: file.path, done, total });
        },
      });
      if (sha256 !== file.sha256) throw altered(installed, file, sha256);
      done = start;
      // What changed while it was read is not remembered.
      const after = await stat(path, { bigint: true });
      if (after.mtimeNs === stats.mtimeNs && after.size === stats.size) verified[path] = { ...stamp(stats), sha256 };
    }
    done += file.size;
    onProgress?.({ file: file.path, done, total });
  }
  if (Object.keys(verified).length > 0) await remember(verified, env);
}

/** The state without hashing anything. */
export async function packState(installed: InstalledPack, env: Environment = process.env): Promise<PackState> {
  try {
    const memory = await recall(env);
    const known = installed.pack.files.map((file) => {
      const { path, stats } = checkSize(installed, file);
      return isRemembered(memory, path, stats, file);
    });
    return known.every(Boolean) ? 'ready' : 'unverified';
  } catch {
    return 'damaged';
  }
}

/** Path and status of a declared file that is there in its full size; else AppError 'bad-pack'. */
export function checkSize(installed: InstalledPack, file: PackFile): { path: string; stats: BigIntStats } {
  const path = resolveFile(installed, file.path);
  const stats = statSync(path, { bigint: true });
  if (!stats.isFile()) throw broken(installed, file, 'is not a file');
  if (stats.size !== BigInt(file.size)) {
    const what = stats.size < BigInt(file.size) ? 'is truncated' : 'is too long';
    throw broken(installed, file, `${what}: expected ${file.size} bytes, found ${stats.size}`);
  }
  return { path, stats };
}

/** The error for a file whose hash is not the declared one. */
export function altered(installed: InstalledPack, file: PackFile, sha256: string): AppError {
  return broken(installed, file, `was altered: expected SHA-256 ${file.sha256}, found ${sha256}`);
}

function broken(installed: InstalledPack, file: PackFile, what: string): AppError {
  return new AppError('bad-pack', `Pack "${installed.pack.id}": the file ${file.path} ${what}.`, {
    hint: remedy(installed.pack.id, installed.bundled),
  });
}

function isRemembered(memory: Memory, path: string, stats: BigIntStats, file: PackFile): boolean {
  const known = memory[path];
  const now = stamp(stats);
  return (
    known?.sha256 === file.sha256 && known.size === now.size && known.mtime === now.mtime && known.ctime === now.ctime
  );
}

/** The change time is kept too: it moves also where a program sets the modification time back. */
function stamp(stats: BigIntStats): { size: string; mtime: string; ctime: string } {
  return { size: `${stats.size}`, mtime: `${stats.mtimeNs}`, ctime: `${stats.ctimeNs}` };
}

const memoryPath = (env: Environment) => join(dataFolder(env), 'verified.json');

async function recall(env: Environment): Promise<Memory> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(memoryPath(env), 'utf8')));
  } catch {
    return {}; // not there yet, or damaged: everything is hashed again
  }
}

async function remember(verified: Memory, env: Environment): Promise<void> {
  try {
    // Read again, since another process may have verified other packs in the meantime.
    await writeAtomic(memoryPath(env), `${JSON.stringify({ ...(await recall(env)), ...verified }, null, 2)}\n`);
  } catch {
    // A data folder that cannot be written costs the time of hashing again, and nothing else.
  }
}
