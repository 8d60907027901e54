/**
 * @file What a check of a project finds: one entry for each inconsistency.
 */
import { z } from 'zod';
import { idSchema } from './records.ts';

export const findingCodes = [
  'broken-link', // a record refers to one that is not there
  'no-target-with-instances',
  'accepted-without-answer',
  'proposed-without-proposals',
  'duplicate-instance', // the same mask twice in a query
  'other-image', // an instance of another image than its query's
  'rank-gap', // ranks that are not 1 to n
  'accepted-proposal-without-instance',
  'same-query', // the same text twice on an image
  'mask-size', // not the image's
  'mask-damaged', // an RLE that cannot be read
  'mask-numbers', // area or box are not the mask's
  'mask-empty',
  'root-missing', // a folder of photos
  'file-missing',
  'file-unreadable',
  'file-changed', // another content than when it was added
  'release-changed', // files of a release are others than were released
] as const;

export const findingSchema = z.object({
  code: z.enum(findingCodes),
  /** A sentence for a person: what is wrong, with what. */
  what: z.string(),
  /** A sentence for a person: what to do. */
  todo: z.string(),
  imageId: idSchema.nullable(),
  queryId: idSchema.nullable(),
  instanceId: idSchema.nullable(),
});
export type Finding = z.infer<typeof findingSchema>;
