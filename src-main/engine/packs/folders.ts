/**
 * @file Where packs and what belongs to them lie on disk: the packs that come with the application, the user's
 * own packs, and the caches made from them.
 */
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** The variables read here, so that tests need not touch the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder for everything the application keeps about this user: `NOVO_HOME`, or the system's usual place
 * (for example ~/.local/share/novo-annotate on Linux). Not created here.
 */
export function dataFolder(env: Environment = process.env): string {
  const home = env['NOVO_HOME'];
  return home ? resolve(home) : envPaths('novo-annotate', { suffix: '' }).data;
}

/**
 * A second place for caches, where the data folder cannot be written; undefined where there is none to trust. The
 * system's temporary folder is shared with other users on Linux, so ours must be a folder of this user alone.
 */
export function privateTemporaryFolder(): string | undefined {
  const user = process.getuid?.();
  const folder = join(tmpdir(), user === undefined ? 'novo-annotate' : `novo-annotate-${user}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const isOurs = user === undefined || (found.uid === user && (found.mode & 0o022) === 0);
    return isOurs && found.isDirectory() ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The nearest `path` in this file's folder or one above it. Found by walking up, since the application runs from
 * its sources and from a build, and a package's `exports` may hide its files from module resolution.
 */
export function findUpwards(path: string, from: string = import.meta.dirname): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, path);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

export type PackRoot = { readonly folder: string; readonly bundled: boolean };

/**
 * The folders whose subfolders are packs, in the order in which an id is looked up: bundled ones come first. `NOVO_PACKS`
 * names a folder in place of those that come with the application.
 */
export function packFolders(env: Environment = process.env): PackRoot[] {
  const bundled = env['NOVO_PACKS'] ? resolve(env['NOVO_PACKS']) : findUpwards(join('resources', 'packs'));
  return [...(bundled ? [{ folder: bundled, bundled: true }] : []), { folder: userPacks(env), bundled: false }];
}

/** Where `addPack` and `downloadPack` put packs. */
export function userPacks(env: Environment = process.env): string {
  return join(dataFolder(env), 'packs');
}
