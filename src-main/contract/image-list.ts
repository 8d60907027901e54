/**
 * @file The list of a project's images: what it can be filtered by and what it says of each image.
 */
import { z } from 'zod';
import { fileStatuses, idSchema, imageRecordSchema, reasoningTypes } from './records.ts';

/** `new` has no query, `open` has one that is not decided, `done` has only decided ones. */
export const imageStates = ['new', 'open', 'done'] as const;

export const imageFilterSchema = z.object({
  state: z.enum(imageStates).optional(),
  file: z.enum(fileStatuses).optional(),
  /** A part of the path, or of the text of a query; capitals of A to Z do not matter. */
  text: z.string().max(1000).optional(),
  /** An undecided proposal or an instance has a score below this. */
  scoreBelow: z.number().optional(),
  reasoningType: z.enum(reasoningTypes).optional(),
  noTarget: z.boolean().optional(),
  categoryId: idSchema.optional(),
});
export type ImageFilter = z.infer<typeof imageFilterSchema>;

export const imageCountsSchema = z.object({
  draft: z.int(),
  proposed: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  instances: z.int(),
  /** Proposals that wait. */
  pending: z.int(),
});

export const listedImageSchema = imageRecordSchema.extend({ state: z.enum(imageStates), counts: imageCountsSchema });
export type ListedImage = z.infer<typeof listedImageSchema>;
