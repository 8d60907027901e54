/**
 * @file Which records of a project go into the file, and the numbers of its categories: the same for the writer and for
 * the check.
 */
import { AppError } from '../../contract/errors.ts';
import type { Category, ImageRecord, Instance } from '../../contract/records.ts';
import { rleOf, runsArea, runsOf } from '../../contract/rle.ts';
import type { AskedQuery, CocoOptions, CocoProgress, CocoSource } from './source.ts';

export const hintCheck = 'Run "project check" on the project: it says what is wrong and what to do.';

export type CocoCategory = { readonly id: number; readonly name: string; readonly supercategory: string };

export type Categories = {
  readonly list: readonly CocoCategory[];
  /** The category of instances that have none; in the file only where there are such instances, unless in `list`. */
  readonly fallback: CocoCategory;
  /** Number in the file. @throws AppError bad-project for a category that is not there. */
  numberOf(instance: Instance): number;
};

/**
 * Categories are numbered 1 to n in the order of their ids: consumers use the numbers as indices, and a project's ids may
 * have gaps. The default category comes last, and is the project's own where that has one of the name.
 */
export async function numberCategories(source: CocoSource, options: CocoOptions): Promise<Categories> {
  const { defaultCategory = 'object' } = options;
  const list: CocoCategory[] = [];
  const numbers = new Map<number, number>();
  const records: Category[] = [];
  for await (const category of source.categories()) records.push(category);
  for (const { id, name, supercategory } of records.toSorted((a, b) => a.id - b.id)) {
    numbers.set(id, list.length + 1);
    list.push({ id: list.length + 1, name, supercategory: supercategory ?? '' });
  }
  const fallback = list.find(({ name }) => name === defaultCategory) ?? {
    id: list.length + 1,
    name: defaultCategory,
    supercategory: '',
  };
  return {
    list,
    fallback,
    numberOf({ id, categoryId }) {
      const number = categoryId === null ? fallback.id : numbers.get(categoryId);
      if (number !== undefined) return number;
      throw new AppError('bad-project', `Instance ${id} has the category ${categoryId}, which is not there.`, {
        hint: hintCheck,
      });
    },
  };
}

/** Queries of the image that are exported. */
export async function queriesOf(source: CocoSource, image: ImageRecord, options: CocoOptions): Promise<AskedQuery[]> {
  const { statuses = ['accepted'] } = options;
  const asked: AskedQuery[] = [];
  for await (const entry of source.queries(image)) if (statuses.includes(entry.query.status)) asked.push(entry);
  return asked;
}

export type Selected = {
  readonly instance: Instance;
  /** Canonical runs of its mask; `area` is 0 for one that cannot be exported. */
  readonly runs: Uint32Array;
  readonly area: number;
  /** Exported queries that have it. */
  readonly queryIds: readonly number[];
};

/** Instances of the image that are exported, those without a pixel among them. @throws AppError bad-project. */
export async function* instancesOf(
  source: CocoSource,
  image: ImageRecord,
  options: CocoOptions,
): AsyncGenerator<Selected> {
  const queryIds = new Map<number, number[]>();
  for (const { query, links } of await queriesOf(source, image, options)) {
    for (const { instanceId } of links) queryIds.set(instanceId, [...(queryIds.get(instanceId) ?? []), query.id]);
  }
  for await (const instance of source.instances(image)) {
    options.signal?.throwIfAborted();
    const of = queryIds.get(instance.id) ?? [];
    if (of.length === 0 && options.onlyQueried) continue;
    const runs = readMask(instance, image);
    yield { instance, runs, area: runsArea(runs), queryIds: of };
  }
}

function readMask({ id, rle }: Instance, image: ImageRecord): Uint32Array {
  const [height, width] = rle.size;
  if (height !== image.height || width !== image.width) {
    const is = `${image.width} x ${image.height}`;
    throw new AppError('bad-project', `Instance ${id} is ${width} x ${height} pixels, its image ${is}.`, {
      hint: hintCheck,
    });
  }
  try {
    return runsOf(rle);
  } catch (error) {
    throw new AppError('bad-project', `The mask of instance ${id} is damaged: ${(error as Error).message}`, {
      hint: hintCheck,
      cause: error,
    });
  }
}

/** The one text that a mask has, for comparing. */
export const maskText = (runs: Uint32Array, { height, width }: ImageRecord): string =>
  rleOf(runs, height, width).counts;

/**
 * Images one by one, counted for the progress and interrupted by the signal.
 * @param rounds before this one. @param of rounds of the stage.
 */
export async function* eachImage(
  source: CocoSource,
  options: CocoOptions,
  stage: CocoProgress['stage'],
  rounds: number,
  of = 3,
): AsyncGenerator<ImageRecord> {
  const total = of * source.imageCount;
  let done = rounds * source.imageCount;
  let last = 0;
  for await (const image of source.images()) {
    options.signal?.throwIfAborted();
    // In order also means: none twice.
    if (image.id <= last) throw new Error(`image ${image.id} follows image ${last}`);
    last = image.id;
    yield image;
    options.onProgress?.({ stage, done: ++done, total });
  }
}
