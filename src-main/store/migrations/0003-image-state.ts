/**
 * @file How far each image is, kept beside it: in a project of 50,000 decided images the next undecided one, and any
 * window of a list by state, come from an index instead of a look at every query. Only triggers write it, so it is
 * right whoever changes a query. 0 is new (no query), 1 open (one that is not decided), 2 done.
 */
import type { Db } from '../statements.ts';

const stateOf = (image: string) => `CASE
  WHEN EXISTS (SELECT 1 FROM query WHERE image_id = ${image} AND status IN ('draft', 'proposed')) THEN 1
  WHEN EXISTS (SELECT 1 FROM query WHERE image_id = ${image}) THEN 2
  ELSE 0 END`;

const follow = (name: string, event: string, ...images: string[]) => {
  const updates = images.map((image) => `UPDATE image SET state = ${stateOf(image)} WHERE id = ${image};`);
  return `CREATE TRIGGER ${name} AFTER ${event} ON query BEGIN ${updates.join(' ')} END;`;
};

export function imageState(db: Db): void {
  db.exec(`
    ALTER TABLE image ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
    UPDATE image SET state = ${stateOf('image.id')};
    CREATE INDEX image_state ON image (state, root_id, sort_key, id);
    CREATE INDEX image_undecided ON image (root_id, sort_key, id) WHERE state < 2;
    ${follow('query_added', 'INSERT', 'NEW.image_id')}
    ${follow('query_changed', 'UPDATE OF status, image_id', 'NEW.image_id', 'OLD.image_id')}
    ${follow('query_removed', 'DELETE', 'OLD.image_id')}
  `);
}
