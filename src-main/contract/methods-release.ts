/** @file Methods of releases: a page makes them in the folder `releases` of the project. */
import { z } from 'zod';
import { exportProfileSchema, exportProfiles } from './export-profiles.ts';
import { balanceSchema, releaseVersionSchema, splitShareSchema } from './release.ts';

export const listedReleaseSchema = z.object({
  version: z.string(),
  /** When it was made. */
  at: z.number(),
  who: z.string(),
  /** For people to read. */
  folder: z.string(),
  sumsHash: z.string(),
  images: z.int(),
  queries: z.int(),
  instances: z.int(),
  profiles: z.array(exportProfileSchema),
  balance: balanceSchema,
  /** Groups of photos that are alike, each in one split. */
  alike: z.int(),
  licencesUnknown: z.int(),
});
export type ListedRelease = z.infer<typeof listedReleaseSchema>;

const text = (most: number) => z.string().trim().max(most).default('');

export const releaseMethods = {
  /** Newest first. */
  'release.list': { input: z.object({}), output: z.object({ releases: z.array(listedReleaseSchema) }) },
  /** The accepted queries, frozen. Refused where the version was released already. */
  'release.make': {
    input: z.object({
      version: releaseVersionSchema,
      splits: z
        .array(splitShareSchema)
        .min(1)
        .max(10)
        .refine((splits) => new Set(splits.map(({ name }) => name.toLowerCase())).size === splits.length, {
          error: 'a split is named twice',
        })
        .default([
          { name: 'train', share: 0.7 },
          { name: 'val', share: 0.15 },
          { name: 'test', share: 0.15 },
        ]),
      seed: z.int().min(0).max(999_999).default(1),
      profiles: z.array(exportProfileSchema).min(1).max(exportProfiles.length).default(['coco']),
      photos: z.enum(['copy', 'none']).default('copy'),
      title: text(200),
      licence: text(200),
    }),
    output: z.object({ release: listedReleaseSchema }),
    progress: z.object({ stage: z.string(), done: z.number(), total: z.number() }),
  },
} as const;
