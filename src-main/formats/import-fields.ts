/** @file Fields of a file that anybody may have written: by hand, because a large file has millions of them. */

export type Entry = Readonly<Record<string, unknown>>;
/** Ids are numbers, and texts in files of some makers; "7" and 7 mean the same. */
export type Key = number | string;

export const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function keyOf(value: unknown): Key | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || value === '') return null;
  return /^-?(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

/** 0, 1, false, true, and their texts. */
export function flagOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === '0' || value === 'false') return false;
  return value === 1 || value === '1' || value === 'true' ? true : null;
}

export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** A number of pixels; null where it is none that a photo has. */
export const pixelsOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;

/** An entry for a message: "annotation 12". */
export const nameOf = (what: string, entry: unknown): string =>
  `${what} ${(isEntry(entry) ? JSON.stringify(entry['id'])?.slice(0, 100) : undefined) ?? 'without an id'}`;
