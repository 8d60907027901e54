/**
 * @file Categories of a COCO file. Their section often comes after the annotations that name them, so a place in the plan
 * is given to an id before its name is known.
 */
import type { ImportSink } from '../../contract/import.ts';
import { type Entry, isEntry, type Key, keyOf, nameOf, textOf } from '../import-fields.ts';

export type Categories = {
  /** The place of the category that an annotation names; null where it names none. */
  placeOf(id: unknown, annotation: Entry): number | null;
  add(value: unknown): void;
  /**
   * Tells of what was named and never listed. @param ours the file has queries, as `project export` writes them: there the
   * last category "object" stands for instances that have none.
   */
  finish(ours: boolean): void;
};

const longestName = 1000;

export function categoriesOf(sink: ImportSink): Categories {
  const { categories } = sink.plan;
  const places = new Map<Key, number>();
  /** Annotations that named a place, one example each; listed categories are taken out. */
  const open = new Map<number, string>();
  const listed = new Set<number>();
  let last: number | null = null;

  function place(key: Key): number {
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, categories.length);
    return categories.push(null) - 1;
  }

  return {
    placeOf(id, annotation) {
      const key = keyOf(id);
      if (key === null) return null;
      const at = place(key);
      if (!listed.has(at) && !open.has(at)) open.set(at, `${nameOf('annotation', annotation)}: category ${key}`);
      return at;
    },
    add(value) {
      const key = isEntry(value) ? keyOf(value['id']) : null;
      const name = isEntry(value) ? textOf(value['name'])?.trim() : undefined;
      if (!isEntry(value) || key === null || !name || name.length > longestName) {
        sink.skip('unreadable', nameOf('category', value));
        return;
      }
      const at = place(key);
      if (listed.has(at)) {
        sink.skip('twice', nameOf('category', value));
        return;
      }
      if (categories.some((other) => other?.name === name)) sink.mend('category-twice', `${name} (${key})`);
      listed.add(at);
      open.delete(at);
      last = at;
      const above = textOf(value['supercategory'])?.slice(0, longestName) ?? null;
      categories[at] = { name, supercategory: above, order: listed.size };
    },
    finish(ours) {
      for (const example of open.values()) sink.mend('category-unknown', example);
      const standIn = last === null ? null : categories[last];
      if (ours && standIn?.name === 'object' && standIn.supercategory === null) categories[last!] = null;
    },
  };
}
