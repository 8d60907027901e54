/** @file What an export lost, counted while it is written, and said in sentences. */
import type { Loss } from '../../contract/export-profiles.ts';
import type { Instance } from '../../contract/records.ts';
import type { AskedQuery } from '../coco/source.ts';

const many = (count: number, one: string, several = `${one}s`) => `${count} ${count === 1 ? one : several}`;

/** Entries of a list that are named. */
const named = 10;

/** The first of the items, and how many more there are. */
export function listed(items: readonly (string | number)[]): string {
  const rest = items.length - named;
  return items.slice(0, named).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** In the order that they are told in. */
const sentences = {
  'no-pixel': (n: number) => `${many(n, 'instance')} without a pixel left out.`,
  emptied: (n: number) => `${many(n, 'query', 'queries')} without an instance for that.`,
  'no-query': (n: number) => `${many(n, 'image')} without an exported query left out.`,
  unasked: (n: number) => `${many(n, 'instance')} left out that ${n === 1 ? 'answers' : 'answer'} no exported query.`,
  texts: (n: number) => `${many(n, 'query', 'queries')} left out: the format has no texts.`,
  'no-target': (n: number) => `${many(n, 'query', 'queries')} that nothing matches in grefs(unc).json only.`,
  'not-single': (n: number) => `${many(n, 'query', 'queries')} with several instances in grefs(unc).json only.`,
  merged: (n: number) => `${many(n, 'answer')} of several instances became one mask.`,
  repeated: (n: number) => `${many(n, 'instance')} written again for another query.`,
  joined: (n: number) => `${many(n, 'mask')} of several parts joined by a line.`,
  opened: (n: number) => `${many(n, 'mask')} with holes cut open by a line.`,
  covered: (n: number) => `${many(n, 'instance')} partly hidden by another one of the same answer.`,
  twins: (n: number) => `${many(n, 'instance')} with the class and the box of another: Ultralytics keeps one of them.`,
  ranks: (n: number) => `${many(n, 'ordered answer')} lost the order.`,
  exhaustive: (n: number) => `${many(n, 'query', 'queries')} lost the remark that not all that matches is marked.`,
  kinds: (n: number) => `${many(n, 'query', 'queries')} lost the form or the kind of reasoning.`,
  review: (n: number) => `${many(n, 'query', 'queries')} lost the reviewer, a validation mark or a note.`,
  categories: (n: number) => `${many(n, 'instance')} lost the category.`,
  attributes: (n: number) => `${many(n, 'instance')} lost a score or attributes.`,
  'no-photo': (n: number) =>
    `${many(n, 'photo')} missing or changed: the labels are there without ${n === 1 ? 'it' : 'them'}.`,
  renamed: (n: number) => `${many(n, 'photo')} of another kind named .jpg: OpenCV and Pillow go by the content.`,
} as const;
export type LossKind = keyof typeof sentences;

export type Losses = {
  add(kind: LossKind, count?: number): void;
  /** A sentence of its own, for figures that are more than a count. */
  say(what: string, count: number, text: string): void;
  list(): Loss[];
};

export function countLosses(): Losses {
  const counts = new Map<LossKind, number>();
  const said: Loss[] = [];
  return {
    add: (kind, count = 1) => void counts.set(kind, (counts.get(kind) ?? 0) + count),
    say: (what, count, text) => void said.push({ what, count, text }),
    list: () => [
      ...said,
      ...Object.entries(sentences).flatMap(([what, sentence]) => {
        const count = counts.get(what as LossKind) ?? 0;
        return count > 0 ? [{ what, count, text: sentence(count) }] : [];
      }),
    ],
  };
}

/** What of a query the format has a place for, beside its text and its masks. */
export type QueryPlaces = {
  readonly ranks?: true;
  readonly exhaustive?: true;
  readonly form?: true;
  readonly reasoning?: true;
};

/** Counts what this query loses in a format with these places. */
export function loseOfQuery(losses: Losses, { query, links }: AskedQuery, places: QueryPlaces): void {
  if (!places.ranks && links.some(({ rank }) => rank !== null)) losses.add('ranks');
  if (!places.exhaustive && !query.exhaustive) losses.add('exhaustive');
  if (!places.form || (!places.reasoning && query.reasoningType !== null)) losses.add('kinds');
  const { reviewer, clear, correct, note } = query;
  if (reviewer !== null || clear !== null || correct !== null || note !== '') losses.add('review');
}

/** Counts what this instance loses in a format without attributes. @param category whether it has its own there. */
export function loseOfInstance(losses: Losses, instance: Instance, category: boolean): void {
  if (!category && instance.categoryId !== null) losses.add('categories');
  if (instance.score !== null || Object.keys(instance.attributes).length > 0) losses.add('attributes');
}
