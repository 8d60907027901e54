/**
 * @file Reading the folders of photos of the open project, in the background: pages hear of it and work meanwhile. One
 * reading at a time; whoever asks for another waits for the one that is running.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import type { ScanResult } from '../contract/methods-project.ts';
import { hashFile, readImageInfo } from '../engine/image/decode.ts';
import { addImages } from '../store/add-images.ts';
import { countImages } from '../store/images.ts';
import { emptyReport, type ScanReport, skipped } from '../store/scan-report.ts';
import { publishState } from './project-state.ts';
import type { Services, Session } from './services.ts';

/** Milliseconds between two events while photos are read. */
const eventEveryMs = 1000;

/** Entries of a list that go to a page. */
const shown = 20;

/**
 * Begins to read, or joins the reading that is running. @param renew the folders are others now: what is running begins
 * again. Rejects with what keeps the project from being written, and when the project is closed.
 */
export function startScan(services: Services, session: Session, renew = false): Promise<ScanResult> {
  const { scan } = session;
  if (scan.running && renew) {
    scan.again = true;
    scan.round?.abort();
  }
  if (!scan.running) {
    scan.running = read(services, session);
    scan.running.then(
      (result) => done(services, session, result),
      (error: unknown) => failed(services, session, error),
    );
  }
  return scan.running;
}

/**
 * As `startScan`, for a caller who hears the number of files meanwhile. Waiting ends with the call; the reading goes on.
 */
export async function waitForScan(
  services: Services,
  session: Session,
  signal: AbortSignal,
  onProgress: (files: number) => void,
): Promise<ScanResult> {
  const { listeners } = session.scan;
  listeners.add(onProgress);
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(new AppError('cancelled', 'The call was cancelled; photos are read on.'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([startScan(services, session), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    listeners.delete(onProgress);
  }
}

async function read(services: Services, session: Session): Promise<ScanResult> {
  await turn(); // from here on it counts as running
  try {
    await publishState(services);
    return toResult(await rounds(services, session));
  } finally {
    session.scan.running = null;
  }
}

async function rounds(services: Services, session: Session): Promise<ScanReport> {
  const { project, scan, closing } = session;
  for (;;) {
    scan.again = false;
    scan.round = new AbortController();
    const signal = AbortSignal.any([scan.round.signal, closing.signal]);
    try {
      const onProgress = progressOf(services, session);
      return await addImages(project, { head: readImageInfo, hash: hashFile }, { signal, onProgress });
    } catch (error) {
      if (closing.signal.aborted || !scan.again) throw error;
    }
  }
}

/** The first photos are shown at once, then the list grows about once a second. */
function progressOf(services: Services, session: Session): (files: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  let known = countImages(session.project.db);
  return (files) => {
    for (const listener of session.scan.listeners) listener(files);
    if (performance.now() - last < eventEveryMs) return;
    const total = countImages(session.project.db);
    if (total === known) return;
    [last, known] = [performance.now(), total];
    services.publish('images.changed', { session: session.id, total });
  };
}

async function done(services: Services, session: Session, result: ScanResult): Promise<void> {
  if (services.open.session !== session) return;
  services.publish('images.changed', { session: session.id, total: countImages(session.project.db) });
  await publishState(services);
  services.publish('scan.done', { session: session.id, result });
}

/** Pages are told by the same event, with the failure as the first of what was skipped. */
function failed(services: Services, session: Session, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  if (!session.closing.signal.aborted) services.log(`The folders of photos were not read to the end: ${reason}`);
  const report = emptyReport();
  skipped(report, session.project.folder, `Reading stopped: ${reason}`);
  return done(services, session, toResult(report));
}

export function toResult(report: ScanReport): ScanResult {
  const { added, unchanged, movedCount, missingCount, changedCount, skippedCount } = report;
  return {
    added,
    unchanged,
    moved: movedCount,
    missing: missingCount,
    changed: changedCount,
    skipped: skippedCount,
    examples: report.skipped.slice(0, shown),
    missingRoots: report.missingRoots.map(({ folder }) => folder),
  };
}
