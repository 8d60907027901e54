/**
 * @file Query generation as data: templates of prompts, jobs that put them to an endpoint, and the candidates that come
 * back. A candidate becomes a query only when a person keeps it.
 */
import { z } from 'zod';
import { idSchema, queryForms, reasoningTypes } from './records.ts';

/** What a template is called: in a list of the command line, and in what is kept of a job. */
export const templateNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, {
  error: 'must be lower-case letters, digits and "-"',
});

/** What a template says, without its number. */
export const templateTextSchema = z.object({
  name: templateNameSchema,
  title: z.string().trim().min(1).max(120),
  reasoningType: z.enum(reasoningTypes).nullable(),
  form: z.enum(queryForms),
  /** The prompt, with `{caption}`, `{objects}`, `{class}`, `{count}` and `{wanted}` to be filled. */
  body: z.string().trim().min(1).max(20_000),
});
export type TemplateText = z.infer<typeof templateTextSchema>;

export const templateSchema = templateTextSchema.extend({
  /** Counts from 1; one that was used or saved is never changed, an edit makes the next one. */
  version: z.int().min(1),
  /** Null for a built-in one that this project has not used yet. */
  id: idSchema.nullable(),
  /** It came with the application; `edited` when the project's newest version says something else. */
  builtIn: z.boolean(),
  edited: z.boolean(),
  at: z.number().nullable(),
  who: z.string(),
});
export type Template = z.infer<typeof templateSchema>;

/** Money for a million tokens, in whatever currency the person thinks in. */
export const pricesSchema = z.object({ input: z.number().min(0).max(1e6), output: z.number().min(0).max(1e6) });
export type Prices = z.infer<typeof pricesSchema>;

/** How a job asks. */
export const generationSettingsSchema = z.object({
  endpoint: z.string().min(1).max(200),
  templates: z.array(templateNameSchema).min(1).max(20),
  /** `unasked`: images that these templates have not been asked for; `open`: those without any query; or named ones. */
  images: z.union([z.enum(['unasked', 'open', 'all']), z.array(idSchema).min(1).max(100_000)]).default('unasked'),
  /** Candidates that each question asks for. */
  perImage: z.int().min(1).max(20).default(3),
  /** The class that has the most objects in an image, or each class in turn. */
  classes: z.enum(['main', 'each']).default('main'),
  /** A class is asked about where an image has at least so many objects of it. */
  minInstances: z.int().min(1).max(1000).default(1),
  /** Longer side of the picture as sent, in pixels. */
  maxSide: z.int().min(128).max(4096).default(768),
  temperature: z.number().min(0).max(2).default(0.8),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  /** Questions under way at once. */
  parallel: z.int().min(1).max(16).default(2),
  prices: pricesSchema.nullable().default(null),
  /** The job pauses before it costs more; null for no limit. */
  maxCost: z.number().positive().nullable().default(null),
});
export type GenerationSettings = z.infer<typeof generationSettingsSchema>;

/** What a job will cost, or what is left of it. `measured` from answers of this model, else worked out from lengths. */
export const estimateSchema = z.object({
  images: z.int(),
  requests: z.int(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** Null without prices. */
  cost: z.number().nullable(),
  /** Null until a model has answered once. */
  seconds: z.number().nullable(),
  basis: z.enum(['estimated', 'measured']),
  /** Images that are not asked about, and why. */
  leftOut: z.array(z.object({ reason: z.string(), images: z.int() })),
});
export type Estimate = z.infer<typeof estimateSchema>;

export const generationStates = ['running', 'paused', 'done', 'cancelled'] as const;

export const generationSchema = z.object({
  id: idSchema,
  at: z.number(),
  who: z.string(),
  model: z.string(),
  settings: generationSettingsSchema,
  state: z.enum(generationStates),
  /** Why it is paused, for people. */
  reason: z.string().nullable(),
  waiting: z.int(),
  answered: z.int(),
  failed: z.int(),
  candidates: z.int(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** So far; null without prices. */
  cost: z.number().nullable(),
  /** Of one answer, the median of the last ones; null without any. */
  medianMs: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  costLeft: z.number().nullable(),
  /** What failed, counted by reason, most frequent first. */
  failures: z.array(z.object({ reason: z.string(), count: z.int() })),
});
export type Generation = z.infer<typeof generationSchema>;

/** What a person should look at before keeping a candidate. None of them forbids it. */
export const flagCodes = [
  'duplicate', // the same words on this image
  'similar', // nearly the same words on this image
  'elsewhere', // the same or nearly the same words on another image
  'leak', // names the class that it asks for
  'too-short',
  'too-long',
  'not-a-query', // no question, no instruction; or one whose answer is no thing in the photo
  'labels', // speaks of the list of labelled objects that only the model has seen
] as const;
export const flagSchema = z.object({ code: z.enum(flagCodes), note: z.string() });
export type Flag = z.infer<typeof flagSchema>;

export const candidateStates = ['new', 'kept', 'dropped'] as const;

export const candidateSchema = z.object({
  id: idSchema,
  imageId: idSchema,
  /** The question that it answers: from there lead model, endpoint, template, time and raw answer. */
  requestId: idSchema,
  text: z.string().min(1).max(10_000),
  /** As the model wrote it; another than `text` once a person has edited it. */
  original: z.string().max(10_000),
  form: z.enum(queryForms),
  reasoningType: z.enum(reasoningTypes).nullable(),
  /** Instances that the model says are the answer; they may be gone by now. */
  targets: z.array(idSchema),
  flags: z.array(flagSchema),
  state: z.enum(candidateStates),
  /** The query that it became; that one may be deleted since. */
  queryId: idSchema.nullable(),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** Where a candidate, and the query that it became, comes from. */
export const provenanceSchema = z.object({
  candidateId: idSchema,
  generationId: idSchema,
  template: z.object({ id: idSchema, name: z.string(), version: z.int() }),
  className: z.string().nullable(),
  endpoint: z.string(),
  url: z.string(),
  model: z.string(),
  at: z.number(),
  ms: z.number(),
  seed: z.int(),
  temperature: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** What was asked, and the answer as it came. */
  prompt: z.string(),
  raw: z.string(),
});
export type Provenance = z.infer<typeof provenanceSchema>;
