/**
 * @file Images and what people say about them. Ids are AUTOINCREMENT: one that was deleted is not given out again,
 * so that undo can bring it back. Nothing cascades: whoever deletes says what, so that it can be put back.
 */
import type { Db } from '../statements.ts';

export function annotations(db: Db): void {
  db.exec(`
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO counter VALUES ('version', 0);

    CREATE TABLE image_root (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      relative TEXT,
      absolute TEXT NOT NULL
    );

    CREATE TABLE image (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      root_id INTEGER NOT NULL REFERENCES image_root (id),
      path TEXT NOT NULL,
      disk_path TEXT,
      sort_key TEXT NOT NULL,
      content_hash TEXT NOT NULL,
      width INTEGER NOT NULL CHECK (width >= 1),
      height INTEGER NOT NULL CHECK (height >= 1),
      format TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      modified_ms REAL NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('present', 'missing', 'changed')),
      UNIQUE (root_id, path)
    );
    CREATE INDEX image_order ON image (root_id, sort_key, id);
    CREATE INDEX image_hash ON image (content_hash);

    CREATE TABLE category (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      supercategory TEXT
    );

    CREATE TABLE query (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL REFERENCES image (id) DEFERRABLE INITIALLY DEFERRED,
      text TEXT NOT NULL,
      form TEXT NOT NULL CHECK (form IN ('short', 'long')),
      reasoning_type TEXT CHECK (reasoning_type IN ('attribute', 'spatial', 'context')),
      source TEXT NOT NULL CHECK (source IN ('model', 'human', 'import')),
      status TEXT NOT NULL CHECK (status IN ('draft', 'proposed', 'accepted', 'rejected')),
      no_target INTEGER NOT NULL CHECK (no_target IN (0, 1)),
      exhaustive INTEGER NOT NULL CHECK (exhaustive IN (0, 1)),
      clear INTEGER CHECK (clear IN (0, 1)),
      correct INTEGER CHECK (correct IN (0, 1)),
      reviewer TEXT,
      note TEXT NOT NULL,
      version INTEGER NOT NULL
    );
    CREATE INDEX query_image ON query (image_id, status);

    CREATE TABLE instance (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL REFERENCES image (id) DEFERRABLE INITIALLY DEFERRED,
      mask_height INTEGER NOT NULL,
      mask_width INTEGER NOT NULL,
      counts TEXT NOT NULL,
      area INTEGER NOT NULL,
      bbox TEXT NOT NULL,
      category_id INTEGER REFERENCES category (id) DEFERRABLE INITIALLY DEFERRED,
      score REAL,
      source TEXT NOT NULL CHECK (source IN ('model', 'human', 'import')),
      attributes TEXT NOT NULL
    );
    CREATE INDEX instance_image ON instance (image_id);
    CREATE INDEX instance_category ON instance (category_id);

    CREATE TABLE query_instance (
      query_id INTEGER NOT NULL REFERENCES query (id) DEFERRABLE INITIALLY DEFERRED,
      instance_id INTEGER NOT NULL REFERENCES instance (id) DEFERRABLE INITIALLY DEFERRED,
      rank INTEGER CHECK (rank >= 1),
      PRIMARY KEY (query_id, instance_id)
    ) WITHOUT ROWID;
    CREATE INDEX query_instance_instance ON query_instance (instance_id);
  `);
}
