/**
 * @file What is in a dataset, over records that pass by image by image: only numbers are kept. Figure 4 of the paper is
 * `supercategories` with `classes`, and `instancesPerImage`.
 */
import type { ClassFigure, ContentFigures } from '../contract/figures.ts';
import {
  type Category,
  type Query,
  type QueryStatus,
  queryForms,
  reasoningTypes,
  sources,
} from '../contract/records.ts';
import { byCount, distributionOf, tally, wholeBins } from './statistics-numbers.ts';

/** What is counted of an image. */
export type ImageFacts = {
  readonly id: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly instances: readonly { readonly id: number; readonly categoryId: number | null; readonly area: number }[];
  readonly queries: readonly QueryFacts[];
};

export type QueryFacts = Pick<
  Query,
  'id' | 'text' | 'form' | 'reasoningType' | 'source' | 'status' | 'noTarget' | 'clear' | 'correct'
> & { readonly instanceIds: readonly number[]; readonly ranked: boolean };

/** What images, queries and classes without a name are called. */
export const unnamed = { category: '(no class)', supercategory: '(none)', reasoningType: '(not said)' } as const;

/** Pixels: COCO's limits of small and medium (cocodataset.org, "detection evaluation"). */
const small = 32 * 32;
const medium = 96 * 96;

const bins = {
  perImage: wholeBins(0, 20),
  perQuery: wholeBins(0, 12),
  queries: wholeBins(1, 15),
  words: [0, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100],
  characters: [0, 25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 600],
  share: [0, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.7],
} as const;

export type Statistics = { add(image: ImageFacts): void; finish(): ContentFigures };

/** @param statuses queries with one of these are counted. */
export function createStatistics(categories: readonly Category[], statuses: readonly QueryStatus[]): Statistics {
  const named = new Map(categories.map((category) => [category.id, category]));
  const classes = new Map<number | null, { instances: number; images: number; queries: number }>();
  const [forms, types, origins, marks, sizes] = [tally(), tally(), tally(), tally(), tally()];
  const lists = { perImage: [], perQuery: [], queries: [], words: [], characters: [], share: [] } as Record<keyof typeof bins, number[]>; // biome-ignore format: one line
  const total = { images: 0, queries: 0, instances: 0, answers: 0, noTarget: 0, ranked: 0, unasked: 0 };

  function classOf(id: number | null) {
    const found = classes.get(id) ?? { instances: 0, images: 0, queries: 0 };
    classes.set(id, found);
    return found;
  }

  function addQuery(query: QueryFacts, categoryOf: ReadonlyMap<number, number | null>): void {
    total.queries++;
    total.answers += query.instanceIds.length;
    if (query.noTarget) total.noTarget++;
    if (query.ranked) total.ranked++;
    forms.add(query.form);
    types.add(query.reasoningType ?? unnamed.reasoningType);
    origins.add(query.source);
    marks.add(markOf(query));
    lists.perQuery.push(query.instanceIds.length);
    lists.words.push(countWords(query.text));
    lists.characters.push([...query.text].length);
    for (const id of new Set(query.instanceIds.map((each) => categoryOf.get(each) ?? null))) classOf(id).queries++;
  }

  return {
    add({ width, height, instances, queries }) {
      const shown = queries.filter(({ status }) => statuses.includes(status));
      const asked = new Set(shown.flatMap(({ instanceIds }) => instanceIds));
      const answering = instances.filter(({ id }) => asked.has(id));
      total.unasked += instances.length - answering.length;
      if (shown.length === 0) return;
      total.images++;
      total.instances += answering.length;
      lists.perImage.push(answering.length);
      lists.queries.push(shown.length);
      const categoryOf = new Map(answering.map(({ id, categoryId }) => [id, categoryId]));
      for (const query of shown) addQuery(query, categoryOf);
      for (const { categoryId, area } of answering) {
        classOf(categoryId).instances++;
        sizes.add(area < small ? 'small' : area < medium ? 'medium' : 'large');
        lists.share.push(area / (width * height));
      }
      for (const id of new Set(categoryOf.values())) classOf(id).images++;
    },
    finish() {
      const listed: ClassFigure[] = [...classes]
        .map(([id, figures]) => {
          const category = id === null ? undefined : named.get(id);
          return { name: category?.name ?? unnamed.category, supercategory: category?.supercategory ?? '', ...figures };
        })
        .sort((a, b) => b.instances - a.instances || (a.name < b.name ? -1 : 1));
      const above = tally();
      for (const { supercategory, instances } of listed) above.add(supercategory || unnamed.supercategory, instances);
      const distribution = (name: keyof typeof bins) => distributionOf(lists[name], bins[name]);
      return {
        statuses: [...statuses],
        ...total,
        forms: forms.counts(queryForms),
        reasoningTypes: types.counts(reasoningTypes),
        sources: origins.counts(sources),
        validation: marks.counts(['passed', 'failed', 'not judged']),
        classes: listed,
        supercategories: byCount(above.counts()),
        maskSizes: sizes.counts(['small', 'medium', 'large']),
        instancesPerImage: distribution('perImage'),
        instancesPerQuery: distribution('perQuery'),
        queriesPerImage: distribution('queries'),
        words: distribution('words'),
        characters: distribution('characters'),
        maskShare: distribution('share'),
      };
    },
  };
}

function markOf({ clear, correct }: Pick<Query, 'clear' | 'correct'>): string {
  if (clear === false || correct === false) return 'failed';
  return clear && correct ? 'passed' : 'not judged';
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** Words as Unicode divides text (UAX 29), so that languages without spaces are counted as well. */
export function countWords(text: string): number {
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) words++;
  return words;
}
