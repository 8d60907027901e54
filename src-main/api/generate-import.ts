/** @file queries.import: a list of queries, one a line, becomes draft queries. No endpoint is needed. */

import type { Parsed } from '../contract/api.ts';
import type { ListReport } from '../contract/methods-generate.ts';
import type { Actor } from '../contract/records.ts';
import { wordCount, wordLimits } from '../dataset/generate-checks.ts';
import { type ListedQuery, readQueryLines } from '../dataset/generate-lines.ts';
import { normalised } from '../dataset/generate-similar.ts';
import { addQueries, type NewQuery, queriesOf } from '../store/queries.ts';
import { find } from '../store/records.ts';
import type { Db } from '../store/statements.ts';
import { actorOf, changed } from './changed.ts';
import type { Handlers } from './dispatcher.ts';
import { imagesByName } from './generate-names.ts';
import { openSession, type Services } from './services.ts';

export function importHandlers(services: Services): Pick<Handlers, 'queries.import'> {
  return {
    'queries.import': async (input) => {
      const session = openSession(services);
      const { queries, report } = readList(session.project.db, input);
      importList(session.project.db, queries, actorOf(services), (change) => changed(services, session, change));
      return report;
    },
  };
}

type Told = (change: Omit<ReturnType<typeof addQueries>, 'result'>) => void;

/** One change an image, so that each image's undo takes back its own. */
export function importList(db: Db, queries: readonly NewQuery[], actor: Actor, told: Told): void {
  const byImage = Map.groupBy(queries, ({ imageId }) => imageId);
  for (const list of byImage.values()) {
    for (const query of list) {
      const { result: _, ...change } = addQueries(db, [query], actor);
      told(change);
    }
  }
}

/** The queries of a list that can be added, and what became of the others. */
export function readList(
  db: Db,
  { text, form, reasoningType }: Parsed<'queries.import'>,
): { queries: NewQuery[]; report: ListReport } {
  const { queries: listed, bad } = readQueryLines(text);
  const skipped = new Map<string, string[]>();
  const skip = (reason: string, example: string) => skipped.set(reason, [...(skipped.get(reason) ?? []), example]);
  for (const { line, reason, text: said } of bad) skip(reason, `line ${line}: ${said}`);
  const imageOf = imagesByName(db);
  const known = new Map<number, Set<string>>();
  const queries = listed.flatMap((query): NewQuery[] => {
    const { line, image, text: asked } = query;
    const imageId = imageOf(image) ?? idIn(db, image);
    if (imageId === null) {
      skip('No image of the project has this name', `line ${line}: ${image}`);
      return [];
    }
    const texts = known.get(imageId) ?? new Set(queriesOf(db, imageId).map((each) => normalised(each.text)));
    known.set(imageId, texts);
    if (texts.has(normalised(asked))) {
      skip('The image has this query already', `line ${line}: ${asked}`);
      return [];
    }
    texts.add(normalised(asked));
    const kind = query.reasoningType ?? reasoningType;
    return [{ imageId, text: asked, form: formOf(query, form), reasoningType: kind, source: 'import' }];
  });
  const reasons = [...skipped].map(([reason, all]) => ({ reason, count: all.length, examples: all.slice(0, 20) }));
  return { queries, report: { read: listed.length + bad.length, added: queries.length, skipped: reasons } };
}

/** As the line says, else as the list says, else by its length. */
function formOf({ form, text }: ListedQuery, given: NewQuery['form'] | null): NonNullable<NewQuery['form']> {
  return form ?? given ?? (wordCount(text) < wordLimits.long.min || !/[.?!]$/.test(text) ? 'short' : 'long');
}

const idIn = (db: Db, name: string): number | null =>
  /^[1-9]\d{0,14}$/.test(name) && find(db, 'image', Number(name)) ? Number(name) : null;
