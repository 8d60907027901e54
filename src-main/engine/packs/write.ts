/**
 * @file Packs that are a manifest and nothing else, such as endpoints: written, changed and taken out by the
 * application itself.
 */
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { Pack } from '../../contract/pack.ts';
import { writeAtomic } from '../../files/atomic.ts';
import { type Environment, userPacks } from './folders.ts';
import { moveIntoPlace, prepareRoot } from './install.ts';
import { type InstalledPack, manifestName, parseManifest } from './manifest.ts';
import { listPacks } from './registry.ts';

/**
 * The pack of this kind with this id that the user may change; undefined where the id is free.
 * @throws AppError bad-request when the id is that of a bundled pack, of a pack of another kind, or of a folder that
 * holds something else.
 */
export async function ownPack<K extends Pack['kind']>(
  id: string,
  kind: K,
  env: Environment,
): Promise<(InstalledPack & { readonly pack: Extract<Pack, { kind: K }> }) | undefined> {
  const found = (await listPacks(env)).find((listing) => !listing.error && listing.pack.id === id);
  if (!found || found.error) {
    const folder = join(userPacks(env), id);
    if (!(await lstat(folder).catch(() => undefined))) return undefined;
    throw new AppError('bad-request', `${folder} holds something that is not a readable pack "${id}".`, {
      hint: 'Move that folder away, or choose another id.',
    });
  }
  const { pack, folder, bundled } = found;
  const hint = 'Choose another id.';
  if (bundled) throw new AppError('bad-request', `The pack "${id}" comes with the application.`, { hint });
  if (pack.kind !== kind) throw new AppError('bad-request', `"${id}" is the id of a ${pack.kind} pack.`, { hint });
  return { pack: pack as Extract<Pack, { kind: K }>, folder, bundled };
}

/**
 * Writes a pack without files as the user's own: all of it or nothing. An earlier one of the same kind is changed.
 * @throws AppError as `ownPack`, bad-pack for a manifest that is not valid, io.
 */
export async function writePack(pack: Pack, env: Environment): Promise<InstalledPack> {
  const text = `${JSON.stringify(pack, null, 2)}\n`;
  const valid = parseManifest(text, manifestName);
  const known = await ownPack(pack.id, pack.kind, env);
  const target = known?.folder ?? join(userPacks(env), pack.id);
  try {
    if (known) await writeAtomic(join(target, manifestName), text);
    else {
      const temporary = join(await prepareRoot(text.length, env), `.adding-${pack.id}-${randomUUID()}`);
      try {
        await mkdir(temporary);
        await writeAtomic(join(temporary, manifestName), text);
        await moveIntoPlace(temporary, target);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('io', `The pack "${pack.id}" could not be written to ${target}: ${(cause as Error).message}`, {
      hint: 'Check that you may write there and that the disk is not full.',
      cause,
    });
  }
  return { pack: valid, folder: target, bundled: false };
}

/** Takes a pack of the user's out. @throws AppError as `ownPack`, not-found, io. */
export async function removePack(id: string, kind: Pack['kind'], env: Environment): Promise<void> {
  const known = await ownPack(id, kind, env);
  if (!known) throw new AppError('not-found', `There is no ${kind} pack "${id}".`);
  // Set aside first: a half-removed pack must not be listed. Leftovers go at the next installation.
  const aside = join(dirname(known.folder), `.old-${basename(known.folder)}-${randomUUID()}`);
  try {
    await rename(known.folder, aside);
  } catch (cause) {
    throw new AppError('io', `The pack "${id}" could not be removed: ${(cause as Error).message}`, { cause });
  }
  await rm(aside, { recursive: true, force: true }).catch(() => undefined);
}
