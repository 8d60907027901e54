/**
 * @file Frozen releases of a dataset: what was released, with the SHA-256 of its list of checksums. Nobody changes or
 * removes such a record, so that a folder which says that it is the release can be proved to be it. And a short
 * fingerprint of each photo by its content, for finding near-duplicates: it is the same for ever.
 */
import type { Db } from '../statements.ts';

export function releases(db: Db): void {
  db.exec(`
    CREATE TABLE release (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version TEXT NOT NULL UNIQUE COLLATE NOCASE,
      at REAL NOT NULL,
      who TEXT NOT NULL,
      folder_relative TEXT,
      folder TEXT NOT NULL,
      sums_hash TEXT NOT NULL,
      card TEXT NOT NULL
    );
    CREATE TRIGGER release_is_frozen BEFORE UPDATE ON release
      BEGIN SELECT RAISE(ABORT, 'A release is never changed.'); END;
    CREATE TRIGGER release_is_kept BEFORE DELETE ON release
      BEGIN SELECT RAISE(ABORT, 'A release is never removed.'); END;

    CREATE TABLE photo_fingerprint (content_hash TEXT PRIMARY KEY, difference_hash TEXT NOT NULL) WITHOUT ROWID;
  `);
}
