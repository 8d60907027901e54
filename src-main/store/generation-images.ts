/** @file What query generation needs to know of images: labelled objects, classes, what was asked already. */
import type { CandidateImage, LabelledBox } from '../contract/methods-generate.ts';
import type { CocoBox } from '../contract/records.ts';
import { all, type Db, get, type Row } from './statements.ts';

/** The labelled objects of an image, of whatever source. */
export function labelledBoxes(db: Db, imageId: number): LabelledBox[] {
  const rows = all<{ id: number; name: string; bbox: string }>(
    db,
    `SELECT instance.id, category.name, bbox FROM instance JOIN category ON category.id = category_id
     WHERE image_id = ? ORDER BY instance.id`,
    imageId,
  );
  return rows.map(({ id, name, bbox }) => ({ instanceId: id, category: name, bbox: JSON.parse(bbox) as CocoBox }));
}

export type ClassCount = { readonly categoryId: number; readonly name: string; readonly count: number };

/** How many objects of each class an image has, or every image of the project. */
export function classCounts(db: Db, imageId?: number): Map<number, ClassCount[]> {
  const rows = all<{ image: number; categoryId: number; name: string; count: number }>(
    db,
    `SELECT image_id AS image, category_id AS categoryId, category.name, count(*) AS count
     FROM instance JOIN category ON category.id = category_id ${imageId === undefined ? '' : 'WHERE image_id = ?'}
     GROUP BY image_id, category_id`,
    ...(imageId === undefined ? [] : [imageId]),
  );
  const counts = new Map<number, ClassCount[]>();
  for (const { image, ...count } of rows) {
    const list = counts.get(image);
    if (list) list.push(count);
    else counts.set(image, [count]);
  }
  return counts;
}

/** Images whose file is where it should be, in the order of the list. */
export const presentImages = (db: Db, which: 'all' | 'open'): { id: number; width: number; height: number }[] =>
  all(
    db,
    `SELECT id, width, height FROM image WHERE status <> 'missing'
     ${which === 'open' ? 'AND NOT EXISTS (SELECT 1 FROM query WHERE image_id = image.id)' : ''}
     ORDER BY root_id, sort_key, id`,
  );

/** Keys "image template class" of questions that were answered, or that wait in a job which has not ended. */
export function askedBefore(db: Db, templateIds: readonly number[]): Set<string> {
  const asked = `SELECT image_id AS image, template_id AS template, category_id AS category
    FROM generation_request AS r JOIN generation AS g ON g.id = r.generation_id
    WHERE template_id = ? AND (r.state = 'answered' OR (r.state = 'waiting' AND g.state IN ('running', 'paused')))`;
  return new Set(
    templateIds.flatMap((id) =>
      all<Row>(db, asked, id).map((row) => `${row['image']} ${row['template']} ${row['category']}`),
    ),
  );
}

const counted = `image.id, image.path, image.width, image.height,
  (SELECT count(*) FROM candidate WHERE image_id = image.id AND state = 'new') AS new,
  (SELECT count(*) FROM candidate WHERE image_id = image.id AND state = 'kept') AS kept,
  (SELECT count(*) FROM candidate WHERE image_id = image.id AND state = 'dropped') AS dropped,
  (SELECT count(*) FROM query WHERE image_id = image.id) AS queries`;

export type CandidateFilter = 'new' | 'any' | 'all';
const filters: Readonly<Record<CandidateFilter, string>> = {
  new: "EXISTS (SELECT 1 FROM candidate WHERE image_id = image.id AND state = 'new')",
  any: 'EXISTS (SELECT 1 FROM candidate WHERE image_id = image.id)',
  all: 'TRUE',
};

/** A window of the list of images, with the counts of their candidates. */
export const candidateImages = (db: Db, filter: CandidateFilter, offset: number, limit: number): CandidateImage[] =>
  all(
    db,
    `SELECT ${counted} FROM (
       SELECT id FROM image WHERE ${filters[filter]} ORDER BY root_id, sort_key, id LIMIT ? OFFSET ?
     ) AS page JOIN image ON image.id = page.id ORDER BY image.root_id, image.sort_key, image.id`,
    limit,
    offset,
  );

export const countCandidateImages = (db: Db, filter: CandidateFilter): number =>
  get<{ n: number }>(db, `SELECT count(*) AS n FROM image WHERE ${filters[filter]}`)!.n;

export const candidateImage = (db: Db, imageId: number): CandidateImage | undefined =>
  get(db, `SELECT ${counted} FROM image WHERE id = ?`, imageId);

/** Candidates over the whole project. */
export function countCandidates(db: Db): { new: number; kept: number; dropped: number } {
  const rows = all<{ state: string; n: number }>(db, 'SELECT state, count(*) AS n FROM candidate GROUP BY state');
  const of = (state: string) => rows.find((row) => row.state === state)?.n ?? 0;
  return { new: of('new'), kept: of('kept'), dropped: of('dropped') };
}

/** Texts of queries, and of candidates that were not dropped or became one of them. */
export const knownTexts = (
  db: Db,
  imageId?: number,
): { imageId: number; text: string; candidateId: number | null }[] => {
  const where = imageId === undefined ? '' : 'AND image_id = ?';
  const values = imageId === undefined ? [] : [imageId, imageId];
  return all(
    db,
    `SELECT image_id AS imageId, text, NULL AS candidateId FROM query WHERE TRUE ${where}
     UNION ALL SELECT image_id, text, id FROM candidate WHERE state = 'new' ${where}`,
    ...values,
  );
};

/** Ids and paths of all images. */
export const imageNames = (db: Db): { id: number; path: string }[] => all(db, 'SELECT id, path FROM image');
