/**
 * @file Which photo of the project a name in a file means. Makers write absolute paths, paths of other machines, back
 * slashes, URLs and decomposed Unicode; so names are compared part by part from the end. Never by a part of a name:
 * "bee.jpg" is not "honeybee.jpg". A photo that is not in the project is told, never made up.
 */
import type { Photo, PhotoRef, ProjectPhoto, SkipReason } from '../contract/import.ts';

export type FoundPhoto =
  | {
      readonly photo: Photo;
      /** Folder and spelling are as written, or the content is the same. */
      readonly exact: boolean;
      readonly content: boolean;
    }
  | { readonly photo: null; readonly reason: SkipReason; readonly detail: string };

/** `parts` of the absolute path, without the ending where stems are compared; `own` of them are the path in the project. */
type Indexed = { readonly photo: ProjectPhoto; readonly parts: readonly string[]; readonly own: number };

/** How a name fits: all of it or all of the photo's path, or the name of the file only. */
type Fit = { readonly entry: Indexed; readonly parts: number; readonly whole: boolean };

export type PhotoFinder = (ref: PhotoRef) => FoundPhoto;

/**
 * A finder for these photos. A name that fits several is settled by the sizes, or not at all. With a hash, the photo with
 * that content comes first, wherever it lies now.
 */
export function photoFinder(photos: Iterable<ProjectPhoto>): PhotoFinder {
  const entries = [...photos].map((photo): Indexed => {
    const parts = photo.whole.split('/').filter((part) => part !== '');
    return { photo, parts, own: photo.path.split('/').length };
  });
  const named = lookup(entries, nameOf);
  const folded = lookup(entries, (entry) => fold(nameOf(entry)));
  const hashed = lookup(entries, ({ photo }) => photo.hash);
  const stemmed = lookup(entries, (entry) => stemOf(nameOf(entry)));
  return (ref) => {
    const sameContent = ref.hash === undefined ? [] : hashed(ref.hash);
    const spelled = spellings(ref.name);
    const stems = spellings(ref.stem ?? '');
    if (sameContent.length > 0) return chosen(fitsOf(sameContent, spelled[0] ?? stems[0] ?? [], 0), ref, true, true);
    if (spelled.length === 0 && stems.length === 0) return { photo: null, reason: 'photo-unnamed', detail: '' };
    for (const [k, parts] of spelled.entries()) {
      const candidates = named(parts.at(-1)!);
      if (candidates.length > 0) return chosen(fitsOf(candidates, parts, 1), ref, k === 0);
    }
    for (const parts of spelled) {
      const candidates = folded(fold(parts.at(-1)!));
      if (candidates.length > 0) return chosen(fitsOf(candidates, parts, 1), ref, false);
    }
    for (const parts of stems) {
      const candidates = stemmed(parts.at(-1)!).map(withoutEnding);
      if (candidates.length > 0) return chosen(fitsOf(candidates, parts, 1), ref, true);
    }
    return { photo: null, reason: 'photo-missing', detail: '' };
  };
}

/** Entries by a key. Sorted when the first is asked for: most sources need one of the four ways. */
function lookup(entries: readonly Indexed[], keyOf: (entry: Indexed) => string): (key: string) => readonly Indexed[] {
  let sorted: Map<string, Indexed[]> | null = null;
  return (key) => {
    sorted ??= Map.groupBy(entries, keyOf);
    return sorted.get(key) ?? [];
  };
}

const nameOf = ({ parts }: Indexed): string => parts.at(-1) ?? '';
const withoutEnding = (entry: Indexed): Indexed => ({ ...entry, parts: entry.parts.with(-1, stemOf(nameOf(entry))) });
const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');
const fold = (name: string): string => name.toLowerCase();

/** The parts of a name, in the ways that it may have been meant, the plainest first; none for a name of no file. */
function spellings(name: string): string[][] {
  const found = new Map<string, string[]>();
  const ways = [name, name.replaceAll('\\', '/'), decoded(name), decoded(name).replaceAll('\\', '/')];
  for (const way of ways) {
    const parts = partsOf(way);
    if (parts.length > 0) found.set(parts.join('/'), parts);
  }
  return [...found.values()];
}

function partsOf(name: string): string[] {
  const path = name.normalize('NFC').replace(/^[a-z][a-z0-9+.-]+:\/\/[^/]*\//i, '/');
  const isUrl = path !== name.normalize('NFC');
  const parts: string[] = [];
  for (const part of (isUrl ? path.replace(/[?#].*$/, '') : path).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.' && !/^[a-z]:$/i.test(part)) parts.push(part);
  }
  return parts;
}

function decoded(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name).normalize('NFC');
  } catch {
    return name;
  }
}

/** @param from parts that are known to be the same: with 0 the content is, and a name says only which copy is meant. */
function fitsOf(candidates: readonly Indexed[], parts: readonly string[], from: 0 | 1): Fit[] {
  return candidates.map((entry) => {
    let same: number = from;
    const most = Math.min(parts.length, entry.parts.length);
    while (same < most && entry.parts.at(-1 - same) === parts.at(-1 - same)) same++;
    return { entry, parts: same, whole: from === 0 || same === parts.length || same >= entry.own };
  });
}

/** The one that fits best, if it is one. */
function chosen(fits: readonly Fit[], ref: PhotoRef, spelled: boolean, content = false): FoundPhoto {
  const most = Math.max(...fits.map(({ parts }) => parts));
  const best = fits.filter(({ parts }) => parts === most);
  const sized = best.filter(({ entry }) => ref.width === entry.photo.width && ref.height === entry.photo.height);
  const fit = best.length === 1 ? best[0]! : sized.length === 1 ? sized[0]! : undefined;
  if (!fit) {
    const paths = best.slice(0, 3).map(({ entry }) => entry.photo.path);
    return { photo: null, reason: 'photo-ambiguous', detail: paths.join(', ') };
  }
  const { photo } = fit.entry;
  const { width = null, height = null } = ref;
  if ((width ?? photo.width) !== photo.width || (height ?? photo.height) !== photo.height) {
    const turned = width === photo.height && height === photo.width;
    const detail = `${width ?? '?'} x ${height ?? '?'} in the file, ${photo.width} x ${photo.height} here`;
    return { photo: null, reason: turned ? 'photo-rotated' : 'photo-size', detail };
  }
  return { photo, exact: spelled && fit.whole && best.length === 1, content };
}
