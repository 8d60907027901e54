/**
 * @file What models did, what they offer, and the book of who did what. Events have no foreign keys: they outlive
 * what they tell of.
 */
import type { Db } from '../statements.ts';

export function models(db: Db): void {
  db.exec(`
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      query_id INTEGER NOT NULL REFERENCES query (id) DEFERRABLE INITIALLY DEFERRED,
      pack TEXT NOT NULL,
      reasoner TEXT,
      prompts TEXT NOT NULL,
      answer TEXT,
      timing TEXT,
      at REAL NOT NULL
    );
    CREATE INDEX run_query ON run (query_id);

    CREATE TABLE proposal (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      query_id INTEGER NOT NULL REFERENCES query (id) DEFERRABLE INITIALLY DEFERRED,
      run_id INTEGER REFERENCES run (id) DEFERRABLE INITIALLY DEFERRED,
      mask_height INTEGER NOT NULL,
      mask_width INTEGER NOT NULL,
      counts TEXT NOT NULL,
      area INTEGER NOT NULL,
      bbox TEXT NOT NULL,
      score REAL,
      label TEXT,
      status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'rejected')),
      instance_id INTEGER REFERENCES instance (id) DEFERRABLE INITIALLY DEFERRED
    );
    CREATE INDEX proposal_query ON proposal (query_id, status);
    CREATE INDEX proposal_run ON proposal (run_id);
    CREATE INDEX proposal_instance ON proposal (instance_id);

    CREATE TABLE event (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at REAL NOT NULL,
      who TEXT NOT NULL,
      what TEXT NOT NULL,
      image_id INTEGER,
      query_id INTEGER,
      instance_id INTEGER,
      clicks INTEGER NOT NULL,
      strokes INTEGER NOT NULL,
      ms REAL NOT NULL
    );
    CREATE INDEX event_query ON event (query_id);
  `);
}
