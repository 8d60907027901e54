/** @file Photos of a folder that were chosen one by one become images of the project. */
import { stat } from 'node:fs/promises';
import type { Actor, ImageRecord } from '../contract/records.ts';
import type { ImageReaders } from './add-images.ts';
import { putImages } from './images.ts';
import { find, select } from './records.ts';
import { type ImageRoot, imagePath } from './roots.ts';
import type { Db } from './statements.ts';

/** A file below the folder of its root: the path in NFC, and as the disk has it where that differs. */
export type ChosenPhoto = Pick<ImageRecord, 'path' | 'diskPath'>;

export type ChosenReport = {
  /** Images of all photos that could be read, those that were there before among them, by path. */
  readonly ids: ReadonlyMap<string, number>;
  readonly added: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
};

/** Files read at once, and images written in one change. */
const atOnce = { readers: 4, written: 256 } as const;

/**
 * Adds photos that are not in the project yet. What was written stays when it is cancelled.
 * @param folder of the root, as it is now. @throws AppError io, the signal's reason.
 */
export async function addChosen(
  db: Db,
  read: ImageReaders,
  { root, folder, photos }: { root: ImageRoot; folder: string; photos: readonly ChosenPhoto[] },
  options: { signal?: AbortSignal | undefined; onProgress?: (done: number) => void; actor?: Actor } = {},
): Promise<ChosenReport> {
  const ids = new Map<string, number>();
  const skipped: { path: string; reason: string }[] = [];
  let added = 0;
  for (let at = 0; at < photos.length; at += atOnce.written) {
    const records = await readAll(photos.slice(at, at + atOnce.written), at);
    options.signal?.throwIfAborted();
    added += records.filter(({ id }) => id === 0).length;
    for (const { id, path } of putImages(db, records, options.actor, 'image.add')) ids.set(path, id);
    options.onProgress?.(Math.min(photos.length, at + atOnce.written));
  }
  return { ids, added, skipped };

  /** Records to write, in the order of the photos; one that is there, present or gone, is written as it is now. */
  async function readAll(part: readonly ChosenPhoto[], before: number): Promise<ImageRecord[]> {
    const records: (ImageRecord | null)[] = [];
    let next = 0;
    const work = async () => {
      for (let i = next++; i < part.length; i = next++) {
        options.signal?.throwIfAborted();
        records[i] = await look(part[i]!).catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          skipped.push({ path: part[i]!.path, reason });
          return null;
        });
        if (i % 16 === 15) options.onProgress?.(before + i);
      }
    };
    await Promise.all(Array.from({ length: atOnce.readers }, work));
    return records.filter((record) => record != null);
  }

  async function look(photo: ChosenPhoto): Promise<ImageRecord | null> {
    const holder = select(db, 'image', 'root_id = ? AND path = ?', root.id, photo.path)[0];
    if (holder?.status === 'present') {
      ids.set(photo.path, holder.id);
      return null;
    }
    const file = imagePath(folder, photo);
    const { size: bytes, mtimeMs: modifiedMs } = await stat(file);
    const contentHash = await read.hash(file);
    if (holder && holder.contentHash !== contentHash) {
      throw new Error('The project has another photo under this name, which has changed since.');
    }
    if (holder) return { ...find(db, 'image', holder.id)!, ...photo, bytes, modifiedMs, status: 'present' };
    const { width, height, format } = await read.head(file);
    return {
      ...photo,
      id: 0,
      rootId: root.id,
      contentHash,
      width,
      height,
      format,
      bytes,
      modifiedMs,
      status: 'present',
    };
  }
}
