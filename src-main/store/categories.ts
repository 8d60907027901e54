/**
 * @file Categories: names for instances. Their ids are stable and count from 1, as COCO's readers expect.
 */
import type { Change } from '../contract/diff.ts';
import type { Actor, Category } from '../contract/records.ts';
import { change } from './change.ts';
import { newId, select } from './records.ts';
import type { Db } from './statements.ts';

export const listCategories = (db: Db): Category[] => select(db, 'category', 'TRUE ORDER BY id');

/** The category with this name, which is made where it is missing. */
export function ensureCategory(
  db: Db,
  name: string,
  actor: Actor,
  supercategory: string | null = null,
): Change & { result: Category } {
  return change(
    db,
    actor,
    'category.add',
    (writer) =>
      select(db, 'category', 'name = ?', name)[0] ??
      writer.put('category', { id: newId(db, 'category'), name, supercategory }),
    () => ({}),
  );
}
