/**
 * @file Jobs of query generation. What was answered is on disk, with its candidates, in the one transaction that says
 * so: a job that is killed at any moment goes on with exactly the questions that have no answer.
 */

import { AppError } from '../contract/errors.ts';
import type { Candidate, GenerationSettings } from '../contract/generate.ts';
import { generationSettingsSchema } from '../contract/generate.ts';
import type { Actor } from '../contract/records.ts';
import { addEvent } from './events.ts';
import { newId, write } from './records.ts';
import { all, type Db, get, type Row, run, transact } from './statements.ts';

export type StoredGeneration = {
  readonly id: number;
  readonly at: number;
  readonly who: string;
  readonly url: string;
  readonly model: string;
  readonly settings: GenerationSettings;
  readonly state: 'running' | 'paused' | 'done' | 'cancelled';
  readonly reason: string | null;
};

export type NewRequest = { readonly imageId: number; readonly templateId: number; readonly categoryId: number | null };
export type Request = NewRequest & {
  readonly id: number;
  readonly generationId: number;
  readonly state: 'waiting' | 'answered' | 'failed';
  readonly attempts: number;
};

export type NewAnswer = {
  readonly ms: number;
  readonly seed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly prompt: string;
  /** As it came. */
  readonly raw: string;
  /** What was wrong with it. */
  readonly error: string | null;
};

export type NewCandidate = Omit<Candidate, 'id' | 'requestId' | 'imageId' | 'state' | 'queryId'>;

/** A job with its questions, in the order in which they are asked. */
export function createGeneration(
  db: Db,
  job: Pick<StoredGeneration, 'url' | 'model' | 'settings'>,
  requests: readonly NewRequest[],
  actor: Actor,
): number {
  return transact(db, () => {
    const who = actor.who ?? '';
    const insert = `INSERT INTO generation (at, who, url, model, settings, state) VALUES (?, ?, ?, ?, ?, 'running')`;
    const { lastInsertRowid } = run(db, insert, Date.now(), who, job.url, job.model, JSON.stringify(job.settings));
    const id = Number(lastInsertRowid);
    const one = `INSERT INTO generation_request (generation_id, image_id, template_id, category_id, state, attempts)
      VALUES (?, ?, ?, ?, 'waiting', 0)`;
    for (const { imageId, templateId, categoryId } of requests) run(db, one, id, imageId, templateId, categoryId);
    addEvent(db, { who, what: 'generation.start', clicks: 0, strokes: 0, ms: 0 });
    return id;
  });
}

/** @throws AppError not-found. */
export function needGeneration(db: Db, id: number): StoredGeneration {
  const row = get<Row>(db, 'SELECT * FROM generation WHERE id = ?', id);
  if (row) return toGeneration(row);
  throw new AppError('not-found', `There is no generation ${id} in this project.`);
}

/** Newest first. */
export const listGenerations = (db: Db): StoredGeneration[] =>
  all<Row>(db, 'SELECT * FROM generation ORDER BY id DESC').map(toGeneration);

export function setGeneration(
  db: Db,
  id: number,
  { state, reason = null, settings }: { state: StoredGeneration['state']; reason?: string | null; settings?: object },
): void {
  run(db, 'UPDATE generation SET state = ?, reason = ? WHERE id = ?', state, reason, id);
  if (settings) run(db, 'UPDATE generation SET settings = ? WHERE id = ?', JSON.stringify(settings), id);
}

/** Ids of the questions that have no answer yet, in order. */
export const waitingRequests = (db: Db, generationId: number): number[] =>
  all<{ id: number }>(
    db,
    "SELECT id FROM generation_request WHERE generation_id = ? AND state = 'waiting' ORDER BY id",
    generationId,
  ).map(({ id }) => id);

export function needRequest(db: Db, id: number): Request {
  const row = get<Row>(db, 'SELECT * FROM generation_request WHERE id = ?', id)!;
  const { generation_id, image_id, template_id, category_id, ...rest } = row;
  const names = { generationId: generation_id, imageId: image_id, templateId: template_id, categoryId: category_id };
  return { ...rest, ...names } as unknown as Request;
}

/** Questions that failed wait again. */
export function retryFailed(db: Db, generationId: number): void {
  const again = `UPDATE generation_request SET state = 'waiting', attempts = 0, error = NULL
    WHERE generation_id = ? AND state = 'failed'`;
  run(db, again, generationId);
}

/**
 * What came of asking a question once: the answer as it came (null where none did), its candidates, and where the
 * question stands now. All of it is on disk when this returns, or nothing of it. @returns ids of the candidates.
 */
export function storeAnswer(
  db: Db,
  request: Pick<Request, 'id' | 'imageId'>,
  outcome: {
    readonly state: Request['state'];
    readonly error: string | null;
    readonly answer: NewAnswer | null;
    readonly candidates: readonly NewCandidate[];
  },
): number[] {
  return transact(db, () => {
    const { state, error, answer, candidates } = outcome;
    const update = 'UPDATE generation_request SET state = ?, error = ?, attempts = attempts + 1 WHERE id = ?';
    run(db, update, state, error, request.id);
    if (answer) {
      const insert = `INSERT INTO generation_answer
        (request_id, at, ms, seed, input_tokens, output_tokens, prompt, raw, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
      const { ms, seed, inputTokens, outputTokens, prompt, raw } = answer;
      run(db, insert, request.id, Date.now(), ms, seed, inputTokens, outputTokens, prompt, raw, answer.error);
    }
    return candidates.map((candidate) => {
      const id = newId(db, 'candidate');
      const { id: requestId, imageId } = request;
      write(db, 'candidate', { ...candidate, id, requestId, imageId, state: 'new', queryId: null });
      return id;
    });
  });
}

export type GenerationCounts = {
  readonly waiting: number;
  readonly answered: number;
  readonly failed: number;
  readonly candidates: number;
  readonly answers: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Milliseconds of the last answers, newest first. */
  readonly lastMs: readonly number[];
  readonly failures: readonly { readonly reason: string; readonly count: number }[];
};

/** How far a job is, counted from its rows: the same after a restart as before it. */
export function countGeneration(db: Db, id: number): GenerationCounts {
  const states = all<{ state: Request['state']; n: number }>(
    db,
    'SELECT state, count(*) AS n FROM generation_request WHERE generation_id = ? GROUP BY state',
    id,
  );
  const of = (state: string) => states.find((each) => each.state === state)?.n ?? 0;
  const answers = get<{ n: number; input: number; output: number }>(
    db,
    `SELECT count(*) AS n, ifnull(sum(input_tokens), 0) AS input, ifnull(sum(output_tokens), 0) AS output
     FROM generation_answer JOIN generation_request AS r ON r.id = request_id WHERE generation_id = ?`,
    id,
  )!;
  const candidates = get<{ n: number }>(
    db,
    'SELECT count(*) AS n FROM candidate JOIN generation_request AS r ON r.id = request_id WHERE generation_id = ?',
    id,
  )!;
  const last = all<{ ms: number }>(
    db,
    `SELECT ms FROM generation_answer JOIN generation_request AS r ON r.id = request_id WHERE generation_id = ?
     ORDER BY generation_answer.id DESC LIMIT 50`,
    id,
  );
  const failures = all<{ reason: string; count: number }>(
    db,
    `SELECT error AS reason, count(*) AS count FROM generation_request
     WHERE generation_id = ? AND state = 'failed' AND error IS NOT NULL GROUP BY error ORDER BY count(*) DESC LIMIT 10`,
    id,
  );
  return {
    waiting: of('waiting'),
    answered: of('answered'),
    failed: of('failed'),
    candidates: candidates.n,
    answers: answers.n,
    inputTokens: answers.input,
    outputTokens: answers.output,
    lastMs: last.map(({ ms }) => ms),
    failures,
  };
}

/** What earlier answers of a model in this project cost: the last two hundred. */
export function measuredAnswers(db: Db, model: string): { inputTokens: number; outputTokens: number; ms: number }[] {
  const answers = `SELECT a.input_tokens AS inputTokens, a.output_tokens AS outputTokens, a.ms
    FROM generation_answer AS a JOIN generation_request AS r ON r.id = a.request_id
    JOIN generation AS g ON g.id = r.generation_id WHERE g.model = ? ORDER BY a.id DESC LIMIT 200`;
  return all(db, answers, model);
}

const toGeneration = ({ settings, ...row }: Row): StoredGeneration =>
  ({ ...row, settings: generationSettingsSchema.parse(JSON.parse(settings as string)) }) as unknown as StoredGeneration;
