/** @file Candidates: what a model wrote, until a person keeps or drops it. A decision is a change that can be taken back. */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Candidate, Flag, Provenance } from '../contract/generate.ts';
import type { Actor, Query } from '../contract/records.ts';
import { change, newVersion, type Writer } from './change.ts';
import { blankQuery } from './queries.ts';
import { need, newId, select } from './records.ts';
import { all, type Db, get, type Row } from './statements.ts';

/** Candidates of an image in the order they came. */
export const candidatesOf = (db: Db, imageId: number): Candidate[] =>
  select(db, 'candidate', 'image_id = ? ORDER BY id', imageId);

export type CandidateEdit = Partial<Pick<Candidate, 'text' | 'form' | 'reasoningType'>>;

/**
 * Decides on a candidate. `keep` makes a draft query of it, of source `model`, and remembers which. `flags` are those of
 * the text as it is after `edit`. @throws AppError conflict where it was decided otherwise already.
 */
export function decideCandidate(
  db: Db,
  candidateId: number,
  decision: 'keep' | 'drop' | 'reopen' | 'edit',
  { edit = {}, flags }: { edit?: CandidateEdit; flags?: Flag[] },
  actor: Actor,
): Change & { result: Candidate } {
  return change(
    db,
    actor,
    `candidate.${decision}`,
    (writer) => {
      const before = need(db, 'candidate', candidateId);
      checkDecision(before, decision);
      const edited: Candidate = { ...before, ...edit, ...(flags ? { flags } : {}) };
      if (decision === 'edit') return writer.put('candidate', edited);
      if (decision === 'drop') return writer.put('candidate', { ...edited, state: 'dropped' });
      if (decision === 'reopen') return writer.put('candidate', { ...edited, state: 'new' });
      const query = addQueryOf(db, writer, edited);
      return writer.put('candidate', { ...edited, state: 'kept', queryId: query.id });
    },
    ({ imageId, queryId }) => ({ imageId, queryId }),
  );
}

function addQueryOf(db: Db, writer: Writer, { imageId, text, form, reasoningType }: Candidate): Query {
  need(db, 'image', imageId);
  const said = { imageId, text, form, reasoningType, source: 'model' as const };
  return writer.put('query', { ...blankQuery, ...said, id: newId(db, 'query'), version: newVersion(db) });
}

function checkDecision({ state, text }: Candidate, decision: string): void {
  const fits =
    decision === 'reopen' ? state === 'dropped' : state === 'new' || (decision === 'keep' && state === 'dropped');
  if (fits) return;
  const is = state === 'new' ? 'waits already' : `was ${state} already`;
  throw new AppError('conflict', `"${text.slice(0, 200)}" ${is}.`, {
    hint: state === 'kept' ? 'It is a query now: edit that one, or undo.' : 'Look at it as it is now.',
  });
}

/** Where a candidate comes from. @throws AppError not-found. */
export function provenanceOf(db: Db, candidateId: number): Provenance {
  const { requestId } = need(db, 'candidate', candidateId);
  const row = get<Row>(
    db,
    `SELECT r.generation_id, t.id AS template_id, t.name, t.version, c.name AS class_name, g.settings, g.url, g.model,
       a.at, a.ms, a.seed, a.input_tokens, a.output_tokens, a.prompt, a.raw
     FROM generation_request AS r JOIN generation AS g ON g.id = r.generation_id
     JOIN prompt_template AS t ON t.id = r.template_id JOIN generation_answer AS a ON a.request_id = r.id
     LEFT JOIN category AS c ON c.id = r.category_id
     WHERE r.id = ? ORDER BY a.id DESC LIMIT 1`,
    requestId,
  );
  if (!row) throw new AppError('not-found', `It is not known where candidate ${candidateId} comes from.`);
  const settings = JSON.parse(row['settings'] as string) as { endpoint: string; temperature: number };
  return {
    candidateId,
    generationId: row['generation_id'] as number,
    template: { id: row['template_id'] as number, name: row['name'] as string, version: row['version'] as number },
    className: row['class_name'] as string | null,
    endpoint: settings.endpoint,
    url: row['url'] as string,
    model: row['model'] as string,
    at: row['at'] as number,
    ms: row['ms'] as number,
    seed: row['seed'] as number,
    temperature: settings.temperature,
    inputTokens: row['input_tokens'] as number,
    outputTokens: row['output_tokens'] as number,
    prompt: row['prompt'] as string,
    raw: row['raw'] as string,
  };
}

/** The candidate that a query was made from; undefined for one that no model wrote. */
export const candidateOfQuery = (db: Db, queryId: number): Candidate | undefined =>
  select(db, 'candidate', 'query_id = ? ORDER BY id DESC LIMIT 1', queryId)[0];

export type QueryWriter = {
  readonly model: string;
  readonly url: string;
  readonly template: string;
  readonly version: number;
  /** Queries that are still in the project. */
  readonly queries: number;
};

/** Which models wrote the queries of the project, with which templates: for the card of a dataset. */
export const writersOf = (db: Db): QueryWriter[] =>
  all(
    db,
    `SELECT g.model, g.url, t.name AS template, t.version, count(*) AS queries
     FROM candidate AS c JOIN query ON query.id = c.query_id JOIN generation_request AS r ON r.id = c.request_id
     JOIN generation AS g ON g.id = r.generation_id JOIN prompt_template AS t ON t.id = r.template_id
     GROUP BY g.model, g.url, t.name, t.version ORDER BY count(*) DESC, t.name`,
  );
