/** @file Files of formats that are folders: their names in order, and their JSON within bounds. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { markerName } from './export/replace-folder.ts';

/** Folders below the one that is named. */
const deepest = 8;
/** Files of one import: a bound for a folder that was named by mistake, such as a whole drive. */
const mostFiles = 1_000_000;
/** Bytes of one file of annotations; LabelMe puts the photo in it. */
const mostBytes = 2 ** 28;

/**
 * Paths below `folder` whose names fit, POSIX, in the order of their names. Hidden ones are left out, and what an export
 * says of itself.
 * @throws AppError not-found where there is no folder, bad-request for more than a million; the signal's reason.
 */
export async function filesBelow(folder: string, fits: RegExp, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  const enter = async (below: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((cause: Error) => {
      if (below !== '') return [];
      throw new AppError('not-found', `The folder ${folder} cannot be read: ${cause.message}`, { cause });
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.') || entry.name === markerName) continue;
      if (entry.isDirectory()) {
        if (depth < deepest) await enter(path, depth + 1);
      } else if (fits.test(entry.name)) found.push(path);
      if (found.length > mostFiles) {
        throw new AppError('bad-request', `${folder} holds more than a million files of annotations.`, {
          hint: 'Name the folder of one data set.',
        });
      }
    }
  };
  await enter('', 0);
  return found;
}

/** A folder, or the folder of a file, and the files that fit: what a person names may be either. */
export async function folderAndFiles(
  path: string,
  fits: RegExp,
  signal?: AbortSignal,
): Promise<{ folder: string; files: string[] }> {
  const info = await stat(path).catch(() => null);
  if (info?.isFile()) return { folder: dirname(path), files: [basename(path)] };
  return { folder: path, files: await filesBelow(path, fits, signal) };
}

/** The file as text: UTF-8, or Windows' Western code page, in which some makers write. Null for one that is too large. */
export async function readText(file: string): Promise<string | null> {
  const { size } = await stat(file);
  if (size > mostBytes) return null;
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The file's JSON; undefined where it is none. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
