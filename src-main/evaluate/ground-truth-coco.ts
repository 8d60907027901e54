/** @file Ground truth from COCO: with queries of its own (our export, RISeg), or with requests that name annotations. */
import { type RequestLine, requestLineSchema } from '../contract/batch.ts';
import { type CocoAnnotation, type CocoFile, type CocoId, runsOfSegmentation } from '../formats/coco/read.ts';
import type { Truth } from '../metrics/coco-match.ts';
import { regionOfRuns, uniteRegions } from '../metrics/region.ts';
import type { Answer, Asked, GroundTruth } from './asked.ts';
import { strataOf, type Target } from './strata.ts';

/** Keys of a query that tables are broken down by, where it has them. */
const queryStrata = ['family', 'form', 'reasoning_type', 'source'] as const;

type Tell = (problem: string) => void;

/** The accepted queries of a file, and those without a status. */
export function askedOfQueries(file: CocoFile, tell: Tell): GroundTruth {
  const asked = new Map<string, Asked>();
  const others = new Map<string, number>();
  for (const query of file.queries ?? []) {
    const { status } = query;
    if (status && status !== 'accepted') {
      others.set(status, (others.get(status) ?? 0) + 1);
      continue;
    }
    const strata: Record<string, string> = {};
    for (const key of queryStrata) if (typeof query[key] === 'string') strata[key] = query[key];
    const { id, text, image_id, annotation_ids, no_target } = query;
    if (no_target === annotation_ids.length > 0) {
      tell(`query ${id} ${no_target ? 'says that nothing matches and has' : 'has no'} instances; it is left out.`);
      continue;
    }
    const made = toAsked(
      file,
      { id: String(id), text, imageId: image_id, annotationIds: annotation_ids, strata },
      tell,
    );
    if (made) asked.set(made.id, made);
  }
  return { asked, leftOut: Array.from(others, ([status, count]) => `${count} of status ${status}`) };
}

/** The requests of a batch, with the annotations that are their true answers. */
export function askedOfRequests(file: CocoFile, requests: readonly RequestLine[], tell: Tell): GroundTruth {
  const asked = new Map<string, Asked>();
  for (const { id, query, annotation_ids, category, width, height } of requests) {
    const first = annotation_ids?.map((annotation) => file.annotations.get(annotation)).find(Boolean);
    if (!annotation_ids || !first) {
      tell(`request ${id} ${annotation_ids ? 'has annotations that the file has not' : 'has no annotation_ids'}.`);
      continue;
    }
    const image = file.images.get(first.image_id);
    if (image && width !== undefined && height !== undefined && (image.width !== width || image.height !== height)) {
      tell(`request ${id} is for ${width} x ${height} pixels, and its image has ${image.width} x ${image.height}.`);
      continue;
    }
    const strata = category === undefined ? {} : { category };
    const plan = { id: String(id), text: query ?? '', imageId: first.image_id, annotationIds: annotation_ids, strata };
    const made = toAsked(file, plan, tell);
    if (made && asked.has(made.id)) tell(`request ${id} is there twice; the first one counts.`);
    else if (made) asked.set(made.id, made);
  }
  return { asked, leftOut: [] };
}

/** One line of requests with annotations. @throws SyntaxError, z.ZodError. */
export const parseRequest = (text: string): RequestLine => requestLineSchema.parse(JSON.parse(text));

type Plan = {
  readonly id: string;
  readonly text: string;
  readonly imageId: CocoId;
  readonly annotationIds: readonly CocoId[];
  readonly strata: Readonly<Record<string, string>>;
};

function toAsked(file: CocoFile, { id, text, imageId, annotationIds, strata }: Plan, tell: Tell): Asked | null {
  const image = file.images.get(imageId);
  if (!image) {
    tell(`query ${id} is for image ${imageId}, which the file has not; it is left out.`);
    return null;
  }
  const annotations: CocoAnnotation[] = [];
  for (const annotationId of annotationIds) {
    const annotation = file.annotations.get(annotationId);
    if (annotation && annotation.image_id === imageId) annotations.push(annotation);
    else {
      const why = annotation ? 'is of another image' : 'is not in the file';
      tell(`query ${id} has annotation ${annotationId}, which ${why}; the query is left out.`);
      return null;
    }
  }
  const { width, height } = image;
  return {
    id,
    imageKey: String(imageId),
    fileName: image.file_name ?? null,
    text,
    noTarget: annotations.length === 0,
    width,
    height,
    strata: { ...strata, ...strataOf(targetsOf(file, annotations)) },
    answer: () => answerOf(annotations, width, height),
  };
}

function answerOf(annotations: readonly CocoAnnotation[], width: number, height: number): Answer {
  const truths = annotations.map(({ segmentation, area, iscrowd, ignore }): Truth => {
    const region = regionOfRuns(runsOfSegmentation(segmentation, width, height), height, width);
    return { region, area: area ?? region.area, crowd: iscrowd === true, ignore: ignore === true };
  });
  const regions = (ignored: boolean) => truths.filter(({ ignore }) => ignore === ignored).map(({ region }) => region);
  const ignored = regions(true);
  return {
    target: uniteRegions(regions(false), height, width),
    ignore: ignored.length === 0 ? null : uniteRegions(ignored, height, width),
    truths,
  };
}

function targetsOf(file: CocoFile, annotations: readonly CocoAnnotation[]): Target[] {
  return annotations.map(({ category_id, area }) => {
    const category = file.categories.get(category_id ?? '');
    return { category: category?.name ?? null, supercategory: category?.supercategory ?? null, area: area ?? null };
  });
}
