/**
 * @file Instances: masks that people have accepted or made, and their place in the answers of queries. A mask can
 * belong to several queries; it is stored, and exported, once.
 */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Rle } from '../contract/mask.ts';
import type { Actor, Instance, QueryInstance } from '../contract/records.ts';
import { change, type Writer } from './change.ts';
import { canonical } from './masks.ts';
import { review } from './queries.ts';
import { find, need, newId, select } from './records.ts';
import { eraseInstance, settle } from './settle.ts';
import type { Db } from './statements.ts';

export type NewInstance = Pick<Instance, 'imageId' | 'rle'> &
  Partial<Pick<Instance, 'categoryId' | 'score' | 'source' | 'attributes'>>;

/** Instances of an image in the order they were added. */
export const instancesOf = (db: Db, imageId: number): Instance[] =>
  select(db, 'instance', 'image_id = ? ORDER BY id', imageId);

/** Links of a query: ranked ones first, in the order of their ranks. */
export const linksOf = (db: Db, queryId: number): QueryInstance[] =>
  select(db, 'queryInstance', 'query_id = ? ORDER BY rank IS NULL, rank, instance_id', queryId);

/** The instance of a query's answer that has this very mask. @throws AppError bad-request for a damaged RLE. */
export function withMask(db: Db, queryId: number, rle: Rle): Instance | undefined {
  const { counts } = canonical(rle);
  const links = select(db, 'queryInstance', 'query_id = ?', queryId);
  return links.map(({ instanceId }) => find(db, 'instance', instanceId)).find((other) => other?.rle.counts === counts);
}

/** Adds a mask to an image and to the answer of its queries `queryIds`; none makes a plain annotation. */
export function addInstance(
  db: Db,
  input: NewInstance & { queryIds?: readonly number[]; version?: number },
  actor: Actor,
): Change & { result: Instance } {
  const { queryIds = [], version, ...given } = input;
  return change(
    db,
    actor,
    'instance.add',
    (writer) => {
      const instance = writer.put('instance', {
        categoryId: null,
        score: null,
        source: 'human',
        attributes: {},
        ...given,
        id: newId(db, 'instance'),
        area: 0,
        bbox: [0, 0, 0, 0],
      });
      for (const queryId of queryIds) link(db, writer, queryId, instance, actor, version);
      return instance;
    },
    ({ id, imageId }) => ({ instanceId: id, imageId, queryId: queryIds[0] ?? null }),
  );
}

/** Gives an instance another mask. @param options.queryId the query that is worked on, for `options.version`. */
export function editMask(
  db: Db,
  instanceId: number,
  rle: Rle,
  options: { queryId?: number; version?: number },
  actor: Actor,
): Change & { result: Instance } {
  return editInstance(db, instanceId, { rle }, options, actor, 'instance.mask');
}

/**
 * Changes an instance. Every query that has it gets a new version. A model's mask that gets another one by hand says so
 * in its attributes: `edited`.
 */
export function editInstance(
  db: Db,
  instanceId: number,
  edit: Partial<Pick<Instance, 'rle' | 'categoryId' | 'attributes' | 'score'>>,
  options: { queryId?: number; version?: number },
  actor: Actor,
  what = 'instance.edit',
): Change & { result: Instance } {
  return change(
    db,
    actor,
    what,
    (writer) => {
      touchQueries(db, writer, instanceId, options);
      const before = need(db, 'instance', instanceId);
      const mended =
        edit.rle !== undefined && canonical(edit.rle).counts !== before.rle.counts && before.source === 'model';
      const after = { ...before, ...edit };
      return writer.put('instance', mended ? { ...after, attributes: { ...after.attributes, edited: true } } : after);
    },
    ({ imageId }) => ({ instanceId, imageId, queryId: options.queryId ?? null }),
  );
}

/** Deletes an instance from all answers that have it. */
export function deleteInstance(
  db: Db,
  instanceId: number,
  options: { queryId?: number; version?: number },
  actor: Actor,
): Change & { result: Instance } {
  return change(
    db,
    actor,
    'instance.delete',
    (writer) => {
      const instance = need(db, 'instance', instanceId);
      const queryIds = touchQueries(db, writer, instanceId, options);
      for (const queryId of queryIds) unlink(db, writer, queryId, instanceId);
      eraseInstance(db, writer, instanceId);
      return instance;
    },
    ({ imageId }) => ({ instanceId, imageId, queryId: options.queryId ?? null }),
  );
}

/** Adds an instance of the same image to a query's answer. @throws AppError bad-request for another image's. */
export function linkInstance(db: Db, queryId: number, instanceId: number, actor: Actor, version?: number): Change {
  const { result: _, ...done } = change(
    db,
    actor,
    'instance.link',
    (writer) => link(db, writer, queryId, need(db, 'instance', instanceId), actor, version),
    () => ({ queryId, instanceId, imageId: need(db, 'query', queryId).imageId }),
  );
  return done;
}

/** Takes an instance out of a query's answer; the instance stays. Ranks close up. */
export function unlinkInstance(db: Db, queryId: number, instanceId: number, actor: Actor, version?: number): Change {
  const { result: _, ...done } = change(
    db,
    actor,
    'instance.unlink',
    (writer) => {
      review(writer, queryId, actor, version);
      need(db, 'queryInstance', queryId, instanceId);
      unlink(db, writer, queryId, instanceId);
    },
    () => ({ queryId, instanceId, imageId: need(db, 'query', queryId).imageId }),
  );
  return done;
}

/** Ranks the instances of a query: those named get 1, 2, 3 in that order, the others none. */
export function rankInstances(
  db: Db,
  queryId: number,
  instanceIds: readonly number[],
  actor: Actor,
  version?: number,
): Change & { result: QueryInstance[] } {
  return change(
    db,
    actor,
    'query.rank',
    (writer) => {
      writer.touch(queryId, version);
      if (new Set(instanceIds).size !== instanceIds.length) {
        throw new AppError('bad-request', 'An instance is named twice in the ranking.');
      }
      for (const id of instanceIds) need(db, 'queryInstance', queryId, id);
      return linksOf(db, queryId).map((entry) =>
        writer.put('queryInstance', { ...entry, rank: instanceIds.indexOf(entry.instanceId) + 1 || null }),
      );
    },
    () => ({ queryId, imageId: need(db, 'query', queryId).imageId }),
  );
}

function link(
  db: Db,
  writer: Writer,
  queryId: number,
  instance: Instance,
  actor: Actor,
  version: number | undefined,
): void {
  const query = review(writer, queryId, actor, version);
  if (query.imageId !== instance.imageId) {
    throw new AppError('bad-request', `Instance ${instance.id} and query ${queryId} belong to different images.`);
  }
  if (query.noTarget) writer.put('query', { ...query, noTarget: false });
  if (find(db, 'queryInstance', queryId, instance.id)) return;
  writer.put('queryInstance', { queryId, instanceId: instance.id, rank: null });
  settle(db, writer, queryId);
}

function unlink(db: Db, writer: Writer, queryId: number, instanceId: number): void {
  writer.remove('queryInstance', queryId, instanceId);
  let rank = 0;
  for (const entry of linksOf(db, queryId)) {
    if (entry.rank !== null && entry.rank !== ++rank) writer.put('queryInstance', { ...entry, rank });
  }
  settle(db, writer, queryId);
}

function touchQueries(
  db: Db,
  writer: Writer,
  instanceId: number,
  { queryId, version }: { queryId?: number; version?: number },
): number[] {
  if (queryId !== undefined) need(db, 'queryInstance', queryId, instanceId);
  const queryIds = select(db, 'queryInstance', 'instance_id = ?', instanceId).map((entry) => entry.queryId);
  for (const id of queryIds) writer.touch(id, id === queryId ? version : undefined);
  return queryIds;
}
