/** @file Images of a project by the names that files from outside have for them. */
import { imageNames } from '../store/generation-images.ts';
import type { Db } from '../store/statements.ts';

/** Answers an image's id: by its path in the project, else by its base name where only one image has that, else null. */
export function imagesByName(db: Db): (name: string) => number | null {
  const paths = new Map<string, number>();
  const bases = new Map<string, number | null>();
  for (const { id, path } of imageNames(db)) {
    paths.set(path, paths.has(path) ? -1 : id);
    const base = baseOf(path);
    bases.set(base, bases.has(base) ? null : id);
  }
  return (name) => {
    const path = name.normalize('NFC').replaceAll('\\', '/').replace(/^\.\//, '');
    const exact = paths.get(path);
    if (exact !== undefined && exact > 0) return exact;
    return bases.get(baseOf(path)) ?? null;
  };
}

const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
