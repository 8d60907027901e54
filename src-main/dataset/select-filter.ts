/** @file Which images fit a filter, for which of their classes, and in which order. */
import type { Range, SelectionFilter, SelectionSort } from '../contract/selection.ts';
import { seededKey } from './seeded.ts';
import type { Group, IndexedImage, SelectIndex } from './select-index.ts';

/** What is known of an image beside the file. */
export type StateOf = (image: number) => 'undecided' | 'kept' | 'dropped' | 'in-project' | 'absent';

export type Found = {
  /** Place of the image in the file. */
  readonly image: number;
  /** Its classes that fit, in the order of the categories; never empty. */
  readonly groups: readonly Group[];
};

const within = (value: number, { min, max }: Range): boolean =>
  (min === undefined || value >= min) && (max === undefined || value <= max);

/** Classes of an image that fit. */
export function fitting(index: SelectIndex, image: IndexedImage, filter: SelectionFilter): Group[] {
  const { categories, supercategory, instances, share, overlap, crowding, otherClasses, crowds } = filter;
  if (!within(image.groups.length - 1, otherClasses)) return [];
  return image.groups.filter(
    (group) =>
      group.count > 0 &&
      within(group.count, instances) &&
      (crowds || !group.crowd) &&
      (categories === undefined || categories.includes(group.category)) &&
      (supercategory === undefined || index.categories[group.category]!.supercategory === supercategory) &&
      (share.min === undefined || group.minShare >= share.min) &&
      (share.max === undefined || group.maxShare <= share.max) &&
      within(group.overlap, overlap) &&
      within(group.crowding, crowding),
  );
}

/** Images that fit, in the order of the file; those whose photo is absent never do. */
export function findImages(index: SelectIndex, filter: SelectionFilter, stateOf: StateOf): Found[] {
  const text = filter.text?.trim().toLowerCase() ?? '';
  const found: Found[] = [];
  for (const [image, indexed] of index.images.entries()) {
    const state = stateOf(image);
    if (state === 'absent' || (filter.state !== undefined && state !== filter.state)) continue;
    if (text !== '' && !indexed.fileName.toLowerCase().includes(text)) continue;
    const groups = fitting(index, indexed, filter);
    if (groups.length > 0) found.push({ image, groups });
  }
  return found;
}

const largest = (groups: readonly Group[], value: (group: Group) => number): number =>
  groups.reduce((most, group) => Math.max(most, value(group)), 0);

/** Sorts by what fits on the images; ties stay in the order of the file. */
export function sortFound(
  index: SelectIndex,
  found: readonly Found[],
  { sort, descending, seed }: { sort: SelectionSort; descending: boolean; seed: number },
): Found[] {
  const imageOf = ({ image }: Found) => index.images[image]!;
  const values: Record<Exclude<SelectionSort, 'file'>, (found: Found) => number> = {
    instances: ({ groups }) => largest(groups, ({ count }) => count),
    share: ({ groups }) => largest(groups, ({ maxShare }) => maxShare),
    overlap: ({ groups }) => largest(groups, ({ overlap }) => overlap),
    crowding: ({ groups }) => largest(groups, ({ crowding }) => crowding),
    classes: (each) => imageOf(each).groups.length,
    random: (each) => seededKey(seed, String(imageOf(each).id)),
  };
  const sign = descending ? -1 : 1;
  if (sort === 'file') return descending ? found.toReversed() : [...found];
  const value = values[sort];
  return found
    .map((each) => ({ each, key: value(each) }))
    .sort((a, b) => sign * (a.key - b.key) || a.each.image - b.each.image)
    .map(({ each }) => each);
}

/** How many of the images fit for each class. */
export function supplyOf(index: SelectIndex, found: readonly Found[]): number[] {
  const supply = index.categories.map(() => 0);
  for (const { groups } of found) for (const { category } of groups) supply[category]! += 1;
  return supply;
}
