/**
 * @file Proposals: what a model offers for a query. Accepting one makes an instance of it, in one transaction with the
 * link, the query's status and the event.
 */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Rle } from '../contract/mask.ts';
import type { Actor, Instance, Proposal, Run } from '../contract/records.ts';
import { change, type Writer } from './change.ts';
import { withMask } from './instances.ts';
import { canonical } from './masks.ts';
import { review } from './queries.ts';
import { need, newId, select } from './records.ts';
import { keepRunAnswer, type RunAnswer } from './run-answers.ts';
import { settle } from './settle.ts';
import type { Db } from './statements.ts';

/** What a model made, best first. */
export type NewProposal = Pick<Proposal, 'rle' | 'score'> & { label?: string | null };
export type NewRun = Omit<Run, 'id' | 'queryId' | 'at'> & { at?: number };

/** Proposals of a query in the order the model gave them. */
export const proposalsOf = (db: Db, queryId: number): Proposal[] =>
  select(db, 'proposal', 'query_id = ? ORDER BY id', queryId);

/** What models did for a query, oldest first. */
export const runsOfQuery = (db: Db, queryId: number): Run[] => select(db, 'run', 'query_id = ? ORDER BY id', queryId);

/**
 * Stores what a model did and what it offers. Proposals of earlier runs that nobody decided are replaced: they are
 * removed, and undo brings them back. An answer without proposals is stored as well. @param input.answer all that the
 * model found, of which the proposals may be a part; it is kept beside the run for good.
 */
export function propose(
  db: Db,
  queryId: number,
  input: { run: NewRun; proposals: readonly NewProposal[]; answer?: RunAnswer; version?: number },
  actor: Actor,
): Change & { result: { run: Run; proposals: Proposal[] } } {
  return change(
    db,
    actor,
    'query.propose',
    (writer) => {
      const { imageId } = writer.touch(queryId, input.version);
      for (const { id } of pending(db, queryId)) writer.remove('proposal', id);
      const run = writer.put('run', { at: Date.now(), ...input.run, id: newId(db, 'run'), queryId });
      const { height, width } = need(db, 'image', imageId);
      if (input.answer) keepRunAnswer(db, run.id, [height, width], input.answer);
      const proposals = input.proposals.map(({ rle, score, label = null }) =>
        writer.put('proposal', {
          id: newId(db, 'proposal'),
          queryId,
          runId: run.id,
          rle,
          area: 0,
          bbox: [0, 0, 0, 0],
          score,
          label,
          status: 'pending',
          instanceId: null,
        }),
      );
      settle(db, writer, queryId);
      return { run, proposals };
    },
    () => ({ queryId, imageId: need(db, 'query', queryId).imageId }),
  );
}

/**
 * Accepts a proposal, as it is or with the mask that the annotator made of it. @param options.version of the query.
 * @throws AppError conflict when it was decided already or the query has changed.
 */
export function acceptProposal(
  db: Db,
  proposalId: number,
  options: { rle?: Rle; categoryId?: number | null; version?: number },
  actor: Actor,
): Change & { result: Instance } {
  return change(
    db,
    actor,
    'proposal.accept',
    (writer) => {
      const proposal = undecided(db, proposalId);
      review(writer, proposal.queryId, actor, options.version);
      const instance = accept(db, writer, proposal, options.rle, options.categoryId);
      settle(db, writer, proposal.queryId);
      return instance;
    },
    ({ id, imageId }) => ({ instanceId: id, imageId, queryId: need(db, 'proposal', proposalId).queryId }),
  );
}

/**
 * Accepts proposals of a query that wait: all, or those named. With none, nothing but the event is stored.
 * @throws AppError conflict when one that is named was decided already or is another query's.
 */
export function acceptAll(
  db: Db,
  queryId: number,
  options: { proposalIds?: readonly number[]; categoryId?: number | null; version?: number },
  actor: Actor,
): Change & { result: Instance[] } {
  return change(
    db,
    actor,
    'proposal.accept-all',
    (writer) => {
      review(writer, queryId, actor, options.version);
      const chosen = options.proposalIds?.map((id) => waiting(db, id, queryId)) ?? pending(db, queryId);
      const instances = chosen.map((proposal) => accept(db, writer, proposal, undefined, options.categoryId));
      settle(db, writer, queryId);
      return instances;
    },
    () => ({ queryId, imageId: need(db, 'query', queryId).imageId }),
  );
}

/** Rejects a proposal. It is kept: what a model got wrong is worth knowing. */
export function rejectProposal(
  db: Db,
  proposalId: number,
  actor: Actor,
  version?: number,
): Change & { result: Proposal } {
  return change(
    db,
    actor,
    'proposal.reject',
    (writer) => {
      const proposal = undecided(db, proposalId);
      review(writer, proposal.queryId, actor, version);
      const rejected = writer.put('proposal', { ...proposal, status: 'rejected' });
      settle(db, writer, proposal.queryId);
      return rejected;
    },
    ({ queryId }) => ({ queryId, imageId: need(db, 'query', queryId).imageId }),
  );
}

/** Proposals of a query that nobody has decided. */
export const pending = (db: Db, queryId: number): Proposal[] =>
  select(db, 'proposal', "query_id = ? AND status = 'pending' ORDER BY id", queryId);

function undecided(db: Db, proposalId: number): Proposal {
  const proposal = need(db, 'proposal', proposalId);
  if (proposal.status === 'pending') return proposal;
  throw new AppError('conflict', `Proposal ${proposalId} was ${proposal.status} already.`, {
    hint: 'Undo that first, if it was wrong.',
  });
}

function waiting(db: Db, proposalId: number, queryId: number): Proposal {
  const proposal = undecided(db, proposalId);
  if (proposal.queryId === queryId) return proposal;
  throw new AppError('bad-request', `Proposal ${proposalId} belongs to another query.`);
}

/** The proposal as an instance of its query. A proposal whose mask the query has already is accepted as that one. */
export function accept(
  db: Db,
  writer: Writer,
  proposal: Proposal,
  rle?: Rle,
  categoryId: number | null = null,
): Instance {
  const query = need(db, 'query', proposal.queryId);
  if (query.noTarget) writer.put('query', { ...query, noTarget: false });
  const mask = rle ?? proposal.rle;
  const edited = rle !== undefined && canonical(rle).counts !== proposal.rle.counts;
  const same = withMask(db, proposal.queryId, mask);
  const instance =
    same ??
    writer.put('instance', {
      id: newId(db, 'instance'),
      imageId: query.imageId,
      rle: mask,
      area: 0,
      bbox: [0, 0, 0, 0],
      categoryId,
      score: proposal.score,
      source: 'model',
      attributes: { ...(proposal.label === null ? {} : { label: proposal.label }), ...(edited ? { edited } : {}) },
    });
  if (!same) writer.put('queryInstance', { queryId: query.id, instanceId: instance.id, rank: null });
  writer.put('proposal', { ...proposal, status: 'accepted', instanceId: instance.id });
  return instance;
}
