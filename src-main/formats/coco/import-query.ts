/** @file One of the queries beside a COCO file's annotations (as `project export` writes them) as a draft. */
import type { ImportSink, Photo, QueryDraft } from '../../contract/import.ts';
import { queryForms, queryStatuses, reasoningTypes, sources } from '../../contract/records.ts';
import { type Entry, flagOf, isEntry, type Key, keyOf, nameOf, textOf } from '../import-fields.ts';
import { formOf, inOrder, settledStatus } from '../import-query.ts';

const longestText = 10_000;

/**
 * @param placeOf the place in the plan's instances of the annotation with this id; null where it was left out.
 * @returns null, and told, for a query without a text.
 */
export function queryDraft(
  entry: Entry,
  photo: Photo,
  placeOf: (id: Key) => number | null,
  sink: ImportSink,
): QueryDraft | null {
  const name = nameOf('query', entry);
  const text = textOf(entry['text']);
  if (text === null || text.trim() === '') {
    sink.skip('text-missing', name);
    return null;
  }
  if (text.length > longestText) {
    sink.skip('text-long', name);
    return null;
  }
  const drop = (field: string) => sink.mend('field-dropped', `${name}: ${field}`);
  /** The field where it is what it should be; `fallback`, and told, where it is something else. */
  const field = <T>(key: string, read: (value: unknown) => T | null, fallback: T): T => {
    const value = entry[key];
    if (value === undefined || value === null) return fallback;
    const found = read(value);
    if (found === null) drop(key);
    return found ?? fallback;
  };
  const among =
    <T>(list: readonly T[]) =>
    (value: unknown): T | null =>
      list.find((each) => each === value) ?? null;
  const bounded = (most: number) => (value: unknown) => (typeof value === 'string' ? value.slice(0, most) : null);

  const ids = field('annotation_ids', (value) => (Array.isArray(value) ? (value as unknown[]) : null), []);
  const ranks = field('ranks', (value) => (Array.isArray(value) ? (value as unknown[]) : null), []);
  const { links, lost, renumbered } = linksOf(ids, ranks, photo, placeOf, sink);
  if (lost > 0) sink.mend('links-lost', `${name}: ${lost} of ${ids.length} annotations`);
  if (renumbered) sink.mend('ranks', name);
  const said = field('no_target', flagOf, false);
  if (said && links.length > 0) sink.mend('no-target', name);
  const noTarget = said && links.length === 0 && lost === 0;
  const claimed = field('status', among(queryStatuses), null as QueryDraft['status'] | null);
  const status = lost > 0 && claimed !== 'rejected' ? 'draft' : settledStatus(claimed, links.length > 0 || noTarget);
  if (claimed !== null && claimed !== status && lost === 0) sink.mend('status', `${name}: ${claimed}, now ${status}`);
  return {
    imageId: photo.id,
    text,
    form: field('form', among(queryForms), formOf(text)),
    reasoningType: field('reasoning_type', among(reasoningTypes), null as QueryDraft['reasoningType']),
    source: field('source', among(sources), 'import'),
    status,
    noTarget,
    exhaustive: field('exhaustive', flagOf, true),
    clear: field('clear', flagOf, null as boolean | null),
    correct: field('correct', flagOf, null as boolean | null),
    reviewer: field('reviewer', bounded(1000), null as string | null),
    note: field('note', bounded(100_000), ''),
    links,
    model: field('model', modelOf, null as QueryDraft['model']),
  };
}

function linksOf(
  ids: readonly unknown[],
  ranks: readonly unknown[],
  photo: Photo,
  placeOf: (id: Key) => number | null,
  sink: ImportSink,
) {
  const found = new Map<number, number | null>();
  let lost = 0;
  for (const [k, id] of ids.entries()) {
    const key = keyOf(id);
    const place = key === null ? null : placeOf(key);
    if (place === null || sink.plan.instances.at(place)!.imageId !== photo.id) lost++;
    else if (!found.has(place)) found.set(place, Number.isSafeInteger(ranks[k]) ? (ranks[k] as number) : null);
  }
  return { lost, ...inOrder([...found].map(([instance, rank]) => ({ instance, rank }))) };
}

function modelOf(value: unknown): QueryDraft['model'] {
  const pack = isEntry(value) ? textOf(value['pack']) : null;
  return pack === null ? null : { pack, reasoner: textOf((value as Entry)['reasoner']) };
}
