/**
 * @file Which packs there are.
 */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError, type ErrorBody, toErrorBody } from '../../contract/errors.ts';
import { remedy } from './files.ts';
import { type Environment, packFolders } from './folders.ts';
import { type InstalledPack, readManifest } from './manifest.ts';
import { type PackState, packState } from './verify.ts';

export { resolveFile } from './files.ts';
export type { InstalledPack };

/** A pack that could be read, or a folder that should be a pack and why it is not. */
export type PackListing =
  | (InstalledPack & { readonly state: PackState; readonly error?: undefined })
  | { readonly error: ErrorBody; readonly folder: string; readonly bundled: boolean };

/**
 * All packs, bundled ones first, then by folder name. A pack that cannot be read is listed with its error and
 * hides no other. Of two packs with one id the first counts; the second is listed as an error.
 */
export async function listPacks(env: Environment = process.env): Promise<PackListing[]> {
  const listings: PackListing[] = [];
  for (const root of packFolders(env)) {
    for (const name of await subfolders(root.folder)) {
      const folder = join(root.folder, name);
      try {
        const pack = await readManifest(folder);
        const first = listings.find((other) => !other.error && other.pack.id === pack.id);
        if (first)
          throw new AppError('bad-pack', `The id "${pack.id}" is already used by the pack in ${first.folder}.`);
        const installed = { pack, folder, bundled: root.bundled };
        listings.push({ ...installed, state: await packState(installed, env) });
      } catch (error) {
        listings.push({ error: toErrorBody(error), folder, bundled: root.bundled });
      }
    }
  }
  return listings;
}

/**
 * The pack with this id; its files are not checked here (see verify.ts). Throws AppError 'not-found', which names
 * the ids that exist, or the pack's own error where its folder is there and cannot be read.
 */
export async function findPack(id: string, env: Environment = process.env): Promise<InstalledPack> {
  const ids: string[] = [];
  const listings = await listPacks(env);
  for (const listing of listings) {
    if (listing.error) continue;
    if (listing.pack.id === id) return { pack: listing.pack, folder: listing.folder, bundled: listing.bundled };
    ids.push(listing.pack.id);
  }
  const broken = listings.find((listing) => listing.error && listing.folder.endsWith(sep + id));
  if (broken?.error)
    throw new AppError(broken.error.code, broken.error.message, {
      hint: broken.error.hint ?? remedy(id, broken.bundled),
    });
  throw new AppError('not-found', `There is no model pack "${id}".`, {
    hint: ids.length > 0 ? `Installed packs: ${ids.join(', ')}.` : 'No pack is installed: run "npm ci".',
  });
}

async function subfolders(folder: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return []; // no user pack was ever added
  }
  // Names with a dot in front are half-finished copies (see add.ts) or the system's own.
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}
