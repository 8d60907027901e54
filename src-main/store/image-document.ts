/** @file All that is kept about one image, as it was at one moment. */
import type { ImageDocument } from '../contract/methods-annotate.ts';
import { instancesOf } from './instances.ts';
import { queriesOf } from './queries.ts';
import { need, select } from './records.ts';
import type { Db } from './statements.ts';

export type ImageRecords = Pick<ImageDocument, 'image' | 'queries' | 'runs' | 'proposals' | 'instances' | 'links'>;

/** Records of an image in one transaction, each table in the order of its ids. @throws AppError not-found. */
export function readImage(db: Db, imageId: number): ImageRecords {
  const ofImage = 'query_id IN (SELECT id FROM query WHERE image_id = ?)';
  const read = (): ImageRecords => ({
    image: need(db, 'image', imageId),
    queries: queriesOf(db, imageId),
    runs: select(db, 'run', `id IN (SELECT max(id) FROM run WHERE ${ofImage} GROUP BY query_id) ORDER BY id`, imageId),
    proposals: select(db, 'proposal', `${ofImage} ORDER BY id`, imageId),
    instances: instancesOf(db, imageId),
    links: select(db, 'queryInstance', `${ofImage} ORDER BY query_id, rank IS NULL, rank, instance_id`, imageId),
  });
  return db.transaction(read).deferred();
}
