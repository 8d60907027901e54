/** @file The annotations of a release in the chosen forms, split by split. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportProfile, profileFacts } from '../contract/export-profiles.ts';
import type { ImageRecord } from '../contract/records.ts';
import type { ReleaseCard } from '../contract/release.ts';
import { type ExportReport, type ExportSource, onlyImages } from '../formats/export/context.ts';
import { exportProfile } from '../formats/profiles.ts';
import type { Divided } from './release-images.ts';

type Entry = ReleaseCard['exports'][number];

export type ExportSettings = {
  readonly profiles: readonly ExportProfile[];
  /** Names of the splits. */
  readonly names: readonly string[];
  readonly photos: 'copy' | 'none';
  readonly signal: AbortSignal;
  readonly onProgress: (path: string, done: number, total: number) => void;
};

/**
 * Forms that are one file get one a split, `coco/train.json`; forms that are folders have their splits inside. Splits
 * without an image have no file.
 * @throws AppError as `exportProfile`.
 */
export async function exportSplits(
  folder: string,
  source: ExportSource,
  { images, splits }: Divided,
  { profiles, names, photos, signal, onProgress }: ExportSettings,
): Promise<Entry[]> {
  const splitOf = new Map(images.map(({ record }, k) => [record.id, names[splits[k]!]!]));
  const entries: Entry[] = [];
  for (const profile of profiles) {
    const write = async (path: string, split: string, keep: (image: ImageRecord) => boolean, count: number) => {
      const report = await exportProfile(profile, onlyImages(source, keep, count), join(folder, ...path.split('/')), {
        onlyQueried: true,
        photos,
        splitOf: ({ id }) => splitOf.get(id)!,
        signal,
        onProgress: ({ done, total }) => onProgress(path, done, total),
      });
      entries.push(entryOf(report, path, split));
    };
    if (profileFacts[profile].target === 'folder') {
      await write(profile, '', ({ id }) => splitOf.has(id), images.length);
      continue;
    }
    await mkdir(join(folder, profile), { recursive: true });
    for (const name of names) {
      const count = [...splitOf.values()].filter((each) => each === name).length;
      if (count > 0) await write(`${profile}/${name}.json`, name, ({ id }) => splitOf.get(id) === name, count);
    }
  }
  return entries;
}

const entryOf = (report: ExportReport, path: string, split: string): Entry => ({
  ...{ profile: report.profile, split, path },
  ...{ images: report.images, queries: report.queries, annotations: report.annotations },
  losses: [...report.losses],
  fidelity: report.fidelity,
});
