/**
 * @file Putting a finished folder into place as a pack of the user: which folder it goes to, whether it may, and
 * the swap. Shared by packs that are added from a folder and packs that are downloaded.
 */
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../contract/errors.ts';
import type { Pack } from '../../contract/pack.ts';
import { type Environment, userPacks } from './folders.ts';
import type { InstalledPack } from './manifest.ts';
import { listPacks } from './registry.ts';
import { verifyPack } from './verify.ts';

/** Kept free on the disk beside what a pack needs. */
const spareBytes = 64 * 2 ** 20;

export type InstallPlan = {
  /** Where the pack goes: a folder that does not exist, or one that is to be replaced. */
  readonly target: string;
  /** Set where the same pack is installed and intact: there is nothing to do. */
  readonly present: InstalledPack | undefined;
};

/**
 * Decides where `pack` goes. A pack with the same manifest may always take the place of the one that is there
 * (that is how a damaged one is mended); one with another content only with `replace`, and never that of a bundled
 * pack. Throws AppError 'bad-request', and the signal's reason.
 */
export async function planInstall(
  pack: Pack,
  replace: boolean,
  env: Environment,
  signal?: AbortSignal,
): Promise<InstallPlan> {
  const target = join(userPacks(env), pack.id);
  const listings = await listPacks(env);
  const same = listings.find((listing) => !listing.error && listing.pack.id === pack.id);
  if (same && !same.error) {
    const installed: InstalledPack = { pack: same.pack, folder: same.folder, bundled: same.bundled };
    if (isDeepStrictEqual(same.pack, pack)) {
      const intact = await verifyPack(installed, { env, signal }).then(
        () => true,
        () => false,
      );
      signal?.throwIfAborted();
      if (intact || same.bundled) return { target: same.folder, present: installed };
      return { target: same.folder, present: undefined };
    }
    if (same.bundled) {
      throw new AppError('bad-request', `"${pack.id}" is the id of a pack that comes with the application.`, {
        hint: 'Give your pack another id in its pack.json.',
      });
    }
    if (!replace) throw taken(`A different pack "${pack.id}" is installed`, same.folder);
    return { target: same.folder, present: undefined };
  }
  const there = await lstat(target).catch(() => undefined);
  if (there) {
    const other = listings.find((listing) => listing.folder === target);
    if (other && !other.error) {
      throw new AppError('bad-request', `${target} holds another pack, "${other.pack.id}".`, {
        hint: 'Move that folder, or give your pack another id in its pack.json.',
      });
    }
    if (!replace) throw taken('Something that is not a readable pack is in the way', target);
  }
  return { target, present: undefined };
}

function taken(what: string, folder: string): AppError {
  return new AppError('bad-request', `${what}: ${folder}.`, {
    hint: 'Add "--replace" to put the new one in its place, or give the new one another id in its pack.json.',
  });
}

/**
 * Moves the finished `folder` to `target`, which must be on the same disk. What was there is set aside, put back
 * where the move fails, and removed after it. Throws AppError 'io'.
 */
export async function moveIntoPlace(folder: string, target: string): Promise<void> {
  const aside = join(dirname(target), `.old-${basename(target)}-${randomUUID()}`);
  const replaced = (await lstat(target).catch(() => undefined)) !== undefined;
  try {
    if (replaced) await rename(target, aside);
    try {
      await rename(folder, target);
    } catch (error) {
      if (replaced) await rename(aside, target);
      throw error;
    }
  } catch (cause) {
    throw new AppError('io', `${target} could not be put in place: ${(cause as Error).message}`, {
      hint: 'Close whatever uses the pack (this application too), and try again.',
      cause,
    });
  }
  await flushFolder(dirname(target));
  // A leftover is hidden from the list of packs and removed at the next installation.
  await rm(aside, { recursive: true, force: true }).catch(() => undefined);
}

/** Makes the user's folder for packs, removes what crashed installations left there, and checks the free space. */
export async function prepareRoot(bytes: number, env: Environment): Promise<string> {
  const root = userPacks(env);
  await mkdir(root, { recursive: true });
  const dayAgo = Date.now() - 24 * 3600 * 1000;
  for (const name of await readdir(root)) {
    if (!name.startsWith('.adding-') && !name.startsWith('.old-')) continue;
    const path = join(root, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < dayAgo) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
  const { bavail, bsize } = await statfs(root);
  if (bavail * bsize < bytes + spareBytes) {
    const mebibytes = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`;
    throw new AppError(
      'io',
      `The pack needs ${mebibytes(bytes + spareBytes)}, and ${mebibytes(bavail * bsize)} are free in ${root}.`,
      {
        hint: 'Make room there, or set NOVO_HOME to a folder on another disk.',
      },
    );
  }
  return root;
}

/** So that a rename survives a power cut. Windows has no such call, and needs none. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}
