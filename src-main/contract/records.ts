/**
 * @file The records of a project, as they are stored and as they cross borders. Ids are whole numbers from 1 and are
 * never used twice. Times are milliseconds since 1970 (UTC). Masks are COCO RLE in the upright image's pixels.
 */
import { z } from 'zod';
import { rleSchema } from './mask.ts';
import { timingSchema } from './segmentation.ts';

export const idSchema = z.int().min(1);

/**
 * Whether the image's file is where it was: `missing` is not there, `changed` is another content under the same name.
 * Nothing is ever dropped because a file is gone.
 */
export const fileStatuses = ['present', 'missing', 'changed'] as const;

/** A path inside an image root: POSIX, NFC, without `.`, `..` or empty parts. */
export const relativePathSchema = z
  .string()
  .min(1)
  .refine(
    (path) => path === path.normalize('NFC') && path.split('/').every((part) => !['', '.', '..'].includes(part)),
    {
      error: 'a path in a project is relative, with / between its parts, in NFC, and has no . or ..',
    },
  );

export const imageRecordSchema = z.object({
  id: idSchema,
  rootId: idSchema,
  path: relativePathSchema,
  /** The path as the disk writes it where that is not NFC (files from older Macs); null where it is `path`. */
  diskPath: z.string().nullable(),
  /** SHA-256 of the file, lower-case hex. */
  contentHash: z.string().min(1),
  /** Pixels of the upright image. */
  width: z.int().min(1),
  height: z.int().min(1),
  format: z.string(),
  /** Size and time of the file when it was hashed: while both stay, the content is taken to be the same. */
  bytes: z.int().min(0),
  modifiedMs: z.number(),
  status: z.enum(fileStatuses),
});
export type ImageRecord = z.infer<typeof imageRecordSchema>;

export const categorySchema = z.object({
  id: idSchema,
  name: z.string().min(1).max(1000),
  supercategory: z.string().max(1000).nullable(),
});
export type Category = z.infer<typeof categorySchema>;

export const queryForms = ['short', 'long'] as const;
/** RISeg's kinds of reasoning (paper, section 3). */
export const reasoningTypes = ['attribute', 'spatial', 'context'] as const;
export const queryStatuses = ['draft', 'proposed', 'accepted', 'rejected'] as const;
export const sources = ['model', 'human', 'import'] as const;

export const querySchema = z.object({
  id: idSchema,
  imageId: idSchema,
  text: z.string().min(1).max(10_000),
  form: z.enum(queryForms),
  reasoningType: z.enum(reasoningTypes).nullable(),
  source: z.enum(sources),
  /** `proposed` while proposals wait; `accepted` and `rejected` are decided; `draft` is neither. */
  status: z.enum(queryStatuses),
  /** Nothing in the image matches: an answer of its own. Then the query has no instances. */
  noTarget: z.boolean(),
  /** The instances are all that match. */
  exhaustive: z.boolean(),
  /** Validation marks: is the text semantically clear, is its answer logically correct; null is not judged. */
  clear: z.boolean().nullable(),
  correct: z.boolean().nullable(),
  reviewer: z.string().max(1000).nullable(),
  note: z.string().max(100_000),
  /**
   * Names one state of the query with its instances and proposals: every change gives a number that was never used
   * before, undo brings the number back with the state. Equal versions are equal states.
   */
  version: z.int().min(1),
});
export type Query = z.infer<typeof querySchema>;
export type QueryStatus = Query['status'];

/** COCO's [x, y, width, height] in pixels. */
export const cocoBoxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type CocoBox = z.infer<typeof cocoBoxSchema>;

const maskFields = {
  rle: rleSchema,
  /** Pixels inside, and the box around them: computed from `rle` whenever it is stored. */
  area: z.int().min(0),
  bbox: cocoBoxSchema,
};

/** A mask of an image, which any number of the image's queries may have in their answer. */
export const instanceSchema = z.object({
  id: idSchema,
  imageId: idSchema,
  ...maskFields,
  categoryId: idSchema.nullable(),
  /** The model's score, 0 to 1; null for what no model made. */
  score: z.number().nullable(),
  source: z.enum(sources),
  attributes: z.record(z.string(), z.json()),
});
export type Instance = z.infer<typeof instanceSchema>;

/** An instance in the answer of a query. Ranks count from 1 without gaps, best first; null where there is no order. */
export const queryInstanceSchema = z.object({
  queryId: idSchema,
  instanceId: idSchema,
  rank: z.int().min(1).nullable(),
});
export type QueryInstance = z.infer<typeof queryInstanceSchema>;

/** What the models did for a query, once. */
export const runSchema = z.object({
  id: idSchema,
  queryId: idSchema,
  pack: z.string(),
  reasoner: z.string().nullable(),
  /** What was asked of the segmenter: points, boxes, settings. */
  prompts: z.json(),
  answer: z.string().nullable(),
  timing: timingSchema.nullable(),
  at: z.number(),
});
export type Run = z.infer<typeof runSchema>;

export const proposalStatuses = ['pending', 'accepted', 'rejected'] as const;

/** A mask that a model offers for a query. It becomes an annotation only when it is accepted. */
export const proposalSchema = z.object({
  id: idSchema,
  queryId: idSchema,
  runId: idSchema.nullable(),
  ...maskFields,
  score: z.number().nullable(),
  label: z.string().nullable(),
  status: z.enum(proposalStatuses),
  /** What it became when it was accepted. */
  instanceId: idSchema.nullable(),
});
export type Proposal = z.infer<typeof proposalSchema>;

/** Who did what to what, and what it cost. Events are only ever added; they outlive what they are about. */
export const eventSchema = z.object({
  id: idSchema,
  at: z.number(),
  who: z.string(),
  /** Noun and verb: `proposal.accept`, `query.edit`, `undo`. */
  what: z.string(),
  imageId: idSchema.nullable(),
  queryId: idSchema.nullable(),
  instanceId: idSchema.nullable(),
  clicks: z.int().min(0),
  strokes: z.int().min(0),
  /** Milliseconds of the person's time since the last action. */
  ms: z.number().min(0),
});
export type Event = z.infer<typeof eventSchema>;

/** Who acts and what the action cost: what every change of a project is told. */
export const actorSchema = z.object({
  who: z.string().max(1000).default(''),
  clicks: z.int().min(0).default(0),
  strokes: z.int().min(0).default(0),
  ms: z.number().min(0).default(0),
});
export type Actor = z.input<typeof actorSchema>;
