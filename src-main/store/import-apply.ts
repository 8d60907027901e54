/**
 * @file A plan of an import into the project, in one transaction with one event. It only adds, so there is no diff: for
 * tens of thousands of records one would be as large as the file. Going back is by the copy that is made before
 * (`backup`). The one thing that changes is an open query of the project, which gets the answer that the plan has for it.
 */
import type { ImportConflict, ImportPlan } from '../contract/import.ts';
import { type Actor, actorSchema, type Category } from '../contract/records.ts';
import { addEvent } from './events.ts';
import { instancePlaces } from './import-instances.ts';
import { conflictOf, importQuery } from './import-queries.ts';
import { importReviews } from './import-reviews.ts';
import { newId, select, write } from './records.ts';
import { type Db, transact } from './statements.ts';

export type AppliedImport = {
  readonly added: { readonly instances: number; readonly queries: number; readonly categories: number };
  readonly known: { readonly instances: number; readonly queries: number };
  readonly answered: number;
  readonly reviews: number;
  readonly conflicts: { readonly count: number; readonly examples: ImportConflict[] };
  /** Categories that the project has with another supercategory. */
  readonly superDiffers: string[];
};

export type ApplyOptions = {
  /** Of the event: `import.coco`. */
  readonly what: string;
  /** What was read, for the notes of queries with another answer. */
  readonly source: string;
  /** Does all of it and takes it back: what would be. */
  readonly dryRun?: boolean;
};

const mostConflicts = 20;
const dry = Symbol('dry run');

/**
 * Writes the plan; on disk when this returns. It does not yield: 36,000 instances take about a second.
 * @throws AppError when the database cannot be written; then nothing was changed.
 */
export function applyImport(db: Db, plan: ImportPlan, actor: Actor, options: ApplyOptions): AppliedImport {
  let applied: AppliedImport | undefined;
  try {
    transact(db, () => {
      applied = apply(db, plan, options);
      const { added, answered, reviews } = applied;
      const changes = added.instances + added.queries + added.categories + answered + reviews;
      if (changes > 0) addEvent(db, { ...actorSchema.parse(actor), what: options.what });
      if (options.dryRun) throw dry;
    });
  } catch (error) {
    if (error !== dry) throw error;
  }
  return applied!;
}

function apply(db: Db, plan: ImportPlan, { source }: ApplyOptions): AppliedImport {
  const { categoryIds, added, superDiffers } = putCategories(db, plan);
  const instances = instancePlaces(db, plan, categoryIds);
  const outcomes = { added: 0, known: 0, answered: 0 };
  const conflicts: { count: number; examples: ImportConflict[] } = { count: 0, examples: [] };
  const into = { db, idOf: instances.idOf, source, firstId: newId(db, 'query') };
  const conflict = (found: ImportConflict) => {
    conflicts.count++;
    if (conflicts.examples.length < mostConflicts) conflicts.examples.push(found);
  };
  let reviews = 0;
  for (const query of plan.queries) {
    const outcome = importQuery(into, query);
    outcomes[outcome.kind]++;
    if (outcome.conflict) conflict(outcome.conflict);
    const verdicts = importReviews(db, outcome.id, query.reviews ?? [], outcome.kind === 'added');
    reviews += verdicts.added;
    if (verdicts.conflict !== null) conflict(conflictOf(db, query, outcome, null, verdicts.conflict));
  }
  return {
    added: { instances: instances.added, queries: outcomes.added, categories: added },
    known: { instances: instances.known, queries: outcomes.known },
    answered: outcomes.answered,
    reviews,
    conflicts,
    superDiffers,
  };
}

/** The project's categories for the places of the plan: by name, new ones in the order of the source. */
function putCategories(db: Db, plan: ImportPlan) {
  const byName = new Map(select(db, 'category', 'TRUE').map((category) => [category.name, category]));
  const ids = new Map<number, number>();
  const superDiffers: string[] = [];
  let added = 0;
  const named = [...plan.categories.entries()].flatMap(([place, draft]) => (draft ? [{ place, draft }] : []));
  for (const { place, draft } of named.sort((a, b) => a.draft.order - b.draft.order)) {
    const { name, supercategory } = draft;
    const known = byName.get(name);
    if (known && supercategory !== null && known.supercategory !== supercategory) {
      superDiffers.push(`${name}: ${known.supercategory ?? 'none'} here, ${supercategory} there`);
    }
    const category: Category = known ?? { id: newId(db, 'category'), name, supercategory };
    if (!known) {
      write(db, 'category', category);
      byName.set(name, category);
      added++;
    }
    ids.set(place, category.id);
  }
  const categoryIds = (place: number | null) => (place === null ? null : (ids.get(place) ?? null));
  return { categoryIds, added, superDiffers };
}
