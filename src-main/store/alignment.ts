/** @file Pairing a query with its masks in one change: what is confirmed becomes its whole answer. */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Actor } from '../contract/records.ts';
import { change } from './change.ts';
import { accept, pending } from './proposals.ts';
import { review } from './queries.ts';
import { need, select } from './records.ts';
import { settle } from './settle.ts';
import type { Db } from './statements.ts';

export type AnswerEntry = { readonly kind: 'instance' | 'proposal'; readonly id: number };

export type Alignment = {
  /** The whole answer, in its order where `ranked`. Not empty. */
  readonly answer: readonly AnswerEntry[];
  readonly ranked: boolean;
  /** Proposals that are as good as an instance of the answer: they count as accepted. */
  readonly same: readonly { readonly proposalId: number; readonly instanceId: number }[];
  readonly version?: number;
};

/**
 * Makes the masks of `answer` the query's answer: those that it had besides leave it (the masks stay), proposals that were
 * chosen become instances, the other ones that waited are decided. @throws AppError conflict, bad-request; then nothing changed.
 */
export function alignQuery(
  db: Db,
  queryId: number,
  { answer, ranked, same, version }: Alignment,
  actor: Actor,
): Change & { result: number[] } {
  return change(
    db,
    actor,
    'query.align',
    (writer) => {
      const query = review(writer, queryId, actor, version);
      if (answer.length === 0) throw new AppError('bad-request', 'No mask is chosen.');
      if (query.noTarget) writer.put('query', { ...query, noTarget: false });
      const waiting = new Map(pending(db, queryId).map((proposal) => [proposal.id, proposal]));
      const instanceIds = answer.map(({ kind, id }) => {
        if (kind === 'instance') return ofImage(db, id, query.imageId);
        const proposal = waiting.get(id);
        if (!proposal) throw notWaiting(id);
        waiting.delete(id);
        return accept(db, writer, proposal).id;
      });
      const unique = [...new Set(instanceIds)];
      for (const { instanceId } of select(db, 'queryInstance', 'query_id = ?', queryId)) {
        if (!unique.includes(instanceId)) writer.remove('queryInstance', queryId, instanceId);
      }
      for (const [at, instanceId] of unique.entries()) {
        writer.put('queryInstance', { queryId, instanceId, rank: ranked ? at + 1 : null });
      }
      for (const proposal of waiting.values()) {
        const twin = same.find(({ proposalId }) => proposalId === proposal.id)?.instanceId ?? null;
        const taken = twin !== null && unique.includes(twin);
        writer.put('proposal', {
          ...proposal,
          status: taken ? 'accepted' : 'rejected',
          instanceId: taken ? twin : null,
        });
      }
      settle(db, writer, queryId);
      return unique;
    },
    () => ({ queryId, imageId: need(db, 'query', queryId).imageId }),
  );
}

function ofImage(db: Db, instanceId: number, imageId: number): number {
  if (need(db, 'instance', instanceId).imageId === imageId) return instanceId;
  throw new AppError('bad-request', `Instance ${instanceId} belongs to another image.`);
}

const notWaiting = (id: number) =>
  new AppError('conflict', `Proposal ${id} does not wait for a decision any more.`, {
    hint: 'Nothing was changed. Look at the query as it is now.',
  });
