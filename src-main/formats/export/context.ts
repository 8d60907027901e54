/** @file What every format but COCO writes from: the records of a project, image by image, answers in their order. */

import { AppError } from '../../contract/errors.ts';
import type { ExportFidelity, ExportProfile, Loss } from '../../contract/export-profiles.ts';
import type { ImageRecord } from '../../contract/records.ts';
import { type Categories, eachImage, hintCheck, instancesOf, queriesOf, type Selected } from '../coco/selection.ts';
import type { AskedQuery, CocoOptions, CocoProgress, CocoSource } from '../coco/source.ts';
import type { Fidelity } from './fidelity.ts';
import type { Losses } from './losses.ts';

/** Also knows where the photos lie. */
export type ExportSource = CocoSource & {
  /** Absolute path of the photo, for copying; null where the file is missing or another one by now. */
  photo?(image: ImageRecord): string | null;
};

export type ExportOptions = CocoOptions & {
  /** Whether photos lie beside the labels, in the formats whose readers look for them there. 'copy' by default. */
  readonly photos?: 'copy' | 'none';
  /** The split of an image, a plain name; 'train' for all by default. */
  readonly splitOf?: (image: ImageRecord) => string;
};

/** What was written, as the writer counts it. */
export type Counts = { images: number; annotations: number; queries: number; categories: number };

export type ExportContext = {
  readonly source: ExportSource;
  readonly options: ExportOptions;
  readonly categories: Categories;
  readonly counts: Counts;
  readonly losses: Losses;
  readonly fidelity: Fidelity;
};

export type ExportReport = Readonly<Counts> & {
  readonly profile: ExportProfile;
  readonly files: number;
  readonly bytes: number;
  readonly losses: readonly Loss[];
  readonly fidelity: ExportFidelity;
};

/** A query with the instances of its answer that have a pixel, in the order of the links. */
export type Answer = AskedQuery & { readonly instances: readonly Selected[] };

export type ImageAnswers = {
  readonly image: ImageRecord;
  readonly fileName: string;
  readonly split: string;
  readonly answers: readonly Answer[];
  /** Exported instances with a pixel, in the order of their ids. */
  readonly instances: readonly Selected[];
  /** Instances without a pixel, and queries that have none but those. */
  readonly empty: { readonly instances: number; readonly queries: number };
};

/** The images with what is exported of them: one at a time. @param round before this one, @param rounds of the stage. */
export async function* eachAnswered(
  { source, options }: ExportContext,
  stage: CocoProgress['stage'],
  round = 0,
  rounds = 1,
): AsyncGenerator<ImageAnswers> {
  for await (const image of eachImage(source, options, stage, round, rounds)) {
    yield await answersOf(source, options, image);
  }
}

async function answersOf(source: ExportSource, options: ExportOptions, image: ImageRecord): Promise<ImageAnswers> {
  const all = new Map<number, Selected>();
  for await (const selected of instancesOf(source, image, options)) all.set(selected.instance.id, selected);
  let emptied = 0;
  const answers: Answer[] = [];
  for (const asked of await queriesOf(source, image, options)) {
    const instances = asked.links.map(({ instanceId }) => all.get(instanceId) ?? missing(asked, instanceId));
    const kept = instances.filter(({ area }) => area > 0);
    if (kept.length === 0 && instances.length > 0) emptied++;
    const links = asked.links.filter((_, k) => instances[k]!.area > 0);
    answers.push({ ...asked, links, instances: kept });
  }
  const instances = [...all.values()].filter(({ area }) => area > 0);
  return {
    image,
    fileName: source.fileName(image),
    split: options.splitOf?.(image) ?? 'train',
    answers,
    instances,
    empty: { instances: all.size - instances.length, queries: emptied },
  };
}

function missing({ query }: AskedQuery, instanceId: number): never {
  throw new AppError('bad-project', `Query ${query.id} has instance ${instanceId}, which its image has not.`, {
    hint: hintCheck,
  });
}

/** Counts what formats of queries leave out of an image; whether there is something to write. */
export function loseOfImage({ losses }: ExportContext, { answers, instances, empty }: ImageAnswers): boolean {
  if (empty.instances > 0) losses.add('no-pixel', empty.instances);
  if (empty.queries > 0) losses.add('emptied', empty.queries);
  const unasked = instances.filter(({ queryIds }) => queryIds.length === 0).length;
  if (unasked > 0) losses.add('unasked', unasked);
  if (answers.length === 0) losses.add('no-query');
  return answers.length > 0;
}

/** The images of which `keep` says so: an export of a part of a project. */
export function onlyImages(source: ExportSource, keep: (image: ImageRecord) => boolean, count: number): ExportSource {
  return {
    ...source,
    imageCount: count,
    async *images() {
      for await (const image of source.images()) if (keep(image)) yield image;
    },
  };
}
