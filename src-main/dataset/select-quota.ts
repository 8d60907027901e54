/** @file Quotas put to work: who may be picked, what counts already, and how far each class is. */
import type { Choice, Quotas, SelectionFilter } from '../contract/selection.ts';
import { type Candidate, fillQuotas, type Pick } from './select-fill.ts';
import { findImages, type StateOf } from './select-filter.ts';
import type { SelectIndex } from './select-index.ts';

export type Filled = {
  /** Picked by the quotas, beside what was taken. */
  readonly picks: readonly Pick[];
  /** A line for each class that wants images or has some. */
  readonly classes: readonly { category: number; supply: number; wanted: number | null; got: number }[];
};

/** Images wanted of a class; Infinity for no bound. */
export const quotaFunction =
  (index: SelectIndex, { perClass, own }: Quotas) =>
  (category: number): number =>
    own[index.categories[category]!.name] ?? perClass ?? Number.POSITIVE_INFINITY;

/** What an image must have, without what a person looks at just now: quotas are filled for all classes at once. */
export function criteria({
  instances,
  share,
  overlap,
  crowding,
  otherClasses,
  crowds,
}: SelectionFilter): SelectionFilter {
  return { instances, share, overlap, crowding, otherClasses, crowds };
}

/**
 * Fills the quotas with undecided images that fit the criteria of the filter. @param taken what counts already: kept by hand, or in the
 * project. @param stateOf with images that were picked by quotas before as undecided.
 */
export function fillSelection(
  index: SelectIndex,
  { filter, quotas, seed }: { filter: SelectionFilter; quotas: Quotas; seed: number },
  taken: readonly Pick[],
  stateOf: StateOf,
): Filled {
  const found = findImages(index, { ...criteria(filter), state: 'undecided' }, stateOf);
  const candidates: Candidate[] = found.map(({ image, groups }) => ({
    image,
    key: String(index.images[image]!.id),
    categories: groups.map(({ category }) => category),
  }));
  const quotaOf = quotaFunction(index, quotas);
  const total = quotas.total ?? Number.POSITIVE_INFINITY;
  const picks = fillQuotas(candidates, { quotaOf, total, seed, taken });
  const [supply, got] = [index.categories.map(() => 0), index.categories.map(() => 0)];
  for (const { categories } of candidates) for (const category of categories) supply[category]! += 1;
  for (const { category } of [...taken, ...picks]) got[category]! += 1;
  const classes = index.categories.map((_, category) => {
    const quota = quotaOf(category);
    const wanted = Number.isFinite(quota) ? quota : null;
    return { category, supply: supply[category]!, wanted, got: got[category]! };
  });
  return { picks, classes: classes.filter(({ wanted, got }) => wanted !== 0 || got > 0) };
}

/**
 * What counts before the quotas are filled: kept by hand, and images of the project that were kept. One that is in the
 * project without having been chosen counts for its first class that has instances.
 */
export function takenPicks(index: SelectIndex, choices: readonly Choice[], inProject: { keys(): Iterable<number> }) {
  const picks = new Map<number, Pick>();
  const add = (image: number, category: number | null | undefined) => {
    if (category !== null && category !== undefined) picks.set(image, { image, category });
  };
  for (const image of inProject.keys()) {
    add(image, index.images[image]!.groups.find(({ count }) => count > 1)?.category);
  }
  for (const { image, verdict, by, category } of choices) {
    if (verdict === 'keep' && (by === 'hand' || picks.has(image))) add(image, category);
  }
  return [...picks.values()].sort((a, b) => a.image - b.image);
}
