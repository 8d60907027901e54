/** @file Methods of human validation. Who judges is the reviewer of the settings; a person never sees another's verdict first. */
import { z } from 'zod';
import { changedSchema, costSchema } from './methods-annotate.ts';
import { idSchema, imageRecordSchema, instanceSchema, queryForms, querySchema } from './records.ts';
import { outcomes, reviewSchema } from './review.ts';

/** `mine`: what waits for this person. `disagreements`: what others have judged differently. */
export const reviewQueues = ['mine', 'disagreements'] as const;
export type ReviewQueueName = (typeof reviewQueues)[number];

/** A query with all that is needed to judge it. */
export const reviewItemSchema = z.object({
  query: querySchema,
  image: imageRecordSchema,
  /** Its answer, ranked ones first in the order of their ranks. */
  instances: z.array(instanceSchema.extend({ rank: z.int().nullable(), category: z.string().nullable() })),
  /** What this person said last, perhaps of another text. */
  mine: reviewSchema.nullable(),
  /** What others said of this text: only in a disagreement, which is decided in sight of both opinions. */
  verdicts: z.array(reviewSchema),
});
export type ReviewItem = z.infer<typeof reviewItemSchema>;

const agreementSchema = z.object({
  pairs: z.int(),
  observed: z.number().nullable(),
  expected: z.number().nullable(),
  kappa: z.number().nullable(),
});
const agreements = { clear: agreementSchema, correct: agreementSchema };

export const reviewProgressSchema = z.object({
  reviewersPerQuery: z.union([z.literal(1), z.literal(2)]),
  queries: z.object({ total: z.int(), passed: z.int(), failed: z.int(), disagreements: z.int() }),
  people: z.array(z.object({ who: z.string(), judged: z.int(), left: z.int(), perHour: z.number().nullable() })),
  /** Of every two people who have judged the same queries, and of all of them together. */
  agreement: z.object({
    ...agreements,
    people: z.array(z.object({ people: z.tuple([z.string(), z.string()]), ...agreements })),
  }),
});
export type ReviewProgress = z.infer<typeof reviewProgressSchema>;

const text = z.string().trim().min(1).max(10_000);
const cost = costSchema.prefault({});
const version = z.int().min(1).optional();

export const reviewMethods = {
  /** What waits after query `after`, in the order of the images; from the first with null. */
  'review.queue': {
    input: z.object({
      queue: z.enum(reviewQueues).default('mine'),
      after: idSchema.nullable().default(null),
      limit: z.int().min(1).max(50).default(4),
    }),
    output: z.object({ items: z.array(reviewItemSchema), left: z.int() }),
  },
  'review.read': {
    input: z.object({ queryId: idSchema, queue: z.enum(reviewQueues).default('mine') }),
    output: z.object({ item: reviewItemSchema }),
  },
  /** A verdict on the text that was shown; with `decides` the one that settles a disagreement. */
  'review.add': {
    input: z.object({
      queryId: idSchema,
      text: z.string().min(1).max(10_000),
      clear: z.boolean().nullable(),
      correct: z.boolean().nullable(),
      rejected: z.boolean().default(false),
      reason: z.string().trim().max(10_000).default(''),
      decides: z.boolean().default(false),
      cost,
    }),
    output: z.object({ changed: changedSchema, outcome: z.enum(outcomes) }),
  },
  /** Paraphrases of a query: new queries with its instances, each to be judged for itself. */
  'query.split': {
    input: z.object({
      queryId: idSchema,
      version,
      parts: z
        .array(z.object({ text, form: z.enum(queryForms) }))
        .min(1)
        .max(50),
      cost,
    }),
    output: z.object({ changed: changedSchema, queryIds: z.array(idSchema) }),
  },
  'review.progress': { input: z.object({}), output: reviewProgressSchema },
  /** How many people must judge each query: a rule of the project. All outcomes follow it. */
  'review.rule': {
    input: z.object({ reviewersPerQuery: z.union([z.literal(1), z.literal(2)]) }),
    output: z.object({ changed: changedSchema }),
  },
} as const;
