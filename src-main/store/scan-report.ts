/**
 * @file What reading the folders of photos has found: every file is in one of the counts.
 */

/** Paths are below their roots. Counts are complete; each list ends at `listed` entries. */
export type ScanReport = {
  /** Image files by their names; `others` are not. */
  files: number;
  others: number;
  added: number;
  unchanged: number;
  /** Files that could not be read, with the reason. */
  skippedCount: number;
  skipped: { path: string; reason: string }[];
  movedCount: number;
  moved: { id: number; from: string; to: string }[];
  missingCount: number;
  missing: { id: number; path: string }[];
  changedCount: number;
  changed: { id: number; path: string }[];
  /** Folders that are not there: their images are missing until `moveRoot` says where they went. */
  missingRoots: { id: number; folder: string }[];
};

const listed = 1000;

export const emptyReport = (): ScanReport => ({
  files: 0,
  others: 0,
  added: 0,
  unchanged: 0,
  skippedCount: 0,
  skipped: [],
  movedCount: 0,
  moved: [],
  missingCount: 0,
  missing: [],
  changedCount: 0,
  changed: [],
  missingRoots: [],
});

type ListName = 'skipped' | 'moved' | 'missing' | 'changed';

/** Counts an entry, and lists it while there is room. */
export function listOf<N extends ListName>(report: ScanReport, name: N, entry: ScanReport[N][number]): void {
  report[`${name}Count`]++;
  if (report[name].length < listed) (report[name] as (typeof entry)[]).push(entry);
}

export const skipped = (report: ScanReport, path: string, reason: string): void =>
  listOf(report, 'skipped', { path, reason });
