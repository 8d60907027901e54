/**
 * @file Replacing a folder with a new one: made beside it, checked, and only then put in its place. A folder that holds
 * anything that no export wrote is refused, so nobody's work goes with an old export.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { jsonElements } from '../json-elements.ts';
import { cannotWrite, syncFolder } from '../replace-file.ts';
import { type FolderWriter, folderWriter } from './folder-writer.ts';

/** Says that the folder is an export, of what form, and which files belong to it. */
export const markerName = 'novo-export.json';

/** What systems and trainers leave in any folder, and make again. */
const leftovers = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|[^/]+\.cache(\.npy)?)$/;

export type FolderWritten = { readonly files: number; readonly bytes: number };

/**
 * @param write fills the new folder. @param about what its marker says, asked when all is written. @param check reads
 * the new folder at the path it gets, and throws when it must not be used.
 * @throws AppError io; bad-request for a folder with files of others; what `write` and `check` throw. The old folder is
 * then as it was.
 */
export async function replaceFolder(
  folder: string,
  write: (out: FolderWriter) => Promise<void>,
  about: () => object,
  check: (temporary: string) => Promise<void>,
): Promise<FolderWritten> {
  const target = await realpath(folder).catch(() => resolve(folder));
  await refuseOthers(target);
  const temporary = `${target}.${randomUUID()}.tmp`;
  await mkdir(temporary).catch((error) => {
    throw cannotWrite(folder, error);
  });
  try {
    const out = folderWriter(temporary, folder);
    await write(out);
    const names = [...out.names];
    await out.stream(markerName, async (append) => {
      await append(`{"novo_export":${JSON.stringify(about())},\n"files":`);
      await append(`[\n${names.map((name) => JSON.stringify(name)).join(',\n')}]}\n`);
    });
    await check(temporary);
    await refuseOthers(target); // the writing took its time
    await swap(temporary, target);
    return { files: names.length, bytes: out.bytes() };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** The old folder goes aside, comes back when the new one cannot take its place, and else is removed. */
async function swap(temporary: string, target: string): Promise<void> {
  const failed = (error: NodeJS.ErrnoException) => {
    throw cannotWrite(target, error);
  };
  const aside = `${target}.${randomUUID()}.old`;
  const old = (await stat(target).catch(() => null)) !== null;
  if (old) await rename(target, aside).catch(failed);
  try {
    await rename(temporary, target).catch(failed);
  } catch (error) {
    if (old) await rename(aside, target);
    throw error;
  }
  await syncFolder(dirname(target));
  if (old) await rm(aside, { recursive: true, force: true });
}

/** @throws AppError bad-request unless there is nothing, an empty folder, or an export with only its own files. */
async function refuseOthers(target: string): Promise<void> {
  const found = await stat(target).catch(() => null);
  if (!found) return;
  if (!found.isDirectory()) {
    throw new AppError('bad-request', `${target} is a file; this export needs the name of a folder.`);
  }
  const own = new Set([markerName]);
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  if (entries.length === 0) return;
  let ours = false;
  const marker = join(target, markerName);
  if ((await stat(marker).catch(() => null))?.isFile()) {
    for await (const event of jsonElements(marker)) {
      if (event.key === 'novo_export') ours = true;
      if (event.key === 'files' && event.kind === 'element') own.add(String(event.value));
    }
  }
  const other = entries.find((entry) => {
    const name = relative(target, join(entry.parentPath, entry.name)).split(sep).join('/');
    return !entry.isDirectory() && !own.has(name) && !leftovers.test(`/${name}`);
  });
  if (ours && !other) return;
  throw new AppError(
    'bad-request',
    ours
      ? `${target} holds ${relative(target, join(other!.parentPath, other!.name))}, which no export wrote; it was not replaced.`
      : `${target} is not empty and is no export; it was not replaced.`,
    { hint: `Choose another name, or move what is in ${basename(target)} elsewhere.` },
  );
}
