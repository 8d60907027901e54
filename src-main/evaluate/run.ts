/** @file Results against ground truth, one at a time: masks are gone as soon as their numbers are known. */
import type { IouProfile } from '../metrics/giou-ciou.ts';
import type { Asked, GroundTruth } from './asked.ts';
import type { Problems } from './problems.ts';
import { type RawResult, readResult } from './result.ts';
import { type QueryScore, scoreQuery } from './score.ts';

export type RunOptions = {
  readonly profile: IouProfile;
  readonly problems: Problems;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * The scores of every query of the ground truth, in its order: those without a usable result score 0 and are told.
 * @throws the signal's reason.
 */
export async function scoreResults(
  { asked }: GroundTruth,
  results: AsyncIterable<RawResult> | Iterable<RawResult>,
  { profile, problems, signal, onProgress }: RunOptions,
): Promise<QueryScore[]> {
  const scores = new Map<string, QueryScore>();
  /** Told already, and still to be scored as lost. */
  const lost = new Set<string>();
  const damaged = new Set<string>();
  const score = (query: Asked, prediction: Parameters<typeof scoreQuery>[1]) => {
    try {
      scores.set(query.id, scoreQuery(query, prediction, profile));
    } catch (error) {
      problems.tell('ground-truth', `query ${query.id} is left out: ${(error as Error).message}`);
      damaged.add(query.id);
    }
  };
  for await (const { id, where, value } of results) {
    signal?.throwIfAborted();
    const query = id === null ? undefined : asked.get(id);
    if (id === null) problems.tell('unreadable', `${where} has no id.`);
    else if (!query) problems.tell('unknown', `${where} is for "${id}", which the ground truth does not ask.`);
    else if (scores.has(id) || lost.has(id) || damaged.has(id)) {
      problems.tell('twice', `${where} is a second result for "${id}"; the first one counts.`);
    } else {
      const prediction = readResult(value, query, (told) => problems.tell(told.kind, `"${id}": ${told.message}`));
      if (prediction) score(query, prediction);
      else lost.add(id);
      onProgress?.(scores.size, asked.size);
    }
  }
  for (const query of asked.values()) {
    if (scores.has(query.id) || damaged.has(query.id)) continue;
    if (!lost.has(query.id)) problems.tell('missing', `there is no result for "${query.id}".`);
    score(query, null);
  }
  return Array.from(asked.keys()).flatMap((id) => scores.get(id) ?? []);
}
