/** @file Taking images out of the project, say those that came in by mistake. Files of photos are never touched. */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Actor, ImageRecord } from '../contract/records.ts';
import { change, type Writer } from './change.ts';
import { need, select } from './records.ts';
import { listRoots } from './roots.ts';
import { type Db, run } from './statements.ts';

export type Removed = {
  readonly images: number;
  readonly queries: number;
  readonly instances: number;
  /** Folders that take no new photos from now on: reading them again would bring back what was taken out. */
  readonly closed: readonly number[];
};

/** What would go with the images. */
export function countAnnotations(db: Db, imageIds: readonly number[]): { queries: number; instances: number } {
  const of = (table: 'query' | 'instance') =>
    imageIds.reduce((sum, id) => sum + select(db, table, 'image_id = ?', id).length, 0);
  return { queries: of('query'), instances: of('instance') };
}

/**
 * Takes the images out, in one change; the inverse brings them and all that went with them back.
 * @param annotated also images with queries or instances, which go with them. @throws AppError conflict for such an
 * image without `annotated`, not-found; then nothing was changed.
 */
export function removeImages(
  db: Db,
  imageIds: readonly number[],
  actor: Actor,
  { annotated = false } = {},
): Change & { result: Removed } {
  return change(
    db,
    actor,
    'image.remove',
    (writer) => {
      const totals = { queries: 0, instances: 0 };
      const images = imageIds.map((id) => need(db, 'image', id));
      for (const image of images) {
        const gone = removeOne(db, writer, image, annotated);
        totals.queries += gone.queries;
        totals.instances += gone.instances;
      }
      return { images: images.length, ...totals, closed: closeFolders(db, images) };
    },
    () => ({ imageId: imageIds.length === 1 ? imageIds[0]! : null }),
  );
}

function removeOne(db: Db, writer: Writer, { id, path }: ImageRecord, annotated: boolean) {
  const queries = select(db, 'query', 'image_id = ?', id);
  const instances = select(db, 'instance', 'image_id = ?', id);
  if (!annotated && queries.length + instances.length > 0) {
    throw new AppError('conflict', `${path} has ${queries.length} queries and ${instances.length} masks.`, {
      hint: 'Delete them first, or say that they go with it.',
    });
  }
  for (const query of queries) {
    for (const table of ['proposal', 'run', 'review'] as const) {
      for (const record of select(db, table, 'query_id = ?', query.id)) writer.remove(table, record.id);
    }
    for (const { instanceId } of select(db, 'queryInstance', 'query_id = ?', query.id)) {
      writer.remove('queryInstance', query.id, instanceId);
    }
  }
  for (const candidate of select(db, 'candidate', 'image_id = ?', id)) writer.remove('candidate', candidate.id);
  for (const query of queries) writer.remove('query', query.id);
  for (const instance of instances) writer.remove('instance', instance.id);
  writer.remove('image', id);
  return { queries: queries.length, instances: instances.length };
}

/** Photos that still lie in a folder which takes whatever is new would be back when it is read again. */
function closeFolders(db: Db, images: readonly ImageRecord[]): number[] {
  const still = new Set(images.filter(({ status }) => status !== 'missing').map(({ rootId }) => rootId));
  const open = listRoots(db).filter(({ id, takesNew }) => takesNew && still.has(id));
  for (const { id } of open) run(db, 'UPDATE image_root SET takes_new = 0 WHERE id = ?', id);
  return open.map(({ id }) => id);
}
