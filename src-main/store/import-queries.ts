/**
 * @file A query of a plan into the project. A question that its image has already is compared: the same answer is known,
 * an open question gets its answer, another answer becomes a second query, a draft whose note says so. Whatever has been
 * answered stays as it is.
 */
import type { ImportConflict, QueryDraft } from '../contract/import.ts';
import { type Query, querySchema } from '../contract/records.ts';
import { newVersion } from './change.ts';
import { linksOf } from './instances.ts';
import { pending } from './proposals.ts';
import { find, need, newId, select, write } from './records.ts';
import type { Db } from './statements.ts';

export type QueryOutcome = {
  /** The project's query that the plan's one is now. */
  readonly id: number;
  readonly kind: 'added' | 'known' | 'answered';
  readonly conflict: ImportConflict | null;
};

type Links = readonly { readonly instanceId: number; readonly rank: number | null }[];

export type QueryImport = {
  readonly db: Db;
  /** The project's instance for a place in the plan. */
  readonly idOf: (place: number) => number;
  /** For the note of a second answer. */
  readonly source: string;
  /** Queries from this id on came with this import: two answers to one question are then the source's own. */
  readonly firstId: number;
};

export function importQuery({ db, idOf, source, firstId }: QueryImport, draft: QueryDraft): QueryOutcome {
  const links = draft.links.map(({ instance, rank }) => ({ instanceId: idOf(instance), rank }));
  const twins = select(db, 'query', 'image_id = ? AND text = ? ORDER BY id', draft.imageId, draft.text);
  const answered = isAnswered(draft, links);
  const same = twins.find((twin) => sameAnswer(db, twin, draft, links));
  const first = same ?? twins.find(({ id }) => id < firstId);
  if (!first) {
    const { id } = add(db, draft, links);
    return { kind: 'added', id, conflict: null };
  }
  if (first.id < firstId && isOpen(db, first) && (answered || draft.status === 'rejected')) {
    answer(db, first, draft, links);
    return { kind: 'answered', id: first.id, conflict: null };
  }
  if (same) {
    const differs = decided(draft.status) && decided(same.status) && draft.status !== same.status;
    const what = `The same answer is ${same.status} here and ${draft.status} there.`;
    return { kind: 'known', id: same.id, conflict: differs ? conflictOf(db, draft, same, null, what) : null };
  }
  if (!answered) {
    const differs = draft.status === 'rejected' && first.status === 'accepted';
    const what = 'It is answered here and rejected there.';
    return { kind: 'known', id: first.id, conflict: differs ? conflictOf(db, draft, first, null, what) : null };
  }
  const what = `${answerText(linksOf(db, first.id).length, first)} here, ${answerText(links.length, draft)} there.`;
  const note = `${source} has another answer than query ${first.id}: ${what} Keep one of the two.`;
  const added = add(
    db,
    { ...draft, status: 'draft', note: draft.note === '' ? note : `${note}\n${draft.note}` },
    links,
  );
  return { kind: 'added', id: added.id, conflict: conflictOf(db, draft, first, added.id, what) };
}

const decided = (status: Query['status']) => status === 'accepted' || status === 'rejected';

const isAnswered = ({ noTarget }: { noTarget: boolean }, links: Links): boolean => noTarget || links.length > 0;

/** Nobody has answered it, and nobody has judged it. */
const isOpen = (db: Db, query: Query): boolean => !decided(query.status) && !isAnswered(query, linksOf(db, query.id));

/** The same masks in the same order; which records hold them does not matter. */
function sameAnswer(db: Db, query: Query, draft: QueryDraft, links: Links): boolean {
  const own = linksOf(db, query.id);
  if (query.noTarget !== draft.noTarget || own.length !== links.length) return false;
  const texts = (list: Links) =>
    list.map(({ instanceId, rank }) => `${rank} ${need(db, 'instance', instanceId).rle.counts}`).toSorted();
  const theirs = texts(links);
  return texts(own).every((text, k) => text === theirs[k]);
}

function add(db: Db, { links: _, model, reviews: __, ...fields }: QueryDraft, links: Links): Query {
  const query = querySchema.parse({ ...fields, id: newId(db, 'query'), version: newVersion(db) });
  write(db, 'query', query);
  putLinks(db, query.id, links);
  putRun(db, query.id, model);
  return query;
}

/** The open query with the draft's answer and verdict. Proposals that wait still do. */
function answer(db: Db, query: Query, draft: QueryDraft, links: Links): void {
  const { noTarget, exhaustive, clear, correct, reviewer, model } = draft;
  const waits = pending(db, query.id).length > 0 && draft.status !== 'rejected';
  write(db, 'query', {
    ...query,
    status: waits ? 'proposed' : draft.status,
    noTarget: noTarget && !waits,
    exhaustive,
    clear: clear ?? query.clear,
    correct: correct ?? query.correct,
    reviewer: reviewer ?? query.reviewer,
    note: query.note === '' ? draft.note : query.note,
    version: newVersion(db),
  });
  putLinks(db, query.id, links);
  putRun(db, query.id, model);
}

function putLinks(db: Db, queryId: number, links: Links): void {
  for (const { instanceId, rank } of links) {
    // Two drafts that are one instance here: it is in the answer once.
    if (find(db, 'queryInstance', queryId, instanceId)) continue;
    write(db, 'queryInstance', { queryId, instanceId, rank });
  }
}

/** Which models proposed the answer is all that a source tells of them. */
function putRun(db: Db, queryId: number, model: QueryDraft['model']): void {
  if (!model) return;
  const told = { prompts: { imported: true }, answer: null, timing: null, at: Date.now() };
  write(db, 'run', { id: newId(db, 'run'), queryId, pack: model.pack, reasoner: model.reasoner, ...told });
}

export function conflictOf(
  db: Db,
  { imageId, text }: QueryDraft,
  here: Pick<Query, 'id'>,
  addedId: number | null,
  what: string,
): ImportConflict {
  return { imageId, path: need(db, 'image', imageId).path, text, queryId: here.id, addedId, what };
}

const answerText = (instances: number, { noTarget }: { noTarget: boolean }): string =>
  noTarget ? 'nothing matches' : instances === 1 ? 'one instance' : `${instances} instances`;
