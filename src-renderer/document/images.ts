/** @file The list of images as the page holds it: pages of rows around what is looked at. Pure. */
import type { ImageFilter, ListedImage } from '../../src-main/contract/image-list.ts';
import type { Failure, ImageListState, ProjectState } from './state.ts';

export const pageSize = 200;
/** 40 pages are 8,000 rows: more than anybody scrolls back to at once. */
const keptPages = 40;

/** Another filter: the rows go, and answers to the filter before are dropped. */
export const withFilter = (list: ImageListState, filterText: string, filter: ImageFilter): ImageListState => ({
  ...list,
  filterText,
  filter,
  filterError: null,
  generation: list.generation + 1,
});

export const withFilterError = (list: ImageListState, filterText: string, filterError: string): ImageListState => ({
  ...list,
  filterText,
  filterError,
});

/** Rows that were read anew take the place of all others: those may have moved. */
export const withFreshPages = (
  list: ImageListState,
  pages: ReadonlyMap<number, readonly ListedImage[]>,
  total: number,
): ImageListState => ({ ...list, pages, total, failure: null });

export function withPage(list: ImageListState, page: number, rows: readonly ListedImage[], total: number) {
  const pages = new Map(list.pages).set(page, rows);
  // The oldest pages go first; the one that was just read is the newest.
  for (const old of pages.keys()) {
    if (pages.size <= keptPages) break;
    pages.delete(old);
  }
  return { ...list, pages, total, failure: null };
}

export const withListFailure = (list: ImageListState, failure: Failure): ImageListState => ({ ...list, failure });

/**
 * Rows that a change told of, and the counts that follow. `countsKnown` is false where a row was not on the page before,
 * so that nobody knows what it was.
 */
export function withRows(
  list: ImageListState,
  counts: ProjectState['counts'],
  rows: readonly ListedImage[],
  seq: number,
): { list: ImageListState; counts: ProjectState['counts']; countsKnown: boolean } {
  const rowSeqs = new Map(list.rowSeqs);
  const pages = new Map(list.pages);
  let countsKnown = true;
  let counted = counts;
  for (const row of rows) {
    if ((rowSeqs.get(row.id) ?? 0) >= seq) continue;
    rowSeqs.set(row.id, seq);
    const place = placeOf(pages, row.id);
    if (!place) {
      countsKnown = false;
      continue;
    }
    const { page, at } = place;
    const before = pages.get(page)![at]!;
    pages.set(page, pages.get(page)!.with(at, row));
    if (counted && before.state !== row.state) {
      counted = { ...counted, [before.state]: counted[before.state] - 1, [row.state]: counted[row.state] + 1 };
    }
  }
  return { list: { ...list, pages, rowSeqs }, counts: counted, countsKnown };
}

function placeOf(pages: ReadonlyMap<number, readonly ListedImage[]>, id: number) {
  for (const [page, rows] of pages) {
    const at = rows.findIndex((row) => row.id === id);
    if (at >= 0) return { page, at };
  }
  return null;
}
