/** @file A query with the masks that may answer it, ranked by the model's reference mask. */
import type { AlignItem } from '../contract/methods-align.ts';
import type { Proposal } from '../contract/records.ts';
import { asksForOrder, type RankedMask, rankMasks, referenceMask } from '../dataset/align.ts';
import { instancesOf, linksOf } from '../store/instances.ts';
import { pending } from '../store/proposals.ts';
import { need, select } from '../store/records.ts';
import { runAnswerOf } from '../store/run-answers.ts';
import type { Db } from '../store/statements.ts';
import { categoryName } from './review-item.ts';

/** A proposal that agrees more than this with an annotated mask is as good as it (as in `query.ask`). */
const asGood = 0.9;

/** @throws AppError not-found. */
export function alignItem(db: Db, queryId: number): AlignItem {
  const query = need(db, 'query', queryId);
  const { instances, proposals, reference, ranked } = rankedOf(db, queryId);
  const byKind = {
    instance: new Map(instances.map((each) => [each.id, each])),
    proposal: new Map(proposals.map((each) => [each.id, each])),
  };
  const named = new Set(select(db, 'candidate', 'query_id = ?', queryId).flatMap(({ targets }) => targets));
  return {
    query,
    image: need(db, 'image', query.imageId),
    candidates: ranked.map(({ kind, id, overlap, adds, coveredBy }) => {
      const { rle, area, bbox, score } = byKind[kind].get(id)!;
      const instance = kind === 'instance' ? byKind.instance.get(id)! : null;
      return {
        ...{ kind, id, rle, area, bbox, score, overlap, adds },
        source: instance?.source ?? 'model',
        label: instance ? categoryName(db, instance.categoryId) : (byKind.proposal.get(id)?.label ?? null),
        coveredBy: coveredBy?.instanceId ?? null,
        named: instance !== null && named.has(id),
      };
    }),
    answer: linksOf(db, queryId).map(({ instanceId, rank }) => ({ kind: 'instance', id: instanceId, rank })),
    reference,
    asksForOrder: asksForOrder(query.text),
  };
}

/** Proposals that wait and show the same as an instance of the image. */
export function samePairs(db: Db, queryId: number): { proposalId: number; instanceId: number }[] {
  return rankedOf(db, queryId).ranked.flatMap(({ kind, id, coveredBy }: RankedMask) =>
    kind === 'proposal' && coveredBy && coveredBy.iou > asGood
      ? [{ proposalId: id, instanceId: coveredBy.instanceId }]
      : [],
  );
}

function rankedOf(db: Db, queryId: number) {
  const { imageId } = need(db, 'query', queryId);
  const instances = instancesOf(db, imageId);
  const proposals = pending(db, queryId);
  const reference = referenceOf(db, queryId);
  return { instances, proposals, reference, ranked: rankMasks(instances, proposals, reference?.rle ?? null) };
}

/** What the model answered last: its semantic mask where that was kept, else all that it offered and nobody refused. */
function referenceOf(db: Db, queryId: number): AlignItem['reference'] {
  const run = select(db, 'run', 'query_id = ? ORDER BY id DESC LIMIT 1', queryId)[0];
  if (!run) return null;
  const answer = runAnswerOf(db, run.id);
  const offered = select(db, 'proposal', "run_id = ? AND status <> 'rejected'", run.id);
  const masks = answer?.instances.length ? answer.instances : offered;
  const rle = referenceMask(
    answer?.semantic ?? null,
    masks.map(({ rle: mask }: Pick<Proposal, 'rle'>) => mask),
  );
  return rle && { rle, from: answer?.semantic ? 'semantic' : 'proposals' };
}
