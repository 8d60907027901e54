/** @file Methods of query generation: templates, jobs at an endpoint, candidates, captions, queries from a list. */
import { z } from 'zod';
import {
  candidateSchema,
  estimateSchema,
  generationSchema,
  generationSettingsSchema,
  provenanceSchema,
  templateNameSchema,
  templateSchema,
  templateTextSchema,
} from './generate.ts';
import { changedSchema, costSchema } from './methods-annotate.ts';
import { folderHandleSchema } from './methods-project.ts';
import { cocoBoxSchema, idSchema, queryForms, querySchema, reasoningTypes } from './records.ts';

const job = z.object({ generationId: idSchema });
const jobState = z.object({ generation: generationSchema });

/** An image in the list of the stage. */
export const candidateImageSchema = z.object({
  id: idSchema,
  path: z.string(),
  width: z.int(),
  height: z.int(),
  new: z.int(),
  kept: z.int(),
  dropped: z.int(),
  /** Of any origin. */
  queries: z.int(),
});
export type CandidateImage = z.infer<typeof candidateImageSchema>;

/** A labelled object of an image: COCO's [x, y, width, height] in pixels. */
export const labelledBoxSchema = z.object({ instanceId: idSchema, category: z.string(), bbox: cocoBoxSchema });
export type LabelledBox = z.infer<typeof labelledBoxSchema>;

export const listReportSchema = z.object({
  read: z.int(),
  added: z.int(),
  skipped: z.array(z.object({ reason: z.string(), count: z.int(), examples: z.array(z.string()) })),
});
export type ListReport = z.infer<typeof listReportSchema>;

export const generateMethods = {
  'templates.list': { input: z.object({}), output: z.object({ templates: z.array(templateSchema) }) },
  /** A new version of the template; the same words again make none. */
  'templates.save': { input: templateTextSchema, output: z.object({ template: templateSchema }) },
  'templates.versions': {
    input: z.object({ name: templateNameSchema }),
    output: z.object({ versions: z.array(templateSchema) }),
  },
  /** What the model would be asked about an image; `body` in place of the stored one while it is being edited. */
  'generate.preview': {
    input: z.object({
      imageId: idSchema,
      template: templateNameSchema,
      body: z.string().max(20_000).optional(),
      endpoint: z.string().max(200).optional(),
      perImage: z.int().min(1).max(20).default(3),
      maxSide: z.int().min(128).max(4096).default(768),
      minInstances: z.int().min(1).max(1000).default(1),
    }),
    output: z.object({
      /** The whole text as sent; empty where the template cannot be used. */
      prompt: z.string(),
      className: z.string().nullable(),
      count: z.int(),
      /** Pixels of the picture as sent. */
      width: z.int(),
      height: z.int(),
      inputTokens: z.number(),
      /** Why this image would not be asked about, or what is wrong with the template. */
      problems: z.array(z.string()),
    }),
  },
  'generate.plan': { input: generationSettingsSchema, output: estimateSchema },
  /** Starts a job, which goes on by itself; pages hear `generate.state`. One job runs at a time. */
  'generate.start': { input: generationSettingsSchema, output: jobState },
  'generate.pause': { input: job, output: jobState },
  /** Goes on with what was not asked yet; with `retryFailed` also with what has failed. */
  'generate.resume': {
    input: job.extend({
      retryFailed: z.boolean().default(false),
      /** In place of the job's own limit and prices, where they are given. */
      maxCost: z.number().positive().nullable().optional(),
    }),
    output: jobState,
  },
  /** Ends a job for good; what was answered stays. */
  'generate.cancel': { input: job, output: jobState },
  /** Newest first. */
  'generate.list': { input: z.object({}), output: z.object({ generations: z.array(generationSchema) }) },
  'candidates.images': {
    input: z.object({
      /** `new`: with candidates that wait; `any`: with candidates; `all`: every image. */
      filter: z.enum(['new', 'any', 'all']).default('new'),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(1000).default(200),
    }),
    output: z.object({
      images: z.array(candidateImageSchema),
      total: z.int(),
      /** Over the whole project. */
      counts: z.object({ new: z.int(), kept: z.int(), dropped: z.int() }),
    }),
  },
  'candidates.read': {
    input: z.object({ imageId: idSchema }),
    output: z.object({
      image: candidateImageSchema,
      candidates: z.array(candidateSchema),
      boxes: z.array(labelledBoxSchema),
      captions: z.array(z.string()),
      queries: z.array(querySchema),
    }),
  },
  /**
   * `keep` makes it a draft query, `drop` puts it aside, `reopen` takes that back, `edit` changes it and looks at its
   * flags again. One step of undo.
   */
  'candidate.decide': {
    input: z.object({
      candidateId: idSchema,
      decision: z.enum(['keep', 'drop', 'reopen', 'edit']),
      text: z.string().trim().min(1).max(10_000).optional(),
      form: z.enum(queryForms).optional(),
      reasoningType: z.enum(reasoningTypes).nullable().optional(),
      cost: costSchema.prefault({}),
    }),
    output: z.object({ changed: changedSchema, candidate: candidateSchema }),
  },
  'candidate.provenance': {
    input: z.object({ candidateId: idSchema }),
    output: z.object({ provenance: provenanceSchema }),
  },
  /**
   * Captions of a COCO file, in place of those that its images had. A file by its handle (`folders.list`), or by its path
   * on the user's behalf. `unknown` images of the file are not in the project.
   */
  'captions.load': {
    input: z.union([z.strictObject({ file: folderHandleSchema }), z.strictObject({ path: z.string().min(1) })]),
    output: z.object({ images: z.int(), captions: z.int(), unknown: z.int() }),
  },
  /** Queries from a list, one a line: image, tab, query; or JSON with `image` and `query`. They become drafts. */
  'queries.import': {
    input: z.object({
      text: z.string().max(6_000_000),
      form: z.enum(queryForms).nullable().default(null),
      reasoningType: z.enum(reasoningTypes).nullable().default(null),
    }),
    output: listReportSchema,
  },
} as const;
