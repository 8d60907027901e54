/**
 * @file Which packs there are, and where each of their files lies.
 */
import { type Dirent, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError, type ErrorBody, toErrorBody } from '../../contract/errors.ts';
import { type Environment, findUpwards, packFolders } from './folders.ts';
import { type InstalledPack, readManifest } from './manifest.ts';

export type { InstalledPack };

/** A pack that could be read, or a folder that should be a pack and why it is not. */
export type PackListing =
  | (InstalledPack & { readonly error?: undefined })
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
        listings.push({ pack, folder, bundled: root.bundled });
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
    if (listing.pack.id === id) return listing;
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

/** What a person can do about a pack whose files are missing or altered. */
export function remedy(id: string, bundled: boolean): string {
  return bundled
    ? 'Run "npm ci" to install it again.'
    : `Run "models download ${id}" if the catalogue has it, or add it again from its folder with "models add DIR --replace".`;
}

/**
 * Absolute path of a declared file; `name` is its `path` in the manifest. Links are followed, and the file must
 * lie in the pack's folder, or in its npm package. Throws AppError 'bad-pack' where the manifest has no such file
 * or the file is missing or outside.
 */
export function resolveFile(installed: InstalledPack, name: string): string {
  const { pack, folder, bundled } = installed;
  const file = pack.files.find((candidate) => candidate.path === name);
  if (!file) {
    throw new AppError('bad-pack', `The manifest of pack "${pack.id}" declares no file "${name}".`, {
      hint: `It declares: ${pack.files.map((candidate) => candidate.path).join(', ') || 'none'}.`,
    });
  }
  const hint = remedy(pack.id, bundled);
  const where = file.package ? `npm package ${file.package}` : folder;
  let base: string;
  let path: string;
  try {
    base = realpathSync(file.package ? packageFolder(file.package, file.path) : folder);
    path = realpathSync(join(base, ...file.path.split('/')));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('bad-pack', `Pack "${pack.id}": the file ${name} (${where}) is missing.`, { hint, cause });
  }
  if (!path.startsWith(base + sep)) {
    throw new AppError(
      'bad-pack',
      `Pack "${pack.id}": the file ${name} leads outside its folder (${where}), to ${path}.`,
      {
        hint: 'Put the file itself where the link is, and add the pack again.',
      },
    );
  }
  return path;
}

function packageFolder(name: string, path: string): string {
  if (!/^(@[a-z0-9_-][a-z0-9._-]*\/)?[a-z0-9_-][a-z0-9._-]*$/.test(name)) {
    throw new AppError('bad-pack', `"${name}" is not the name of an npm package.`);
  }
  const folder = findUpwards(join('node_modules', ...name.split('/')));
  if (folder) return folder;
  throw new AppError('bad-pack', `The npm package ${name}, which carries ${path}, is not installed.`, {
    hint: 'Run "npm ci" to install it.',
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
