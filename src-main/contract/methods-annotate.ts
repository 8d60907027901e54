/**
 * @file Methods that change annotations. Each is one change, on disk when it is answered, and one step of undo; all
 * answer with what has changed, and all pages hear the same as the event `project.changed`.
 */
import { z } from 'zod';
import { diffSchema } from './diff.ts';
import { listedImageSchema } from './image-list.ts';
import { rleSchema } from './mask.ts';
import { stepSchema } from './methods-engine.ts';
import {
  categorySchema,
  idSchema,
  imageRecordSchema,
  instanceSchema,
  proposalSchema,
  queryForms,
  queryInstanceSchema,
  querySchema,
  reasoningTypes,
  runSchema,
  sources,
} from './records.ts';
import { profileNames, timingSchema } from './segmentation.ts';

/** What the change cost the person. Who it was is the reviewer of the settings. */
export const costSchema = z.object({
  clicks: z.int().min(0).max(100_000).default(0),
  strokes: z.int().min(0).max(100_000).default(0),
  ms: z.number().min(0).max(86_400_000).default(0),
});
export type Cost = z.input<typeof costSchema>;

/** What undo and redo would do next on an image; null where there is nothing. `what` is noun.verb, as in events. */
export const historySchema = z.object({ undo: z.string().nullable(), redo: z.string().nullable() });
export type History = z.infer<typeof historySchema>;

/** A change as all pages hear it. `seq` counts the changes of a session from 1: a gap means read anew. */
export const changedSchema = z.object({
  session: z.string(),
  seq: z.int(),
  what: z.string(),
  diff: diffSchema,
  /** The rows of the list that look different now. */
  images: z.array(listedImageSchema),
  /** The image that the change is about, and its history after it; null for changes of no single image. */
  imageId: idSchema.nullable(),
  history: historySchema,
});
export type Changed = z.infer<typeof changedSchema>;

/** All that is kept about one image. */
export const imageDocumentSchema = z.object({
  session: z.string(),
  /** The last change that is in it. */
  seq: z.int(),
  image: imageRecordSchema,
  queries: z.array(querySchema),
  /** The newest of each query. */
  runs: z.array(runSchema),
  proposals: z.array(proposalSchema),
  instances: z.array(instanceSchema),
  links: z.array(queryInstanceSchema),
  history: historySchema,
});
export type ImageDocument = z.infer<typeof imageDocumentSchema>;

const cost = costSchema.prefault({});
const version = z.int().min(1).optional();
const text = z.string().trim().min(1).max(10_000);
const changed = changedSchema;
const attributes = z.record(z.string().max(200), z.json());

export const annotateMethods = {
  'image.read': { input: z.object({ imageId: idSchema }), output: imageDocumentSchema },
  /** Texts of queries that were asked lately, newest first, each once; with `imageId` without those it has already. */
  'queries.recent': {
    input: z.object({ limit: z.int().min(1).max(200).default(30), imageId: idSchema.optional() }),
    output: z.object({ texts: z.array(z.string()) }),
  },
  'query.add': {
    input: z.object({
      imageId: idSchema,
      text,
      form: z.enum(queryForms).default('long'),
      reasoningType: z.enum(reasoningTypes).nullable().default(null),
      cost,
    }),
    output: z.object({ changed, queryId: idSchema }),
  },
  'query.edit': {
    input: z.object({
      queryId: idSchema,
      version,
      edit: z.object({
        text: text.optional(),
        form: z.enum(queryForms).optional(),
        reasoningType: z.enum(reasoningTypes).nullable().optional(),
        exhaustive: z.boolean().optional(),
        clear: z.boolean().nullable().optional(),
        correct: z.boolean().nullable().optional(),
        note: z.string().max(100_000).optional(),
        status: z.enum(['rejected', 'draft']).optional(),
      }),
      cost,
    }),
    output: z.object({ changed }),
  },
  'query.delete': { input: z.object({ queryId: idSchema, version, cost }), output: z.object({ changed }) },
  /** "Nothing matches": stored as the query's accepted answer, or taken back. */
  'query.noTarget': {
    input: z.object({ queryId: idSchema, noTarget: z.boolean(), version, cost }),
    output: z.object({ changed }),
  },
  /**
   * Puts a query of the project to a reasoner and stores what it offers. The query itself stays whatever happens.
   * `profile` and `pack` come from the settings where absent. What the query has as an instance already is not offered
   * again but counted as `duplicates`. No proposal at all is an answer too: the model found nothing.
   */
  'query.ask': {
    input: z.object({
      queryId: idSchema,
      reasoner: z.string().max(200),
      pack: z.string().max(200).optional(),
      profile: z.enum(profileNames).optional(),
      cost,
    }),
    output: z.object({
      changed,
      proposals: z.int(),
      duplicates: z.int(),
      timing: timingSchema,
      answer: z.string().nullable(),
    }),
    progress: stepSchema,
  },
  'query.rank': {
    input: z.object({ queryId: idSchema, instanceIds: z.array(idSchema).max(10_000), version, cost }),
    output: z.object({ changed }),
  },
  /** Accepts a proposal, with `rle` where the person has corrected it: then its attributes say `edited: true`. */
  'proposal.accept': {
    input: z.object({ proposalId: idSchema, rle: rleSchema.optional(), version, cost }),
    output: z.object({ changed, instanceId: idSchema }),
  },
  /** Accepts the proposals of a query that wait: all, or those named. */
  'proposal.acceptAll': {
    input: z.object({ queryId: idSchema, proposalIds: z.array(idSchema).max(10_000).optional(), version, cost }),
    output: z.object({ changed, accepted: z.int() }),
  },
  'proposal.reject': {
    input: z.object({ proposalId: idSchema, version, cost }),
    output: z.object({ changed }),
  },
  'instance.add': {
    input: z.object({
      imageId: idSchema,
      /** The queries that it answers; none makes a plain annotation. */
      queryIds: z.array(idSchema).max(1000).default([]),
      rle: rleSchema,
      score: z.number().min(0).max(1).nullable().default(null),
      source: z.enum(sources).default('human'),
      attributes: attributes.default({}),
      cost,
    }),
    output: z.object({ changed, instanceId: idSchema }),
  },
  'instance.edit': {
    input: z.object({
      instanceId: idSchema,
      queryId: idSchema.optional(),
      version,
      edit: z.object({
        rle: rleSchema.optional(),
        categoryId: idSchema.nullable().optional(),
        attributes: attributes.optional(),
      }),
      cost,
    }),
    output: z.object({ changed }),
  },
  'instance.delete': {
    input: z.object({ instanceId: idSchema, queryId: idSchema.optional(), version, cost }),
    output: z.object({ changed }),
  },
  'instance.link': {
    input: z.object({ queryId: idSchema, instanceId: idSchema, linked: z.boolean(), version, cost }),
    output: z.object({ changed }),
  },
  'categories.list': { input: z.object({}), output: z.object({ categories: z.array(categorySchema) }) },
  'category.add': {
    input: z.object({ name: z.string().trim().min(1).max(1000) }),
    output: z.object({ changed, categoryId: idSchema }),
  },
  /**
   * Takes back the last change of an image, or brings it back; `changed` is null where there is none. Kept by the host
   * until the project is closed, so a page that is loaded anew, and a second page, have the same steps.
   */
  'history.undo': { input: z.object({ imageId: idSchema }), output: z.object({ changed: changed.nullable() }) },
  'history.redo': { input: z.object({ imageId: idSchema }), output: z.object({ changed: changed.nullable() }) },
} as const;
