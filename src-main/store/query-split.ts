/** @file One query said in several ways: paraphrases share its instances and are judged each for itself. */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Actor, Query } from '../contract/records.ts';
import { change, newVersion } from './change.ts';
import { linksOf } from './instances.ts';
import { queryWithText } from './queries.ts';
import { newId } from './records.ts';
import { settle } from './settle.ts';
import type { Db } from './statements.ts';

export type Paraphrase = Pick<Query, 'text' | 'form'>;

/**
 * Adds queries that mean the same as `queryId`: with its instances in their order, its kind of reasoning, its "nothing
 * matches". None of them is validated. @throws AppError conflict when the image has one of the texts already, or the query
 * was changed since `version`.
 */
export function splitQuery(
  db: Db,
  queryId: number,
  parts: readonly Paraphrase[],
  actor: Actor,
  version?: number,
): Change & { result: Query[] } {
  return change(
    db,
    actor,
    'query.split',
    (writer) => {
      const query = writer.touch(queryId, version);
      const links = linksOf(db, queryId);
      return parts.map(({ text, form }) => {
        if (queryWithText(db, query.imageId, text)) {
          throw new AppError('conflict', `The image has the query "${text.slice(0, 200)}" already.`, {
            hint: 'Nothing was added. Say it in other words.',
          });
        }
        const { imageId, reasoningType, noTarget, exhaustive } = query;
        const added = writer.put('query', {
          ...{ imageId, reasoningType, noTarget, exhaustive, text, form },
          ...{ id: newId(db, 'query'), version: newVersion(db), source: 'human', status: 'draft' },
          ...{ clear: null, correct: null, reviewer: null, note: '' },
        });
        for (const link of links) writer.put('queryInstance', { ...link, queryId: added.id });
        return settle(db, writer, added.id);
      });
    },
    (added) => ({ queryId, imageId: added[0]?.imageId ?? null }),
  );
}
