/**
 * @file Reading the folders of photos into the project. Reading again finds what is new, gone, changed, moved or
 * renamed. A moved image is known by its content and keeps its id and its annotations; one that is gone is marked and
 * reported, never dropped.
 */
import { stat } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { Actor, ImageRecord } from '../contract/records.ts';
import { putImages } from './images.ts';
import { type Found, type Loose, sortLoose } from './moves.ts';
import type { Project } from './project.ts';
import { find, select } from './records.ts';
import { imagePath, listRoots, rootFolder } from './roots.ts';
import { emptyReport, listOf, type ScanReport, skipped } from './scan-report.ts';
import { all, type Db, get } from './statements.ts';
import { walk } from './walk.ts';

/** How an image file is read; given by the caller, because the store knows no image formats. */
export type ImageReaders = {
  /** Pixels of the upright image, from the file's head. */
  readonly head: (file: string) => Promise<{ width: number; height: number; format: string }>;
  /** Lower-case hex SHA-256 of the file. */
  readonly hash: (file: string) => Promise<string>;
};

export type ScanOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch with the number of files so far. */
  readonly onProgress?: (files: number) => void;
  /** Without it only images of the project are looked for, and other files are not read. */
  readonly add?: boolean;
  readonly actor?: Actor;
};

type Scan = {
  readonly db: Db;
  readonly read: ImageReaders;
  readonly options: ScanOptions;
  readonly report: ScanReport;
  /** Images whose own file holds their content. */
  readonly home: Set<number>;
  readonly loose: Loose[];
  /** Roots that take no new photos. */
  readonly closed: Set<number>;
};

/** Files read at once. */
const readers = 4;
/** Files whose images are written in one transaction: a few at first, so that there is something to look at soon. */
const batchSizes = { first: 8, most: 256 } as const;
/** Images that are marked at a time; other work has its turn in between. */
const markedAtOnce = 1000;

/**
 * Brings the project up to date with its folders. What was written stays when it is cancelled; reading again goes on.
 * Memory: the names of one folder, and one id for each image.
 * @throws AppError when the database cannot be written; the signal's reason.
 */
export async function addImages(project: Project, read: ImageReaders, options: ScanOptions = {}): Promise<ScanReport> {
  const { db } = project;
  const scan: Scan = { db, read, options, report: emptyReport(), home: new Set(), loose: [], closed: new Set() };
  let batch: Found[] = [];
  let size: number = batchSizes.first;
  for await (const found of files(project, scan)) {
    batch.push(found);
    if (batch.length < size) continue;
    await readBatch(scan, batch);
    batch = [];
    size = Math.min(2 * size, batchSizes.most);
  }
  await readBatch(scan, batch);
  await settleLoose(scan);
  await markMissing(scan);
  return scan.report;
}

/** Finds images again that were moved or renamed, without adding any. Say first where folders went (`moveRoot`). */
export const relink = (project: Project, read: ImageReaders, options: ScanOptions = {}): Promise<ScanReport> =>
  addImages(project, read, { ...options, add: false });

/** All image files of all roots. A root inside another is walked once, as itself. */
async function* files(project: Project, { db, report, options, closed }: Scan): AsyncGenerator<Found> {
  const roots = [];
  for (const root of listRoots(db)) {
    roots.push({ id: root.id, folder: await rootFolder(project, root) });
    if (!root.takesNew) closed.add(root.id);
  }
  for (const { id, folder } of roots) {
    if (!(await stat(folder).catch(() => null))?.isDirectory()) {
      report.missingRoots.push({ id, folder });
      continue;
    }
    const others = roots.flatMap((other) => (other.id === id ? [] : [other.folder]));
    const claimed = new Set<string>();
    const onSkip = (path: string, reason: string) => skipped(report, path, reason);
    const onOther = () => report.others++;
    for await (const onDisk of walk(folder, { others, signal: options.signal, onSkip, onOther })) {
      const path = onDisk.normalize('NFC');
      const diskPath = onDisk === path ? null : onDisk;
      if (claimed.has(path)) {
        onSkip(onDisk, 'Another file has the same name, written with other Unicode characters. Rename one.');
        continue;
      }
      claimed.add(path);
      const file = imagePath(folder, { path, diskPath });
      const info = await stat(file).catch((error: Error) => onSkip(onDisk, error.message));
      if (!info) continue;
      report.files++;
      yield { rootId: id, path, diskPath, bytes: info.size, modifiedMs: info.mtimeMs, file };
    }
  }
}

async function readBatch(scan: Scan, batch: readonly Found[]): Promise<void> {
  const records = await readAll(scan, batch, (found) => look(scan, found));
  scan.options.signal?.throwIfAborted();
  store(scan, records);
  scan.options.onProgress?.(scan.report.files);
}

/** The record to write for a file: a new image or one that is seen again; null when there is nothing to write. */
async function look(scan: Scan, found: Found): Promise<ImageRecord | null> {
  const { db, read, options, report, home, loose, closed } = scan;
  const { rootId, path, bytes, modifiedMs } = found;
  const holder = select(db, 'image', 'root_id = ? AND path = ?', rootId, path)[0] ?? null;
  if (holder?.status === 'present' && holder.bytes === bytes && holder.modifiedMs === modifiedMs) {
    home.add(holder.id);
    report.unchanged++;
    return null;
  }
  const add = (options.add ?? true) && !closed.has(rootId);
  if (!holder && !add && !get(db, 'SELECT 1 FROM image WHERE bytes = ? LIMIT 1', bytes)) return null;
  const contentHash = await read.hash(found.file);
  if (holder?.contentHash === contentHash) {
    report.unchanged++;
    return { ...holder, diskPath: found.diskPath, bytes, modifiedMs, status: 'present' };
  }
  if (holder || get(db, 'SELECT 1 FROM image WHERE content_hash = ? LIMIT 1', contentHash)) {
    loose.push({ found, contentHash, holder });
    return null;
  }
  return add ? newImage(scan, found, contentHash) : null;
}

async function newImage({ read }: Scan, { file, ...place }: Found, contentHash: string): Promise<ImageRecord> {
  const { width, height, format } = await read.head(file);
  return { ...place, id: 0, contentHash, width, height, format, status: 'present' };
}

function store({ db, options, report, home }: Scan, records: readonly ImageRecord[]): void {
  report.added += records.filter(({ id }) => id === 0).length;
  for (const { id } of putImages(db, records, options.actor, 'image.add')) home.add(id);
}

async function settleLoose(scan: Scan): Promise<void> {
  const { db, options, report, home, loose, closed } = scan;
  const { moved, overwritten, copies: allCopies } = sortLoose(db, loose, home);
  const copies = allCopies.filter(({ found }) => !closed.has(found.rootId));
  putImages(
    db,
    moved.map(({ to }) => to),
    options.actor,
    'image.move',
  );
  for (const { from, to } of moved) {
    home.add(to.id);
    listOf(report, 'moved', { id: to.id, from: from.path, to: to.path });
  }
  const changed = overwritten.map((image) => ({ ...image, status: 'changed' as const }));
  putImages(db, changed, options.actor, 'image.changed');
  for (const { id, path } of changed) {
    home.add(id);
    listOf(report, 'changed', { id, path });
  }
  if (options.add === false) return;
  for (let at = 0; at < copies.length; at += batchSizes.most) {
    const part = copies.slice(at, at + batchSizes.most);
    const files = new Map(part.map(({ found, contentHash }) => [found, contentHash]));
    store(scan, await readAll(scan, [...files.keys()], (found) => newImage(scan, found, files.get(found)!)));
  }
}

/** Images that were not seen anywhere. */
async function markMissing({ db, options, report, home }: Scan): Promise<void> {
  const away = all<{ id: number }>(db, 'SELECT id FROM image ORDER BY id').filter(({ id }) => !home.has(id));
  for (let at = 0; at < away.length; at += markedAtOnce) {
    await turn();
    options.signal?.throwIfAborted();
    const images = away.slice(at, at + markedAtOnce).flatMap(({ id }) => find(db, 'image', id) ?? []);
    for (const { id, path } of images) listOf(report, 'missing', { id, path });
    const newly = images.filter(({ status }) => status !== 'missing');
    const marked = newly.map((image) => ({ ...image, status: 'missing' as const }));
    putImages(db, marked, options.actor, 'image.missing');
  }
}

/** Reads files a few at a time, in order. One that cannot be read is reported; the others go on. */
async function readAll(
  { report, options }: Scan,
  batch: readonly Found[],
  read: (found: Found) => Promise<ImageRecord | null>,
): Promise<ImageRecord[]> {
  const results: (ImageRecord | null)[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < batch.length; i = next++) {
      options.signal?.throwIfAborted();
      try {
        results[i] = await read(batch[i]!);
      } catch (error) {
        skipped(report, batch[i]!.path, error instanceof Error ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: readers }, work));
  return results.filter((record) => record != null);
}
