/** @file From one image to the next or the one before, in the order of the list. */
import type { ImageFilter } from '../contract/image-list.ts';
import { conditions, undecided as isUndecided } from './images.ts';
import { type Db, get, type SqlValue } from './statements.ts';

export type Step = {
  readonly step: 1 | -1;
  /** Only images that are not done and whose file is there, starting over at the end. */
  readonly undecided: boolean;
  readonly filter: ImageFilter;
};

/**
 * The image after or before `from`, which need not be in the filtered list itself; with null the first or the last of
 * it. Null where there is none; never `from` itself.
 */
export function stepImage(db: Db, from: number | null, { step, undecided, filter }: Step): number | null {
  const { where, values } = conditions(filter);
  const wanted = undecided ? `${where} AND ${isUndecided} AND status <> 'missing'` : where;
  const order = step === 1 ? 'root_id, sort_key, id' : 'root_id DESC, sort_key DESC, id DESC';
  const first = (condition: string, ...more: SqlValue[]) =>
    get<{ id: number }>(
      db,
      `SELECT id FROM image WHERE ${wanted} AND ${condition} ORDER BY ${order} LIMIT 1`,
      ...values,
      ...more,
    )?.id ?? null;
  if (from === null) return first('TRUE');
  const at = get(db, 'SELECT root_id, sort_key FROM image WHERE id = ?', from);
  if (!at) return first('TRUE');
  const next = first(
    `(root_id, sort_key, id) ${step === 1 ? '>' : '<'} (?, ?, ?)`,
    at['root_id']!,
    at['sort_key']!,
    from,
  );
  return next ?? (undecided ? first('id != ?', from) : null);
}
