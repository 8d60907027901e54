/** @file SHA256SUMS as `sha256sum -c` reads it: the list of a release's files, and whether they are still those. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { hashFile } from '../engine/image/decode.ts';

export const sumsName = 'SHA256SUMS';

/** Sorted by name, one file a line. @param except names that are not listed. */
export async function sumsOf(folder: string, signal?: AbortSignal): Promise<string> {
  let text = '';
  for (const name of await filesOf(folder)) {
    signal?.throwIfAborted();
    if (name === sumsName) continue;
    text += `${await hashFile(join(folder, ...name.split('/')))}  ${name}\n`;
  }
  return text;
}

export const hashOfSums = (text: string): string => createHash('sha256').update(text).digest('hex');

export type Difference = { readonly file: string; readonly what: 'changed' | 'missing' | 'added' };
export type Verified = {
  readonly files: number;
  readonly sumsHash: string;
  readonly differences: readonly Difference[];
};

/** Compares a release with its list. @throws AppError not-found without the list, bad-request for one that is none. */
export async function verifyFolder(folder: string, signal?: AbortSignal): Promise<Verified> {
  const text = await readFile(join(folder, sumsName), 'utf8').catch((cause: Error) => {
    throw new AppError('not-found', `There is no ${sumsName} in ${folder}.`, {
      hint: 'Name the folder of a release, as "dataset release" has made it.',
      cause,
    });
  });
  const listed = new Map(parseSums(text).map(({ name, hash }) => [name, hash]));
  const differences: Difference[] = [];
  const there = (await filesOf(folder)).filter((name) => name !== sumsName);
  for (const name of there) {
    signal?.throwIfAborted();
    const wanted = listed.get(name);
    if (wanted === undefined) differences.push({ file: name, what: 'added' });
    else if ((await hashFile(join(folder, ...name.split('/')))) !== wanted)
      differences.push({ file: name, what: 'changed' });
  }
  const present = new Set(there);
  for (const name of listed.keys()) if (!present.has(name)) differences.push({ file: name, what: 'missing' });
  return { files: listed.size, sumsHash: hashOfSums(text), differences };
}

function parseSums(text: string): { name: string; hash: string }[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, hash, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      if (hash !== undefined && name !== undefined) return { hash, name };
      throw new AppError('bad-request', `${sumsName} has a line that is no checksum: ${line.slice(0, 80)}`, {
        hint: 'The file was changed. Get the release again.',
      });
    });
}

/** Names of all files below, with `/`, sorted by their bytes as `LC_ALL=C sort` does. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
