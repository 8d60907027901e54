/**
 * @file Methods that say how good a model is on what was reviewed in the open project, and how far the project is from a
 * ground truth. Figures are shares, 0 to 1; docs/evaluate.md says what each means.
 */
import { z } from 'zod';
import { rleSchema } from './mask.ts';
import { folderHandleSchema } from './methods-project.ts';
import { idSchema } from './records.ts';

/** A model as the runs of a project name it. */
export const answeringModelSchema = z.strictObject({
  /** Id of the segmenter pack. */
  pack: z.string().max(200),
  reasoner: z.string().max(200).nullable(),
  /** Profile of the refinement; null where the runs do not say. */
  profile: z.string().max(200).nullable(),
});
export type AnsweringModel = z.infer<typeof answeringModelSchema>;

/**
 * What is compared with what. `model`: what it proposed, with the accepted queries of the project. `results`: a file of
 * results, lines of `batch` by the id of their query, with the same. `truth`: the accepted queries of the project, with
 * a COCO file with queries or a ReasonSeg folder.
 */
export const evaluatedSchema = z.union([
  z.strictObject({ kind: z.literal('model'), model: answeringModelSchema }),
  z.strictObject({ kind: z.literal('results'), file: folderHandleSchema }),
  z.strictObject({ kind: z.literal('truth'), file: folderHandleSchema }),
  z.strictObject({ kind: z.literal('truth'), folder: folderHandleSchema }),
]);
export type Evaluated = z.infer<typeof evaluatedSchema>;

const share = z.number().nullable();
const interval = z.tuple([z.number(), z.number()]).nullable();
const figureSchema = z.object({ value: share, interval });

/** One answer, with its masks in pixels of the upright original image. */
export const shownAnswerSchema = z.object({
  imageId: idSchema.nullable(),
  queryId: idSchema.nullable(),
  /** Of the photo, as the ground truth names it. */
  image: z.string().nullable(),
  text: z.string(),
  noTarget: z.boolean(),
  semantic: share,
  refined: share,
  said: rleSchema,
  wanted: rleSchema,
  /** Pixels that count neither way. */
  ignored: rleSchema.nullable(),
});
export type ShownAnswer = z.infer<typeof shownAnswerSchema>;

export const differenceSchema = z.object({
  /** "refined.gIoU" for one. */
  figure: z.string(),
  value: z.number(),
  other: z.number(),
  difference: z.number(),
  interval,
  p: z.number().nullable(),
});

export const evaluationSchema = z.object({
  /** For `evaluate.save`; kept until the project is closed, the newest few. */
  id: z.string(),
  /** Of the project that was evaluated. */
  session: z.string(),
  truth: z.string(),
  results: z.string(),
  metrics: z.enum(['lisa', 'seg-zero']),
  queries: z.int(),
  images: z.int(),
  answered: z.int(),
  noTarget: z.int(),
  resamples: z.int(),
  /** What a person must know to read the figures. */
  notes: z.array(z.string()),
  problems: z.object({
    total: z.int(),
    counts: z.record(z.string(), z.int()),
    first: z.array(z.object({ kind: z.string(), message: z.string() })),
  }),
  figures: z.record(z.string(), figureSchema),
  decoderCalls: z.object({ median: z.number(), mean: z.number() }).nullable(),
  /** True masks that are equal to one of the model's to the pixel: it was accepted as it was. */
  identical: z.object({ masks: z.int(), of: z.int() }),
  /** Queries by IoU, in tenths; null where there is no such mask. */
  histogram: z.object({ semantic: z.array(z.int()).nullable(), refined: z.array(z.int()).nullable() }),
  parts: z.array(
    z.object({
      name: z.string(),
      rows: z.array(z.object({ value: z.string(), queries: z.int(), figures: z.record(z.string(), share) })),
      /** More values than have a row. */
      more: z.int(),
    }),
  ),
  against: z.object({ name: z.string(), differences: z.array(differenceSchema) }).nullable(),
  worst: z.array(shownAnswerSchema),
  best: z.array(shownAnswerSchema),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export const evaluateStages = ['read', 'score', 'compare', 'intervals', 'pictures'] as const;
export type EvaluateProgress = { stage: (typeof evaluateStages)[number]; done: number; total: number };

export const evaluateMethods = {
  /** What there is to evaluate in the open project. */
  'evaluate.choices': {
    input: z.object({}),
    output: z.object({
      /** Queries that a person has decided, and those of them where nothing matches. */
      accepted: z.int(),
      noTarget: z.int(),
      /** Those that were asked accepted queries, most queries first. */
      models: z.array(z.object({ model: answeringModelSchema, queries: z.int(), lastAt: z.number() })),
    }),
  },
  /** @see evaluatedSchema. With `against`, only queries that both models have answered count. */
  'evaluate.run': {
    input: z.object({
      evaluated: evaluatedSchema,
      /** Another model, where a model is evaluated. */
      against: answeringModelSchema.optional(),
      metrics: z.enum(['lisa', 'seg-zero']).default('lisa'),
      /** Leaves out what has no answer; otherwise it counts as a bad one. */
      onlyAnswered: z.boolean().default(false),
      /** Resampled sets for the intervals; 0 for none. */
      resamples: z.int().min(0).max(10_000).default(1000),
      seed: z.int().min(0).max(999_999).default(1),
    }),
    output: evaluationSchema,
    progress: z.object({ stage: z.enum(evaluateStages), done: z.int(), total: z.int() }),
  },
  /** Writes a finished evaluation to the project's `exports`: one HTML page with pictures, and all of it as JSON. */
  'evaluate.save': {
    input: z.object({ id: z.string().max(100) }),
    output: z.object({ html: z.string(), json: z.string(), folder: z.string() }),
  },
  /** Writes the accepted queries to the project's `exports` as lines for `batch`: for models that run elsewhere. */
  'evaluate.requests': {
    input: z.object({}),
    output: z.object({ name: z.string(), queries: z.int(), folder: z.string(), images: z.string() }),
  },
} as const;
