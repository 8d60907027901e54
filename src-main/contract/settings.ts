/** @file Settings of the person at this machine, not of a project: nothing here is needed to open one. */
import { z } from 'zod';
import { pricesSchema } from './generate.ts';
import { profileNames } from './segmentation.ts';

/** Every setting with its default. A new one is one line here. */
export const settingSchemas = {
  /** Who reviews: written to events and queries. */
  reviewer: z.string().max(1000).default(''),
  segmenter: z.string().min(1).max(200).default('mobile-sam'),
  reasoner: z.string().max(200).nullable().default(null),
  profile: z.enum(profileNames).default('default'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** 0 to 1: how strongly masks are filled and outlined. */
  fillOpacity: z.number().min(0).max(1).default(0.35),
  outlineOpacity: z.number().min(0).max(1).default(1),
  /** Diameter in pixels of the original image. */
  brushSize: z.number().min(1).max(2000).default(24),
  /** Whether the next undecided image opens by itself when the last proposal of a query was decided. */
  autoAdvance: z.boolean().default(true),
  /** Whether zoom and place are kept from image to image. */
  keepView: z.boolean().default(false),
  /** Action -> `event.code` with modifiers, only where it differs from the default. */
  keys: z.record(z.string().max(100), z.string().max(100)).default({}),
  /** What a model of an endpoint costs, by its name: for what a generation will cost. */
  prices: z.record(z.string().max(300), pricesSchema).default({}),
  /** Why a query is rejected in validation: one key each, in this order. */
  rejectReasons: z
    .array(z.string().trim().min(1).max(1000))
    .max(9)
    .default([
      'Names what it asks for',
      'Can be read in more than one way',
      'Needs no reasoning',
      'Does not follow from the photo',
      'Bad language',
    ]),
  /** From this overlap with the reference mask on (paper, Eq. 8) a mask is chosen beforehand; 0.7 in the paper. */
  alignOverlap: z.number().min(0).max(1).default(0.7),
  /** Minutes between backups of an open project; 0 for none. */
  backupMinutes: z.number().min(0).max(1440).default(10),
} as const;

export type SettingName = keyof typeof settingSchemas;
export type Settings = { [N in SettingName]: z.output<(typeof settingSchemas)[N]> };

/** Some settings. Without the defaults, which would otherwise take the place of those that are not named. */
type Edits = { [N in SettingName]: z.ZodOptional<ReturnType<(typeof settingSchemas)[N]['unwrap']>> };
export const settingsEditSchema = z.object(
  Object.fromEntries(
    Object.entries(settingSchemas).map(([name, schema]) => [name, schema.unwrap().optional()]),
  ) as unknown as Edits,
);
