/** @file Categories of sources that name them by their names: each name has one place in the plan. */
import type { ImportSink } from '../contract/import.ts';

const longestName = 1000;

/** Answers the place of a name, which is added when it is met first; null for none. */
export function categoryNames(sink: ImportSink): (name: string) => number | null {
  const { categories } = sink.plan;
  const places = new Map<string, number>();
  return (given) => {
    const name = given.trim().slice(0, longestName);
    if (name === '') return null;
    const known = places.get(name);
    if (known !== undefined) return known;
    sink.read('categories');
    const place = categories.push({ name, supercategory: null, order: categories.length }) - 1;
    places.set(name, place);
    return place;
  };
}
