/**
 * @file Query generation: templates of prompts (every version is kept), jobs, the questions of a job, every answer as it
 * came, and the candidates read from it. Images and queries are named without foreign keys: where a query comes from
 * outlives the query, and ids are not used twice.
 */
import type { Db } from '../statements.ts';

export function generation(db: Db): void {
  db.exec(`
    CREATE TABLE prompt_template (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version >= 1),
      title TEXT NOT NULL,
      reasoning_type TEXT CHECK (reasoning_type IN ('attribute', 'spatial', 'context')),
      form TEXT NOT NULL CHECK (form IN ('short', 'long')),
      body TEXT NOT NULL,
      at REAL NOT NULL,
      who TEXT NOT NULL,
      UNIQUE (name, version)
    );

    CREATE TABLE generation (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at REAL NOT NULL,
      who TEXT NOT NULL,
      url TEXT NOT NULL,
      model TEXT NOT NULL,
      settings TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
      reason TEXT
    );

    CREATE TABLE generation_request (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      generation_id INTEGER NOT NULL REFERENCES generation (id),
      image_id INTEGER NOT NULL,
      template_id INTEGER NOT NULL REFERENCES prompt_template (id),
      category_id INTEGER,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'failed')),
      attempts INTEGER NOT NULL,
      error TEXT
    );
    CREATE INDEX generation_request_state ON generation_request (generation_id, state, id);
    CREATE INDEX generation_request_image ON generation_request (image_id, template_id);

    CREATE TABLE generation_answer (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      request_id INTEGER NOT NULL REFERENCES generation_request (id),
      at REAL NOT NULL,
      ms REAL NOT NULL,
      seed INTEGER NOT NULL,
      input_tokens INTEGER NOT NULL,
      output_tokens INTEGER NOT NULL,
      prompt TEXT NOT NULL,
      raw TEXT NOT NULL,
      error TEXT
    );
    CREATE INDEX generation_answer_request ON generation_answer (request_id);

    CREATE TABLE candidate (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL,
      request_id INTEGER NOT NULL REFERENCES generation_request (id),
      text TEXT NOT NULL,
      original TEXT NOT NULL,
      form TEXT NOT NULL CHECK (form IN ('short', 'long')),
      reasoning_type TEXT CHECK (reasoning_type IN ('attribute', 'spatial', 'context')),
      targets TEXT NOT NULL,
      flags TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('new', 'kept', 'dropped')),
      query_id INTEGER
    );
    CREATE INDEX candidate_image ON candidate (image_id, state);
    CREATE INDEX candidate_query ON candidate (query_id) WHERE query_id IS NOT NULL;

    CREATE TABLE image_caption (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL,
      text TEXT NOT NULL
    );
    CREATE INDEX image_caption_image ON image_caption (image_id);
  `);
}
