/** @file A release of a dataset: how it was divided, and its card (what, how, by whom). Both are JSON files of the release. */
import { z } from 'zod';
import { exportFidelitySchema, exportProfileSchema, lossSchema } from './export-profiles.ts';
import { contentFiguresSchema, modelFigureSchema } from './figures.ts';

/** A folder's name on every system, and a version that sorts: 1.0.0, 2026.11, 1.0.0-rc.1. */
export const releaseVersionSchema = z.string().regex(/^\d{1,6}(\.\d{1,6}){0,3}(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$/);

export const splitShareSchema = z.object({
  name: z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u),
  share: z.number().gt(0),
});
/** Name and part of the queries, 0 to 1. */
export type SplitShare = z.infer<typeof splitShareSchema>;

/** How even a division is. Parts are 0 to 1. */
export const balanceSchema = z.object({
  splits: z.array(
    z.object({
      name: z.string(),
      wanted: z.number(),
      got: z.number(),
      groups: z.int(),
      images: z.int(),
      queries: z.int(),
      instances: z.int(),
    }),
  ),
  /** By what is balanced: the largest distance of a value's part in a split from its part in the whole. */
  deviations: z.array(
    z.object({
      of: z.string(),
      /** Null where there is nothing to divide. */
      worst: z.object({ value: z.string(), split: z.string(), whole: z.number(), here: z.number() }).nullable(),
      deviation: z.number(),
    }),
  ),
});
export type Balance = z.infer<typeof balanceSchema>;

/** Photos that are the same, or nearly: they are in one split. */
export const duplicatesSchema = z.object({
  /** Largest number of different bits of two fingerprints that counts as near; null where only equal files count. */
  threshold: z.int().nullable(),
  compared: z.int(),
  /** Photos that could not be read, and were compared by the hash of their file only. */
  unread: z.int(),
  /** File names, of groups with more than one. */
  groups: z.array(z.array(z.string())),
});
export type Duplicates = z.infer<typeof duplicatesSchema>;

export const photoLicenceSchema = z.object({ name: z.string(), url: z.string(), images: z.int() });
export type PhotoLicence = z.infer<typeof photoLicenceSchema>;

export const releaseCardSchema = z.object({
  schema: z.literal(1),
  title: z.string(),
  version: releaseVersionSchema,
  /** YYYY-MM-DD. */
  date: z.string(),
  description: z.string(),
  /** Of the annotations; empty where it was not said. */
  licence: z.string(),
  by: z.array(z.string()),
  software: z.object({ name: z.string(), version: z.string() }),
  content: contentFiguresSchema,
  splits: z.object({ seed: z.int(), balance: balanceSchema, duplicates: duplicatesSchema }),
  photos: z.object({ licences: z.array(photoLicenceSchema), unknown: z.int() }),
  /** Who worked on it, and what models did. */
  people: z.array(z.object({ who: z.string(), verdicts: z.int() })),
  reviewersPerQuery: z.int(),
  models: z.array(modelFigureSchema),
  /** Models that wrote queries, with the number of those that are in the release. */
  writers: z.array(z.object({ model: z.string(), queries: z.int() })),
  exports: z.array(
    z.object({
      profile: exportProfileSchema,
      /** Empty where the profile has its splits inside. */
      split: z.string(),
      path: z.string(),
      images: z.int(),
      queries: z.int(),
      annotations: z.int(),
      losses: z.array(lossSchema),
      fidelity: exportFidelitySchema,
    }),
  ),
});
export type ReleaseCard = z.infer<typeof releaseCardSchema>;
