/**
 * @file Choosing images of a COCO file: which file and which photos, how it stands (JSON), and what was decided of each
 * image. `image` and `category` are ids of the file as texts, so that a file that was sorted anew changes nothing.
 * A folder of photos with `takes_new` 0 gives the project only those that were chosen: reading it adds no others.
 */
import type { Db } from '../statements.ts';

export function selection(db: Db): void {
  db.exec(`
    ALTER TABLE image_root ADD COLUMN takes_new INTEGER NOT NULL DEFAULT 1 CHECK (takes_new IN (0, 1));

    CREATE TABLE selection_source (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      coco_relative TEXT,
      coco TEXT NOT NULL,
      photos_relative TEXT,
      photos TEXT NOT NULL,
      settings TEXT NOT NULL,
      opened INTEGER NOT NULL
    );

    CREATE TABLE selection_choice (
      source_id INTEGER NOT NULL REFERENCES selection_source (id),
      image TEXT NOT NULL,
      verdict TEXT NOT NULL CHECK (verdict IN ('keep', 'drop')),
      made_by TEXT NOT NULL CHECK (made_by IN ('hand', 'fill')),
      category TEXT,
      PRIMARY KEY (source_id, image)
    ) WITHOUT ROWID;
  `);
}
