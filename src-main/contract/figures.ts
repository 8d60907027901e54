/** @file Figures of a dataset: what is in it (the paper's Figure 4 and more), and what the work on it has cost. */
import { z } from 'zod';
import { queryStatuses } from './records.ts';

/** Values of one kind with how many have each, in the order in which they are shown. */
export const countsSchema = z.array(z.object({ label: z.string(), count: z.int().min(0) }));
export type Counts = z.infer<typeof countsSchema>;

/**
 * Numbers, each once: how many, their middle and ends (null of none), and how many lie in each bin `from <= value < to`.
 * Without `to` a bin has no upper end.
 */
export const distributionSchema = z.object({
  count: z.int().min(0),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  bins: z.array(z.object({ from: z.number(), to: z.number().nullable(), count: z.int().min(0) })),
});
export type Distribution = z.infer<typeof distributionSchema>;

export const classFigureSchema = z.object({
  name: z.string(),
  /** Empty where it has none. */
  supercategory: z.string(),
  instances: z.int(),
  images: z.int(),
  queries: z.int(),
});
export type ClassFigure = z.infer<typeof classFigureSchema>;

/** What is in the dataset: of queries with the chosen statuses, and the instances of their answers. */
export const contentFiguresSchema = z.object({
  statuses: z.array(z.enum(queryStatuses)),
  images: z.int(),
  queries: z.int(),
  /** Instances that answer a query, each once. */
  instances: z.int(),
  /** Answers of all queries: an instance counts in each. */
  answers: z.int(),
  noTarget: z.int(),
  /** Queries whose answer has an order. */
  ranked: z.int(),
  /** Masks on these and other images that answer none of the queries. */
  unasked: z.int(),
  forms: countsSchema,
  reasoningTypes: countsSchema,
  sources: countsSchema,
  /** Validation: both questions yes, one no, not judged. */
  validation: countsSchema,
  /** Most instances first. */
  classes: z.array(classFigureSchema),
  supercategories: countsSchema,
  /** By COCO's limits: small below 32 x 32 pixels, large from 96 x 96. */
  maskSizes: countsSchema,
  instancesPerImage: distributionSchema,
  instancesPerQuery: distributionSchema,
  queriesPerImage: distributionSchema,
  words: distributionSchema,
  characters: distributionSchema,
  /** Area of a mask by the area of its image, 0 to 1. */
  maskShare: distributionSchema,
});
export type ContentFigures = z.infer<typeof contentFiguresSchema>;

/** Proposals of a model, by what became of them. */
export const modelFigureSchema = z.object({
  pack: z.string(),
  /** Null where nothing but a segmenter was asked. */
  reasoner: z.string().nullable(),
  runs: z.int(),
  /** Accepted, and the mask was never changed. */
  asProposed: z.int(),
  /** Accepted, but corrected before or since. */
  corrected: z.int(),
  /** Deleted after it was accepted counts as well. */
  rejected: z.int(),
  waiting: z.int(),
  /** Accepted of all that were decided, 0 to 1; null where none was. */
  acceptance: z.number().nullable(),
});
export type ModelFigure = z.infer<typeof modelFigureSchema>;

export const personFigureSchema = z.object({
  who: z.string(),
  /** Events of any kind. */
  actions: z.int(),
  /** Verdicts on queries. */
  verdicts: z.int(),
  /** Hours of work that the events tell of. */
  hours: z.number(),
});
export type PersonFigure = z.infer<typeof personFigureSchema>;

/** Of the whole project: work is not divided by the statuses of queries. */
export const workFiguresSchema = z.object({
  /** Per mask that people worked on, the share of its queries included. */
  secondsPerInstance: distributionSchema,
  clicksPerInstance: distributionSchema,
  models: z.array(modelFigureSchema),
  people: z.array(personFigureSchema),
});
export type WorkFigures = z.infer<typeof workFiguresSchema>;

export const figuresSchema = z.object({ content: contentFiguresSchema, work: workFiguresSchema });
export type Figures = z.infer<typeof figuresSchema>;
