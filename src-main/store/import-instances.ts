/** @file The instances of a plan: those that the project has already are found, the others are written. */
import type { ImportPlan, InstanceDraft } from '../contract/import.ts';
import { newId, write } from './records.ts';
import { all, type Db, get } from './statements.ts';

export type InstancePlaces = {
  /** The project's instance for a place in the plan. */
  readonly idOf: (place: number) => number;
  readonly added: number;
  readonly known: number;
};

type Known = { readonly id: number; readonly counts: string; readonly category_id: number | null };

/**
 * An instance is known when its image had one of the same pixels and category before (a category that one of the two
 * does not have is no difference). Each is met once: a source with the same mask twice stays so.
 */
export function instancePlaces(
  db: Db,
  { instances }: ImportPlan,
  categoryOf: (place: number | null) => number | null,
): InstancePlaces {
  const isEmpty = !get(db, 'SELECT 1 FROM instance LIMIT 1');
  const before = new Map<number, Known[]>();
  const ids: number[] = [];
  let known = 0;
  let next = newId(db, 'instance');

  function knownOf(draft: InstanceDraft, categoryId: number | null): Known | undefined {
    if (isEmpty) return undefined;
    const { imageId, rle } = draft;
    if (!before.has(imageId)) {
      before.set(imageId, all<Known>(db, 'SELECT id, counts, category_id FROM instance WHERE image_id = ?', imageId));
    }
    const list = before.get(imageId)!;
    const same = (fits: (other: Known) => boolean) =>
      list.findIndex((other) => other.counts === rle.counts && fits(other));
    const exact = same(({ category_id }) => category_id === categoryId);
    const at = exact >= 0 ? exact : same(({ category_id }) => category_id === null || categoryId === null);
    return at < 0 ? undefined : list.splice(at, 1)[0];
  }

  for (const draft of instances) {
    const { category, ...rest } = draft;
    const categoryId = categoryOf(category);
    const there = knownOf(draft, categoryId);
    if (there) {
      known++;
      ids.push(there.id);
      continue;
    }
    write(db, 'instance', { ...rest, id: next, categoryId });
    ids.push(next++);
  }
  return { idOf: (place) => ids[place]!, added: ids.length - known, known };
}
