/** @file Releases of a dataset, and the fingerprints of photos. A release is written once and never changed. */
import { resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { type Actor, actorSchema } from '../contract/records.ts';
import type { ReleaseCard } from '../contract/release.ts';
import { addEvent } from './events.ts';
import type { Project } from './project.ts';
import { relativeTo } from './roots.ts';
import { all, type Db, get, type Row, run, transact } from './statements.ts';

export type Release = {
  readonly id: number;
  readonly version: string;
  readonly at: number;
  readonly who: string;
  /** Where it was written, relative to the project (null on another drive) and absolute. */
  readonly folder: { readonly relative: string | null; readonly absolute: string };
  /** SHA-256 of its SHA256SUMS, which names the SHA-256 of all other files. */
  readonly sumsHash: string;
  readonly card: ReleaseCard;
};

/** Oldest first. */
export const listReleases = (db: Db): Release[] => all(db, 'SELECT * FROM release ORDER BY id').map(toRelease);

/** The release of that version, whatever its capitals. */
export function findRelease(db: Db, version: string): Release | undefined {
  const row = get(db, 'SELECT * FROM release WHERE version = ?', version);
  return row && toRelease(row);
}

/** @throws AppError conflict for a version that was released already. */
export function refuseKnown(db: Db, version: string): void {
  const known = findRelease(db, version);
  if (!known) return;
  const when = new Date(known.at).toISOString().slice(0, 10);
  throw new AppError(
    'conflict',
    `Version ${known.version} was released already, on ${when}: ${known.folder.absolute}.`,
    {
      hint: 'A release is never changed. Give the new one another version.',
    },
  );
}

/** Records a release. @throws AppError as `refuseKnown`. */
export function addRelease(
  project: Pick<Project, 'folder' | 'db'>,
  { version, folder, sumsHash, card }: { version: string; folder: string; sumsHash: string; card: ReleaseCard },
  actor: Actor,
): Release {
  const { db } = project;
  return transact(db, () => {
    refuseKnown(db, version);
    const { who } = actorSchema.parse(actor);
    run(
      db,
      `INSERT INTO release (version, at, who, folder_relative, folder, sums_hash, card) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[version, Date.now(), who, relativeTo(project.folder, folder), folder, sumsHash, JSON.stringify(card)],
    );
    addEvent(db, { ...actorSchema.parse(actor), what: 'release.add' });
    return findRelease(db, version)!;
  });
}

/** When the project was last changed, releases aside; null where nothing ever happened. */
export function lastChange(db: Db): number | null {
  return get<{ at: number | null }>(db, "SELECT max(at) AS at FROM event WHERE what <> 'release.add'")?.at ?? null;
}

/** Fingerprints that are known, by the hash of the content. */
export function knownFingerprints(db: Db): Map<string, string> {
  const rows = all<{ content: string; hash: string }>(
    db,
    'SELECT content_hash AS content, difference_hash AS hash FROM photo_fingerprint',
  );
  return new Map(rows.map(({ content, hash }) => [content, hash]));
}

export function keepFingerprints(db: Db, found: ReadonlyMap<string, string>): void {
  transact(db, () => {
    for (const [content, hash] of found) {
      run(db, 'INSERT INTO photo_fingerprint VALUES (?, ?) ON CONFLICT DO NOTHING', content, hash);
    }
  });
}

/** Where a release may be, the likelier place first. */
export const releasePlaces = (project: Pick<Project, 'folder'>, { folder }: Release): string[] =>
  folder.relative === null
    ? [folder.absolute]
    : [resolve(project.folder, ...folder.relative.split('/')), folder.absolute];

const toRelease = (row: Row): Release => ({
  id: Number(row['id']),
  version: String(row['version']),
  at: Number(row['at']),
  who: String(row['who']),
  folder: { relative: row['folder_relative'] as string | null, absolute: String(row['folder']) },
  sumsHash: String(row['sums_hash']),
  card: JSON.parse(String(row['card'])) as ReleaseCard,
});
