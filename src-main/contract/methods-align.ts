/** @file Methods of mask alignment: which of an image's masks answer a query. */
import { z } from 'zod';
import { rleSchema } from './mask.ts';
import { changedSchema, costSchema } from './methods-annotate.ts';
import { cocoBoxSchema, idSchema, imageRecordSchema, querySchema, sources } from './records.ts';

/** `waiting`: without an answer that a person has confirmed. `unranked`: they ask for an order, and their answer has none. */
export const alignQueues = ['waiting', 'unranked'] as const;
export type AlignQueueName = (typeof alignQueues)[number];

const entryFields = { kind: z.enum(['instance', 'proposal']), id: idSchema };
export type MaskKind = 'instance' | 'proposal';

export const alignCandidateSchema = z.object({
  ...entryFields,
  rle: rleSchema,
  area: z.int(),
  bbox: cocoBoxSchema,
  /** `import` is the ground truth that came with the photos. */
  source: z.enum(sources),
  /** The category of an instance, the model's label of a proposal. */
  label: z.string().nullable(),
  score: z.number().nullable(),
  /** The part of it that lies in the reference mask (paper, Eq. 8); null without one. */
  overlap: z.number().nullable(),
  /** The part of it that no larger mask of the answer has: near 0 for a tie on a person; null without a reference. */
  adds: z.number().nullable(),
  /** Of a proposal: the instance that shows the same thing. */
  coveredBy: idSchema.nullable(),
  /** The model that wrote the query named it as an answer. */
  named: z.boolean(),
});
export type AlignCandidate = z.infer<typeof alignCandidateSchema>;

export const alignItemSchema = z.object({
  query: querySchema,
  image: imageRecordSchema,
  /** Likeliest first. */
  candidates: z.array(alignCandidateSchema),
  /** The answer that is stored, in its order where it has one. */
  answer: z.array(z.object({ ...entryFields, rank: z.int().nullable() })),
  /** What the model looks at, and where that comes from; null where no model has answered. */
  reference: z.object({ rle: rleSchema, from: z.enum(['semantic', 'proposals']) }).nullable(),
  asksForOrder: z.boolean(),
});
export type AlignItem = z.infer<typeof alignItemSchema>;

export const alignMethods = {
  'align.queue': {
    input: z.object({
      queue: z.enum(alignQueues).default('waiting'),
      /** Only queries that validation has passed. */
      validatedOnly: z.boolean().default(true),
      after: idSchema.nullable().default(null),
      limit: z.int().min(1).max(50).default(3),
    }),
    output: z.object({
      items: z.array(alignItemSchema),
      left: z.int(),
      /** Queries that would wait besides, were it not for `validatedOnly`. */
      notValidated: z.int(),
      /** Queries without an answer on images without a mask: to be asked, or annotated by hand. */
      withoutCandidates: z.int(),
    }),
  },
  'align.read': { input: z.object({ queryId: idSchema }), output: z.object({ item: alignItemSchema }) },
  /**
   * Makes these masks the whole answer of the query, in this order where `ranked`. Proposals that were not chosen are
   * decided: those that show an instance of the answer count as accepted, the others as rejected.
   */
  'align.confirm': {
    input: z.object({
      queryId: idSchema,
      version: z.int().min(1).optional(),
      answer: z.array(z.object(entryFields)).min(1).max(10_000),
      ranked: z.boolean().default(false),
      cost: costSchema.prefault({}),
    }),
    output: z.object({ changed: changedSchema, instanceIds: z.array(idSchema) }),
  },
} as const;
