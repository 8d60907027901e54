/**
 * @file Adding a pack from a folder of the user's.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { writeAtomic } from '../../files/atomic.ts';
import type { Environment } from './folders.ts';
import { readInto } from './hash.ts';
import { moveIntoPlace, planInstall, prepareRoot } from './install.ts';
import { type InstalledPack, manifestName, readManifest } from './manifest.ts';
import { altered, checkSize, type VerifyProgress, verifyPack } from './verify.ts';

export type AddOptions = {
  /** Takes the place of a different pack of the user's with the same id. */
  readonly replace?: boolean | undefined;
  readonly env?: Environment | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
};

/**
 * Copies the pack in `fromFolder` (its manifest and the files that it declares, nothing else) to the user's packs
 * and returns it. Each file is hashed while it is copied, and the copy appears under its name only when all is
 * right; after a failure or a cancellation nothing is left and what was there before is untouched.
 * The same pack added again is not copied again. Throws AppError 'not-found' (no manifest), 'bad-pack' (invalid
 * manifest; missing, truncated or altered file), 'bad-request' (the id is taken), 'io'; the signal's reason.
 */
export async function addPack(fromFolder: string, options: AddOptions = {}): Promise<InstalledPack> {
  try {
    return await copyPack(resolve(fromFolder), options);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'bad-pack')) throw error;
    // The usual hint, to add the pack again, would lead in a circle here.
    const hint = 'Nothing was added. Correct the folder, or copy or export the pack again.';
    throw new AppError('bad-pack', error.message, { hint, cause: error });
  }
}

async function copyPack(folder: string, options: AddOptions): Promise<InstalledPack> {
  const { replace = false, env = process.env, signal, onProgress } = options;
  const pack = await readManifest(folder);
  const source: InstalledPack = { pack, folder, bundled: false };
  const found = pack.files.map((file) => ({ file, ...checkSize(source, file) }));
  const plan = await planInstall(pack, replace, env, signal);
  if (plan.present) return plan.present;

  const own = found.filter(({ file }) => !file.package);
  const total = own.reduce((sum, { file }) => sum + file.size, 0);
  const root = await prepareRoot(total, env);
  const temporary = join(root, `.adding-${pack.id}-${randomUUID()}`);
  try {
    let done = 0;
    await mkdir(temporary);
    for (const { file, path } of own) {
      const onBytes = (bytes: number) => {
        done += bytes;
        onProgress?.({ file: file.path, done, total });
      };
      const sha256 = await copyFile(path, join(temporary, ...file.path.split('/')), signal, onBytes);
      if (sha256 !== file.sha256) throw altered(source, file, sha256);
    }
    await writeAtomic(join(temporary, manifestName), `${JSON.stringify(pack, null, 2)}\n`);
    // Files in npm packages are not copied, but they have to be right as well.
    await verifyPack(
      { pack: { ...pack, files: pack.files.filter((file) => file.package) }, folder, bundled: false },
      { env, signal },
    );
    signal?.throwIfAborted();
    await moveIntoPlace(temporary, plan.target);
  } catch (cause) {
    if (cause instanceof AppError || signal?.aborted) throw cause;
    throw new AppError('io', `The pack "${pack.id}" could not be copied to ${root}: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return { pack, folder: plan.target, bundled: false };
}

/** Copies, flushes, and returns the SHA-256 of what was written. */
async function copyFile(
  from: string,
  to: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<string> {
  await mkdir(dirname(to), { recursive: true });
  const hash = createHash('sha256');
  const copy = await open(to, 'wx');
  try {
    await readInto(from, hash, { signal, onBytes }, copy);
    await copy.sync();
  } finally {
    await copy.close();
  }
  return hash.digest('hex');
}
