/**
 * @file Which images have moved: files that were found with the content of an image that is not at its own place.
 */
import type { ImageRecord } from '../contract/records.ts';
import { select } from './records.ts';
import type { Db } from './statements.ts';

/** A file in a folder of photos. `path` is NFC, `diskPath` as the disk writes it where that differs. */
export type Found = Pick<ImageRecord, 'rootId' | 'path' | 'diskPath' | 'bytes' | 'modifiedMs'> & {
  readonly file: string;
};

/** A file whose content is not that of the image that has its path, or that no image has the path of. */
export type Loose = { readonly found: Found; readonly contentHash: string; readonly holder: ImageRecord | null };

export type Move = { readonly from: ImageRecord; readonly to: ImageRecord };

/**
 * Sorts the loose files. A file moves an image there when the image has its content and is not among `home` (ids of
 * images that are at their place), and when the path is free or the image that has it moves away as well: names may
 * have been exchanged. @returns also the files that overwrote an image, and those that are new copies of one.
 */
export function sortLoose(db: Db, loose: readonly Loose[], home: ReadonlySet<number>) {
  const moves = new Map<Loose, ImageRecord>();
  const moving = new Set<number>();
  for (const entry of loose) {
    const away = select(db, 'image', 'content_hash = ? ORDER BY id', entry.contentHash).filter(
      ({ id }) => !home.has(id) && !moving.has(id),
    );
    const image = away.find((one) => baseName(one.path) === baseName(entry.found.path)) ?? away[0];
    if (!image) continue;
    moves.set(entry, image);
    moving.add(image.id);
  }
  // A path whose image stays is not free. Taking one move back may hold up another, so until nothing changes.
  for (let before = -1; before !== moves.size; ) {
    before = moves.size;
    for (const [entry, image] of moves) {
      if (!entry.holder || moving.has(entry.holder.id)) continue;
      moves.delete(entry);
      moving.delete(image.id);
    }
  }
  const rest = loose.filter((entry) => !moves.has(entry));
  return {
    moved: [...moves].map(([{ found }, from]): Move => {
      const { file: _, ...place } = found;
      return { from, to: { ...from, ...place, status: 'present' } };
    }),
    overwritten: rest.flatMap(({ holder }) => (holder && !moving.has(holder.id) ? [holder] : [])),
    copies: rest.filter(({ holder }) => !holder || moving.has(holder.id)),
  };
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
