/**
 * @file What a model answered, whole: proposals are no record of it, for a later run takes the place of those that nobody
 * decided, and what the query had already was never one. No foreign key, like events: it outlives a run that undo takes
 * back, and is there again when redo brings that run back.
 */
import type { Db } from '../statements.ts';

export function runAnswer(db: Db): void {
  db.exec(`
    CREATE TABLE run_answer (
      run_id INTEGER PRIMARY KEY,
      mask_height INTEGER NOT NULL,
      mask_width INTEGER NOT NULL,
      semantic TEXT,
      refined TEXT,
      instances TEXT NOT NULL
    );
  `);
}
