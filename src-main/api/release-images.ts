/** @file The images of a release: those with an accepted query, grouped by what they look like, and divided. */

import type { Category, ImageRecord } from '../contract/records.ts';
import type { Balance, Duplicates, SplitShare } from '../contract/release.ts';
import { differenceHash, groupPhotos, hashGrid } from '../dataset/near-duplicates.ts';
import { assignSplits } from '../dataset/splits.ts';
import { balanceOf, labelsOf, type StratifiedImage, strataOf } from '../dataset/splits-strata.ts';
import { type ImageFacts, unnamed } from '../dataset/statistics.ts';
import { decodeImage } from '../engine/image/decode.ts';
import { resizeBilinear } from '../engine/image/pillow-resize.ts';
import { listCategories } from '../store/categories.ts';
import { find } from '../store/records.ts';
import { keepFingerprints, knownFingerprints } from '../store/releases.ts';
import type { Db } from '../store/statements.ts';
import { imageFacts } from '../store/statistics.ts';

export type ReleaseImage = StratifiedImage & { readonly record: ImageRecord; readonly fileName: string };

export type Divided = {
  readonly images: readonly ReleaseImage[];
  /** Of each image: its group, and its split as an index into the shares. */
  readonly groups: readonly number[];
  readonly splits: readonly number[];
  readonly balance: Balance;
  readonly duplicates: Duplicates;
};

/** Images that have an accepted query, in the order of their ids, with the accepted ones only. */
export function releaseImages(db: Db, fileName: (image: ImageRecord) => string): ReleaseImage[] {
  const above = new Map(listCategories(db).map(({ id, supercategory }: Category) => [id, supercategory]));
  const nameOf = (id: number | null) => (id === null ? null : above.get(id)) || unnamed.supercategory;
  const images: ReleaseImage[] = [];
  for (const page of imageFacts(db)) {
    for (const each of page) {
      const queries = each.queries.filter(({ status }) => status === 'accepted');
      if (queries.length === 0) continue;
      const facts: ImageFacts = { ...each, queries };
      const categories = new Map(each.instances.map(({ id, categoryId }) => [id, categoryId]));
      const strata = queries.map((query) => strataOf(query, (id) => nameOf(categories.get(id) ?? null)));
      const record = find(db, 'image', each.id)!;
      images.push({ record, fileName: fileName(record), facts, strata });
    }
  }
  return images;
}

/**
 * Fingerprints of photos by the hash of their content. Those that are not known yet are worked out and kept in the project.
 * @param photo the file of an image; null where it is gone or another by now. A file that cannot be decoded has none.
 */
export async function fingerprints(
  db: Db,
  images: readonly ReleaseImage[],
  photo: (image: ImageRecord) => string | null,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Promise<Map<string, string>> {
  const known = knownFingerprints(db);
  for (const [done, { record }] of images.entries()) {
    signal.throwIfAborted();
    const file = known.has(record.contentHash) ? null : photo(record);
    if (file !== null) {
      const hash = await fingerprintOf(file).catch(() => null);
      if (hash !== null) {
        known.set(record.contentHash, hash);
        keepFingerprints(db, new Map([[record.contentHash, hash]]));
      }
    }
    onProgress(done + 1, images.length);
  }
  return known;
}

async function fingerprintOf(file: string): Promise<string> {
  const photo = await decodeImage(file);
  return differenceHash(resizeBilinear(photo, hashGrid.width, hashGrid.height).data);
}

/** @param bits as `groupPhotos`. */
export function divide(
  images: readonly ReleaseImage[],
  hashes: ReadonlyMap<string, string>,
  { shares, seed, bits }: { shares: readonly SplitShare[]; seed: number; bits: number | null },
): Divided {
  const photos = images.map(({ record: { contentHash } }) => ({
    contentHash,
    differenceHash: hashes.get(contentHash) ?? null,
  }));
  const groups = groupPhotos(photos, bits);
  const splits = assignSplits(
    images.map((image, k) => ({
      // A photo keeps its place in the draw when the project is made again or its folder moves.
      key: `${image.record.contentHash} ${image.fileName}`,
      group: groups[k]!,
      labels: labelsOf(image),
    })),
    shares,
    seed,
  );
  const together = [...Map.groupBy(images.keys(), (k) => groups[k]!).values()].filter(({ length }) => length > 1);
  const unread = bits === null ? 0 : photos.filter(({ differenceHash: hash }) => hash === null).length;
  return {
    images,
    groups,
    splits,
    balance: balanceOf(images, splits, groups, shares),
    duplicates: {
      threshold: bits,
      compared: images.length,
      unread,
      groups: together.map((members) => members.map((k) => images[k]!.fileName)),
    },
  };
}
