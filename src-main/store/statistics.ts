/**
 * @file Records as statistics count them: without masks, a page of images at a time, so that a large project is neither
 * held in memory nor read at one go.
 */
import type { PersonFigure } from '../contract/figures.ts';
import type { Query } from '../contract/records.ts';
import type { ImageFacts, QueryFacts } from '../dataset/statistics.ts';
import type { ModelFacts } from '../dataset/statistics-work.ts';
import { all, type Db, type Row } from './statements.ts';

const pageSize = 500;

/** Every image with its queries and instances, a page at a time, in the order of ids. */
export function* imageFacts(db: Db): Generator<ImageFacts[]> {
  for (let after = 0; ; ) {
    const images = all<{ id: number; width: number; height: number }>(
      db,
      'SELECT id, width, height FROM image WHERE id > ? ORDER BY id LIMIT ?',
      after,
      pageSize,
    );
    const last = images.at(-1)?.id;
    if (last === undefined) return;
    const instances = Map.groupBy(
      all<{ id: number; imageId: number; categoryId: number | null; area: number }>(
        db,
        `SELECT id, image_id AS imageId, category_id AS categoryId, area FROM instance
         WHERE image_id > ? AND image_id <= ? ORDER BY id`,
        after,
        last,
      ),
      ({ imageId }) => imageId,
    );
    const queries = Map.groupBy(queryFacts(db, after, last), ({ imageId }) => imageId);
    yield images.map((image) => ({
      ...image,
      instances: instances.get(image.id) ?? [],
      queries: queries.get(image.id) ?? [],
    }));
    after = last;
  }
}

function queryFacts(db: Db, after: number, last: number): (QueryFacts & { imageId: number })[] {
  const links = Map.groupBy(
    all<{ queryId: number; instanceId: number; rank: number | null }>(
      db,
      `SELECT query_id AS queryId, instance_id AS instanceId, rank FROM query_instance JOIN query ON query.id = query_id
       WHERE image_id > ? AND image_id <= ? ORDER BY query_id, rank IS NULL, rank, instance_id`,
      after,
      last,
    ),
    ({ queryId }) => queryId,
  );
  const rows = all<Row>(
    db,
    `SELECT id, image_id, text, form, reasoning_type, source, status, no_target, clear, correct FROM query
     WHERE image_id > ? AND image_id <= ? ORDER BY id`,
    after,
    last,
  );
  const mark = (value: unknown) => (value === null ? null : value === 1);
  return rows.map((row) => {
    const id = Number(row['id']);
    const answer = links.get(id) ?? [];
    return {
      id,
      imageId: Number(row['image_id']),
      text: String(row['text']),
      form: row['form'] as Query['form'],
      reasoningType: row['reasoning_type'] as Query['reasoningType'],
      source: row['source'] as Query['source'],
      status: row['status'] as Query['status'],
      noTarget: row['no_target'] === 1,
      clear: mark(row['clear']),
      correct: mark(row['correct']),
      instanceIds: answer.map(({ instanceId }) => instanceId),
      ranked: answer.some(({ rank }) => rank !== null),
    };
  });
}

/** What became of the proposals of each model. A mask counts as corrected when it is no longer the one that was proposed. */
export const modelFacts = (db: Db): ModelFacts[] =>
  all<ModelFacts>(
    db,
    `SELECT pack, reasoner, count(DISTINCT run.id) AS runs,
       ifnull(sum(proposal.status = 'accepted' AND instance.counts = proposal.counts), 0) AS asProposed,
       ifnull(sum(proposal.status = 'accepted' AND instance.counts <> proposal.counts), 0) AS corrected,
       ifnull(sum(proposal.status = 'rejected'), 0) AS rejected,
       ifnull(sum(proposal.status = 'pending'), 0) AS waiting
     FROM run LEFT JOIN proposal ON proposal.run_id = run.id LEFT JOIN instance ON instance.id = proposal.instance_id
     GROUP BY pack, reasoner ORDER BY runs DESC, pack, reasoner`,
  );

/** A pause longer than this is none of the work, in milliseconds. */
export const longestMs = 600_000;

/** All who did something under a name, most actions first. */
export const personFacts = (db: Db): PersonFigure[] =>
  all<PersonFigure>(
    db,
    `SELECT who, count(*) AS actions,
       (SELECT count(*) FROM review WHERE review.who = event.who) AS verdicts, sum(min(ms, ?)) / 3600000.0 AS hours
     FROM event WHERE who <> '' GROUP BY who ORDER BY actions DESC, who`,
    longestMs,
  );
