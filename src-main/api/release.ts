/**
 * @file Making a release: annotations split by split, the card, the list of the images and the checksums, in a folder that
 * appears whole or not at all, and a record in the project that is never changed. The same project and settings give the
 * same bytes.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { ExportProfile } from '../contract/export-profiles.ts';
import type { Actor } from '../contract/records.ts';
import type { ReleaseCard, SplitShare } from '../contract/release.ts';
import { cardText } from '../dataset/card.ts';
import { writeAtomic } from '../files/atomic.ts';
import { openProject, type Project } from '../store/project.ts';
import { addRelease, lastChange, refuseKnown } from '../store/releases.ts';
import { cocoSource } from './export-source.ts';
import { cardParts } from './release-card.ts';
import { exportSplits } from './release-exports.ts';
import { type Divided, divide, fingerprints, type ReleaseImage, releaseImages } from './release-images.ts';
import { chosenFrom, type LicenceOf, readLicences } from './release-licences.ts';
import { hashOfSums, sumsName, sumsOf } from './release-sums.ts';

export type ReleaseSettings = {
  readonly version: string;
  /** The folder to make; it must not be there, or be empty. */
  readonly out: string;
  readonly shares: readonly SplitShare[];
  readonly seed: number;
  /** See `groupPhotos`. */
  readonly bits: number | null;
  readonly profiles: readonly ExportProfile[];
  readonly photos: 'copy' | 'none';
  /** The project's name by default. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly licence?: string | undefined;
  readonly by?: readonly string[] | undefined;
  /** YYYY-MM-DD; by default that of the last change of the project, so that the same project gives the same bytes. */
  readonly date?: string | undefined;
  /** COCO files that say the licences of photos, besides the one that the images were chosen from. */
  readonly licences?: readonly string[] | undefined;
  readonly appVersion: string;
};

export type ReleaseProgress = { readonly stage: string; readonly done: number; readonly total: number };
export type ReleaseContext = {
  readonly actor: Actor;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReleaseProgress) => void;
};

/**
 * @param project open for writing. @throws AppError conflict for a version that was released, bad-request for a folder that
 * holds something or a project without accepted queries, io; as `exportProfile`. Then there is no release.
 */
export async function makeRelease(project: Project, settings: ReleaseSettings, context: ReleaseContext) {
  const { version, shares, seed, bits } = settings;
  refuseKnown(project.db, version);
  const out = resolve(settings.out);
  await refuseFull(out);
  const files = [...(await chosenFrom(project)), ...(settings.licences ?? [])];
  const licenceOf = await readLicences(files, context.signal);
  // A connection of its own, which sees one moment of the project; the fingerprints are kept through the other.
  const reading = await openProject(project.folder, { readonly: true });
  const snapshot = await cocoSource(reading);
  const temporary = `${out}.${randomUUID()}.tmp`;
  try {
    const { source } = snapshot;
    const images = releaseImages(reading.db, source.fileName);
    refuseNothing(images, shares);
    const photo = (image: ReleaseImage['record']) => source.photo?.(image) ?? null;
    const onProgress = (done: number, total: number) => context.onProgress({ stage: 'photos', done, total });
    const hashes =
      bits === null ? new Map() : await fingerprints(project.db, images, photo, { ...context, onProgress });
    const divided = divide(images, hashes, { shares, seed, bits });
    await mkdir(temporary, { recursive: true });
    const named = { ...source, description: `${settings.title ?? source.description} ${version}` };
    const exports = await exportSplits(temporary, named, divided, {
      ...settings,
      names: shares.map(({ name }) => name),
      signal: context.signal,
      onProgress: (stage, done, total) => context.onProgress({ stage, done, total }),
    });
    const card: ReleaseCard = {
      ...{ schema: 1, title: settings.title ?? source.description, version },
      date: settings.date ?? dateOf(lastChange(reading.db)),
      ...{ description: settings.description ?? '', licence: settings.licence ?? '', by: [...(settings.by ?? [])] },
      software: { name: 'Novo Annotate', version: settings.appVersion },
      splits: { seed, balance: divided.balance, duplicates: divided.duplicates },
      ...cardParts(reading.db, images, licenceOf),
      exports,
    };
    await writeAtomic(join(temporary, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
    await writeAtomic(join(temporary, 'card.md'), cardText(card));
    await writeAtomic(join(temporary, 'images.json'), imageList(divided, shares, licenceOf));
    const sums = await sumsOf(temporary, context.signal);
    await writeAtomic(join(temporary, sumsName), sums);
    context.signal.throwIfAborted();
    await appear(temporary, out);
    const release = await record(
      project,
      { version, folder: out, sumsHash: hashOfSums(sums), card },
      context.actor,
      out,
    );
    return { release, card, folder: out, files: sums.split('\n').length - 1 };
  } finally {
    snapshot.release();
    await reading.close();
    await rm(temporary, { recursive: true, force: true });
  }
}

async function record(project: Project, made: Parameters<typeof addRelease>[1], actor: Actor, out: string) {
  try {
    return addRelease(project, made, actor);
  } catch (error) {
    // Without its record it is no release.
    await rm(out, { recursive: true, force: true });
    throw error;
  }
}

/** A folder that holds the release; its parents are made. */
async function appear(temporary: string, out: string): Promise<void> {
  try {
    await mkdir(dirname(out), { recursive: true });
    await refuseFull(out);
    await rm(out, { recursive: true, force: true });
    await rename(temporary, out);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('io', `The release cannot be put into ${out}: ${(cause as Error).message}`, {
      hint: 'Check that the folder may be written to and that its disk is not full.',
      cause,
    });
  }
}

/** @throws AppError bad-request unless it is not there, or empty. */
async function refuseFull(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : null));
  if (found?.length === 0) return;
  throw new AppError('bad-request', `${folder} is there already${found ? ' and is not empty' : ''}.`, {
    hint: 'A release takes a new folder: nothing is ever replaced by one.',
  });
}

function refuseNothing(images: readonly unknown[], shares: readonly SplitShare[]): void {
  if (images.length >= shares.length) return;
  const enough = images.length === 0 ? 'No query of this project is accepted yet.' : `Only ${images.length} images have an accepted query.`; // biome-ignore format: one line
  throw new AppError('bad-request', `${enough} ${shares.length} splits need at least as many images.`, {
    hint: 'Accept answers first, or divide into fewer splits.',
  });
}

const dateOf = (ms: number | null): string => new Date(ms ?? 0).toISOString().slice(0, 10);

/** One line an image: its split, the hash of its file, the group that it looks like, its licence. */
function imageList({ images, groups, splits }: Divided, shares: readonly SplitShare[], licenceOf: LicenceOf): string {
  const lines = images.map(({ record, fileName, facts }, k) =>
    JSON.stringify({
      ...{ id: record.id, file_name: fileName, sha256: record.contentHash, width: record.width, height: record.height },
      ...{ split: shares[splits[k]!]!.name, group: groups[k], queries: facts.queries.length },
      licence: licenceOf(fileName),
    }),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}
