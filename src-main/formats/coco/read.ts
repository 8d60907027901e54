/**
 * @file Reads a COCO file, ours or anybody's: images, categories, annotations and, where there are any, queries. Streams;
 * masks stay as the file has them (polygons or RLE) until somebody asks for one. What cannot be read is told, never
 * dropped in silence.
 */
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { issueLines } from '../../contract/issues.ts';
import { rleFromCounts, runsOf } from '../../contract/rle.ts';
import { rasteriseCocoRuns } from '../../mask/rasterise-coco.ts';
import { jsonChunks } from '../json-elements.ts';

const idSchema = z.union([z.int(), z.string().min(1)]);
export type CocoId = z.infer<typeof idSchema>;
/** `iscrowd` comes as a number and as a boolean. */
const flag = z.union([z.literal([0, 1]), z.boolean()]).transform((value) => Boolean(value));

const imageSchema = z.object({
  id: idSchema,
  file_name: z.string().optional(),
  width: z.int().positive(),
  height: z.int().positive(),
});
const categorySchema = z.object({ id: idSchema, name: z.string(), supercategory: z.string().nullish() });
const annotationSchema = z.object({
  id: idSchema,
  image_id: idSchema,
  category_id: idSchema.nullish(),
  /** Checked when it is decoded. */
  segmentation: z.unknown(),
  area: z.number().nullish(),
  iscrowd: flag.nullish(),
  ignore: flag.nullish(),
  score: z.number().nullish(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});
/** As `project export` writes it; keys that other makers add (`family`, for one) are kept. */
const querySchema = z.looseObject({
  id: idSchema,
  image_id: idSchema,
  text: z.string().default(''),
  annotation_ids: z.array(idSchema),
  no_target: z.boolean().default(false),
  status: z.string().nullish(),
});

export type CocoImage = z.infer<typeof imageSchema>;
export type CocoAnnotation = z.infer<typeof annotationSchema>;
export type CocoCategory = z.infer<typeof categorySchema>;
export type CocoQuery = z.infer<typeof querySchema>;

export type CocoFile = {
  readonly images: ReadonlyMap<CocoId, CocoImage>;
  readonly categories: ReadonlyMap<CocoId, CocoCategory>;
  readonly annotations: ReadonlyMap<CocoId, CocoAnnotation>;
  /** null where the file has no such section. */
  readonly queries: readonly CocoQuery[] | null;
};

/**
 * @param tell is called for every element that cannot be read or stands there twice; the others are read.
 * @throws AppError bad-request when the file is no JSON object or has no images; the system's error.
 */
export async function readCoco(file: string, tell: (problem: string) => void, signal?: AbortSignal): Promise<CocoFile> {
  const images = new Map<CocoId, CocoImage>();
  const categories = new Map<CocoId, CocoCategory>();
  const annotations = new Map<CocoId, CocoAnnotation>();
  const queries = new Map<CocoId, CocoQuery>();
  const sections = new Set<string>();
  for await (const events of jsonChunks(file, signal)) {
    for (const event of events) {
      sections.add(event.key);
      if (event.kind !== 'element') continue;
      if (event.key === 'images') put(images, imageSchema, event.value, 'image');
      else if (event.key === 'categories') put(categories, categorySchema, event.value, 'category');
      else if (event.key === 'annotations') put(annotations, annotationSchema, event.value, 'annotation');
      else if (event.key === 'queries') put(queries, querySchema, event.value, 'query');
    }
  }
  if (images.size === 0) {
    throw new AppError('bad-request', `${file} is no COCO file: it has no images.`, {
      hint: 'A COCO file is { "images": [...], "annotations": [...], "categories": [...] }.',
    });
  }
  return { images, categories, annotations, queries: sections.has('queries') ? [...queries.values()] : null };

  function put<T extends { id: CocoId }>(map: Map<CocoId, T>, schema: z.ZodType<T>, value: unknown, what: string) {
    const parsed = schema.safeParse(value);
    const name = `${what} ${JSON.stringify((value as { id?: unknown } | null)?.id) ?? 'without an id'}`;
    if (!parsed.success) tell(`${name} cannot be read: ${issueLines(parsed.error).join('; ')}.`);
    else if (map.has(parsed.data.id)) tell(`${name} is there twice; the first one counts.`);
    else map.set(parsed.data.id, parsed.data);
  }
}

/**
 * The mask of a COCO segmentation (polygons, RLE string or list of counts) on an image of the given size, checked, as
 * canonical column-major runs. They may lie in a buffer that the next call uses again.
 * @throws AppError bad-request when it is none, is damaged, or has another size.
 */
export function runsOfSegmentation(segmentation: unknown, width: number, height: number): Uint32Array {
  if (Array.isArray(segmentation)) {
    if (segmentation.every(isNumbers)) return rasteriseCocoRuns(segmentation, width, height);
    throw new AppError('bad-request', 'The segmentation is a list, and not one of polygons [x0, y0, x1, y1, ...].');
  }
  const { size, counts } = (segmentation ?? {}) as { size?: unknown; counts?: unknown };
  if (!isNumbers(size) || size.length !== 2 || !(typeof counts === 'string' || isNumbers(counts))) {
    throw new AppError('bad-request', 'The segmentation is neither polygons nor { size: [height, width], counts }.');
  }
  if (size[0] !== height || size[1] !== width) {
    throw new AppError(
      'bad-request',
      `The mask is ${size[1]} x ${size[0]} pixels and its image ${width} x ${height}.`,
      {
        hint: 'Masks are compared at the size of the upright original image.',
      },
    );
  }
  if (typeof counts !== 'string') return runsOf(rleFromCounts(counts, height, width));
  return runsOf({ size: [height, width], counts }, kept);
}

const kept = new Uint32Array(1 << 16);

/** By hand, because a large file has millions of them. */
const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');
