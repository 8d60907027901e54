/**
 * @file A change of a project as data: whole records put and removed. Every change answers what it did and the
 * inverse of it, both of this shape, so that undo, redo and a page that keeps a copy need one function.
 */
import { z } from 'zod';
import { candidateSchema } from './generate.ts';
import {
  categorySchema,
  idSchema,
  imageRecordSchema,
  instanceSchema,
  proposalSchema,
  queryInstanceSchema,
  querySchema,
  runSchema,
} from './records.ts';
import { reviewSchema } from './review.ts';

/** Every kind of record that can be changed and changed back. Events are not among them: they are only added. */
export const recordSchemas = {
  image: imageRecordSchema,
  category: categorySchema,
  query: querySchema,
  instance: instanceSchema,
  queryInstance: queryInstanceSchema,
  run: runSchema,
  proposal: proposalSchema,
  candidate: candidateSchema,
  review: reviewSchema,
} as const;
export type TableName = keyof typeof recordSchemas;
export type RecordOf<T extends TableName> = z.infer<(typeof recordSchemas)[T]>;

const entry = <T extends TableName, S extends z.ZodType>(table: T, record: S) =>
  z.object({ table: z.literal(table), record });

export const putSchema = z.discriminatedUnion('table', [
  entry('image', imageRecordSchema),
  entry('category', categorySchema),
  entry('query', querySchema),
  entry('instance', instanceSchema),
  entry('queryInstance', queryInstanceSchema),
  entry('run', runSchema),
  entry('proposal', proposalSchema),
  entry('candidate', candidateSchema),
  entry('review', reviewSchema),
]);
export type Put = z.infer<typeof putSchema>;

export const removeSchema = z.union([
  z.object({
    table: z.enum(['image', 'category', 'query', 'instance', 'run', 'proposal', 'candidate', 'review']),
    id: idSchema,
  }),
  z.object({ table: z.literal('queryInstance'), queryId: idSchema, instanceId: idSchema }),
]);
export type Remove = z.infer<typeof removeSchema>;

export const diffSchema = z.object({
  put: z.array(putSchema),
  remove: z.array(removeSchema),
  /** The versions that the queries must have for the diff to fit; null where the query must not exist. */
  expect: z.array(z.object({ queryId: idSchema, version: z.int().min(1).nullable() })),
});
export type Diff = z.infer<typeof diffSchema>;

/** What a change did, how to take it back, and the event that tells of it. */
export const changeSchema = z.object({ diff: diffSchema, inverse: diffSchema, eventId: idSchema });
export type Change = z.infer<typeof changeSchema>;
