/** @file COCO's own evaluation: instances by image and category, as pycocotools reports them, with intervals over images. */
import { type CocoFile, type CocoId, runsOfSegmentation } from '../formats/coco/read.ts';
import { averagePrecision, type CocoSummary, evaluateRanking, rank, summariseCoco } from '../metrics/coco-ap.ts';
import { type Detection, type GroupMatches, matchGroup, type Truth } from '../metrics/coco-match.ts';
import { regionOfRuns } from '../metrics/region.ts';
import { clustersOf, drawWeights, percentileInterval, seededRandom } from '../metrics/resample.ts';
import type { Problems } from './problems.ts';
import type { Figure } from './report.ts';
import type { CocoResult } from './results.ts';

/** The groups of each category, one for each image that has anything of it, images in the order of their ids. */
export type CocoGroups = { readonly category: CocoId; readonly images: string[]; readonly matches: GroupMatches[] }[];

/**
 * Matches detections with annotations. What is damaged, or is for an image or category that the file has not, is told and
 * left out.
 */
export function matchCoco(file: CocoFile, detections: readonly CocoResult[], problems: Problems): CocoGroups {
  const groups = new Map(
    Array.from(file.categories.keys(), (category) => [
      category,
      new Map<CocoId, { truths: Truth[]; found: Detection[] }>(),
    ]),
  );
  const groupOf = (image: CocoId, category: CocoId) => {
    const images = groups.get(category);
    if (!images) throw new Error(`there is no category ${JSON.stringify(category)}`);
    const group = images.get(image) ?? { truths: [], found: [] };
    images.set(image, group);
    return group;
  };
  const region = (image: CocoId, segmentation: unknown) => {
    const known = file.images.get(image);
    if (!known) throw new Error(`there is no image ${image}`);
    return regionOfRuns(runsOfSegmentation(segmentation, known.width, known.height), known.height, known.width);
  };
  for (const { id, image_id, category_id, segmentation, area, iscrowd } of file.annotations.values()) {
    try {
      const mask = region(image_id, segmentation);
      const truth = { region: mask, area: area ?? mask.area, crowd: iscrowd === true };
      groupOf(image_id, category_id ?? '').truths.push(truth);
    } catch (error) {
      problems.tell('ground-truth', `annotation ${id} is left out: ${(error as Error).message}`);
    }
  }
  for (const [k, { image_id, category_id = '', segmentation, score }] of detections.entries()) {
    try {
      const detection = { region: region(image_id, segmentation), score };
      groupOf(image_id, category_id).found.push(detection);
    } catch (error) {
      problems.tell('mask', `detection ${k + 1} is left out: ${(error as Error).message}`);
    }
  }
  const sorted = <T>(map: ReadonlyMap<CocoId, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted(groups).map(([category, images]) => {
    const filled = sorted(images);
    return {
      category,
      images: filled.map(([image]) => String(image)),
      matches: filled.map(([, { truths, found }]) => matchGroup(truths, found)),
    };
  });
}

export type CocoReport = {
  readonly format: 'novo-evaluation-coco';
  readonly version: 1;
  readonly groundTruth: string;
  readonly results: string;
  readonly images: number;
  readonly detections: number;
  readonly resamples: number;
  readonly seed: number;
  readonly summary: CocoSummary;
  readonly AP: Figure;
  readonly AP50: Figure;
  /** By name of category; null where it has no annotation. */
  readonly categories: Readonly<Record<string, { readonly AP: number | null; readonly AP50: number | null }>>;
};

type Options = { groundTruth: string; results: string; resamples: number; seed: number };

export function cocoReport(file: CocoFile, detections: readonly CocoResult[], groups: CocoGroups, options: Options) {
  const rankings = groups.map(({ category, images, matches }) => ({
    name: file.categories.get(category)?.name ?? String(category),
    images,
    ranking: rank(matches),
  }));
  const results = rankings.map(({ ranking }) => evaluateRanking(ranking));
  const precision = (each: typeof results, threshold?: number) =>
    averagePrecision(
      each.flatMap((result) => result ?? []),
      threshold,
    );
  // One draw of images serves all categories: what stands on one photo belongs together.
  const clusters = clustersOf(Array.from(file.images.keys(), String));
  const numbers = new Map(Array.from(file.images.keys(), (image, k) => [String(image), k]));
  const random = seededRandom(options.seed);
  const drawn = Array.from({ length: options.resamples }, () => {
    const weights = drawWeights(random, clusters);
    const own = (images: string[]) => Float64Array.from(images, (image) => weights[numbers.get(image)!]!);
    const each = rankings.map(({ images, ranking }) => evaluateRanking(ranking, own(images)));
    return [precision(each), precision(each, 0)] as const;
  });
  const figure = (value: number | null, k: 0 | 1): Figure => ({
    value,
    interval: percentileInterval(drawn.flatMap((each) => each[k] ?? [])),
  });
  const report: CocoReport = {
    format: 'novo-evaluation-coco',
    version: 1,
    ...options,
    images: file.images.size,
    detections: detections.length,
    summary: summariseCoco(groups.map(({ matches }) => matches)),
    AP: figure(precision(results), 0),
    AP50: figure(precision(results, 0), 1),
    categories: Object.fromEntries(
      rankings.map(({ name }, k) => [name, { AP: precision([results[k]!]), AP50: precision([results[k]!], 0) }]),
    ),
  };
  return report;
}
