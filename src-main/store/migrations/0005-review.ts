/**
 * @file Human validation: every verdict on a query is a record of its own, with the text that was judged, so that one
 * on an earlier wording is seen to be out of date. And settings of the project, which hold for all who open it.
 */
import type { Db } from '../statements.ts';

export function review(db: Db): void {
  db.exec(`
    CREATE TABLE review (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      query_id INTEGER NOT NULL REFERENCES query (id) DEFERRABLE INITIALLY DEFERRED,
      who TEXT NOT NULL,
      at REAL NOT NULL,
      ms REAL NOT NULL,
      text TEXT NOT NULL,
      clear INTEGER CHECK (clear IN (0, 1)),
      correct INTEGER CHECK (correct IN (0, 1)),
      rejected INTEGER NOT NULL CHECK (rejected IN (0, 1)),
      reason TEXT NOT NULL,
      decides INTEGER NOT NULL CHECK (decides IN (0, 1))
    );
    CREATE INDEX review_query ON review (query_id);
    CREATE INDEX review_who ON review (who);
    CREATE INDEX query_unvalidated ON query (image_id, id) WHERE clear IS NULL OR correct IS NULL;

    CREATE TABLE project_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `);
}
