/**
 * @file The image files below a folder, one folder at a time, in natural order. Only names are read here.
 */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { byNaturalOrder } from './natural-order.ts';

/** Files that are looked at; what they are is found in their content. */
const imageNames = /\.(jpe?g|jfif|png|webp|tiff?|gif|avif|bmp)$/i;

export const isImageName = (name: string): boolean => imageNames.test(name);

export type Walk = {
  /** Folders that are not entered. */
  readonly others?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Told of what cannot be read: the path below the folder, and why. */
  readonly onSkip: (path: string, reason: string) => void;
  /** Told of files that are not images by their names. */
  readonly onOther: () => void;
};

/**
 * Yields paths below `folder` as the disk has them, with `/` between the parts. Links to folders are followed once;
 * hidden files and folders are passed over. Throws the signal's reason.
 */
export async function* walk(folder: string, options: Walk): AsyncGenerator<string> {
  const others = (options.others ?? []).map((other) => realpath(other).catch(() => other));
  yield* inside(folder, '', new Set(await Promise.all(others)), options);
}

async function* inside(folder: string, below: string, seen: Set<string>, options: Walk): AsyncGenerator<string> {
  const { signal, onSkip, onOther } = options;
  let entries: Dirent[];
  try {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    onSkip(below || '.', `The folder cannot be read: ${(error as Error).message}`);
    return;
  }
  entries.sort((a, b) => byNaturalOrder(a.name, b.name));
  for (const entry of entries) {
    signal?.throwIfAborted();
    const { name } = entry;
    if (name.startsWith('.')) continue;
    const path = below === '' ? name : `${below}/${name}`;
    if (name.includes('\ufffd')) {
      onSkip(path, 'Its name is not valid UTF-8. Rename it.');
      continue;
    }
    const kind = entry.isSymbolicLink() ? await kindOfTarget(join(folder, name)) : kindOf(entry);
    if (kind === 'folder') yield* inside(join(folder, name), path, seen, options);
    else if (kind === 'file' && imageNames.test(name)) yield path;
    else if (kind === 'nothing') onSkip(path, 'It is a link that leads nowhere.');
    else onOther();
  }
}

const kindOf = (entry: { isDirectory(): boolean; isFile(): boolean }) =>
  entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other';

const kindOfTarget = (path: string) => stat(path).then(kindOf, () => 'nothing' as const);
