/**
 * @file Where each file of a pack lies.
 */
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { findUpwards } from './folders.ts';
import type { InstalledPack } from './manifest.ts';

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
