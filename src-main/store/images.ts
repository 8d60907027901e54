/**
 * @file The list of images as a page shows it: in natural order, a window at a time, with what its dots are made of.
 */

import type { ImageFilter, ListedImage } from '../contract/image-list.ts';
import type { Actor, ImageRecord } from '../contract/records.ts';
import { change } from './change.ts';
import { newId } from './records.ts';
import { all, type Db, get, type Row, type SqlValue } from './statements.ts';
import { toRecord } from './tables.ts';

/** As migration 3 keeps them. */
const states = { new: 0, open: 1, done: 2 } as const;
/** SQL for images that are not done; in this form an index has them. */
export const undecided = 'state < 2';

/** A filter as SQL conditions with their values. What a person typed is only ever among the values. */
export function conditions(filter: ImageFilter): { where: string; values: SqlValue[] } {
  const { state, file, text, scoreBelow, reasoningType, noTarget, categoryId } = filter;
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const add = (part: string, ...given: SqlValue[]) => {
    parts.push(part);
    values.push(...given);
  };
  if (state) add(`state = ${states[state]}`);
  if (file) add('status = ?', file);
  if (text) {
    const like = `%${text.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`;
    const asked = "SELECT image_id FROM query WHERE text LIKE ? ESCAPE '\\'";
    add(`(path LIKE ? ESCAPE '\\' OR id IN (${asked}))`, like, like);
  }
  if (scoreBelow !== undefined) {
    const proposed = `SELECT query.image_id FROM proposal JOIN query ON query.id = query_id
      WHERE proposal.status = 'pending' AND score < ?`;
    add(`id IN (${proposed} UNION SELECT image_id FROM instance WHERE score < ?)`, scoreBelow, scoreBelow);
  }
  if (reasoningType) add('id IN (SELECT image_id FROM query WHERE reasoning_type = ?)', reasoningType);
  if (noTarget !== undefined) add('id IN (SELECT image_id FROM query WHERE no_target = ?)', Number(noTarget));
  if (categoryId) add('id IN (SELECT image_id FROM instance WHERE category_id = ?)', categoryId);
  return { where: parts.length === 0 ? 'TRUE' : parts.join(' AND '), values };
}

/** How many images the filter leaves. */
export function countImages(db: Db, filter: ImageFilter = {}): number {
  const { where, values } = conditions(filter);
  return get<{ n: number }>(db, `SELECT count(*) AS n FROM image WHERE ${where}`, ...values)!.n;
}

/** Images `offset` to `offset + limit` of those the filter leaves: root by root, each in natural order. */
export function listImages(
  db: Db,
  filter: ImageFilter = {},
  { offset = 0, limit = 200 }: { offset?: number; limit?: number } = {},
): ListedImage[] {
  const { where, values } = conditions(filter);
  // The window is taken from the index first, so that counting costs the same on the first page and on the last.
  const rows = all<Row>(
    db,
    `SELECT image.*, ${counted} FROM (
       SELECT id FROM image WHERE ${where} ORDER BY root_id, sort_key, id LIMIT ? OFFSET ?
     ) AS page JOIN image ON image.id = page.id
     ORDER BY image.root_id, image.sort_key, image.id`,
    ...values,
    limit,
    offset,
  );
  return rows.map(listed);
}

/** The rows of single images, in the order of `ids`; those that are not there are left out. */
export function listedImages(db: Db, ids: readonly number[]): ListedImage[] {
  const row = `SELECT image.*, ${counted} FROM (SELECT ? AS id) AS page JOIN image ON image.id = page.id`;
  return ids.flatMap((id) => all<Row>(db, row, id).map(listed));
}

/** Where an image is in the filtered list, from 0; null when the filter leaves it out. */
export function positionOf(db: Db, imageId: number, filter: ImageFilter = {}): number | null {
  const { where, values } = conditions(filter);
  const self = get(db, `SELECT root_id, sort_key FROM image WHERE id = ? AND ${where}`, imageId, ...values);
  if (!self) return null;
  const before = `SELECT count(*) AS n FROM image WHERE (root_id, sort_key, id) < (?, ?, ?) AND ${where}`;
  return get<{ n: number }>(db, before, self['root_id']!, self['sort_key']!, imageId, ...values)!.n;
}

const queriesWith = (status: string) =>
  `(SELECT count(*) FROM query WHERE image_id = page.id AND status = '${status}')`;

/** The counts of one image, each from an index. */
const counted = `${queriesWith('draft')} AS draft, ${queriesWith('proposed')} AS proposed,
  ${queriesWith('accepted')} AS accepted, ${queriesWith('rejected')} AS rejected,
  (SELECT count(*) FROM instance WHERE image_id = page.id) AS instances,
  (SELECT count(*) FROM query JOIN proposal ON proposal.query_id = query.id
   WHERE query.image_id = page.id AND proposal.status = 'pending') AS pending`;

function listed(row: Row): ListedImage {
  const count = (name: string) => Number(row[name]);
  const counts = {
    draft: count('draft'),
    proposed: count('proposed'),
    accepted: count('accepted'),
    rejected: count('rejected'),
    instances: count('instances'),
    pending: count('pending'),
  };
  const open = counts.draft + counts.proposed > 0;
  const asked = open || counts.accepted + counts.rejected > 0;
  return { ...toRecord('image', row), state: open ? 'open' : asked ? 'done' : 'new', counts };
}

/** Writes image records in one change; those with id 0 are new and get an id. Paths may be exchanged among them. */
export function putImages(
  db: Db,
  images: readonly ImageRecord[],
  actor: Actor = {},
  what = 'image.edit',
): readonly ImageRecord[] {
  if (images.length === 0) return [];
  const { result } = change(
    db,
    actor,
    what,
    (writer) => {
      writer.vacate(images);
      return images.map((image) => writer.put('image', image.id === 0 ? { ...image, id: newId(db, 'image') } : image));
    },
    (written) => (written.length === 1 ? { imageId: written[0]!.id } : {}),
  );
  return result;
}
