/** @file Methods on choosing images of a COCO file for the open project. Nothing is in the project before `select.apply`. */
import { z } from 'zod';
import { costSchema } from './methods-annotate.ts';
import { folderHandleSchema, projectInfoSchema } from './methods-project.ts';
import { cocoBoxSchema } from './records.ts';
import { choiceSchema, placeSchema, selectionFilterSchema, selectionSettingsSchema } from './selection.ts';

const places = z.array(placeSchema).max(2_000_000);
const tally = z.array(z.object({ what: z.string(), count: z.int() }));

export const selectionStateSchema = z.object({
  /** Null where the project has none; then the rest is empty. */
  source: z.object({ id: z.int(), coco: z.string(), photos: z.string() }).nullable(),
  images: z.int(),
  instances: z.int(),
  /** Images whose photo is not in the folder: they are never shown. */
  absent: z.int(),
  /** Entries of the file that cannot be used, and why. */
  problems: tally,
  categories: z.array(z.object({ name: z.string(), supercategory: z.string() })),
  settings: selectionSettingsSchema,
  choices: z.array(choiceSchema),
  inProject: places,
});
export type SelectionState = z.infer<typeof selectionStateSchema>;

/** An image as the grid shows it. */
export const candidateSchema = z.object({
  image: placeSchema,
  name: z.string(),
  width: z.int(),
  height: z.int(),
  /** Its picture is at /media/ID?max=N. */
  media: z.string(),
  /** Its classes that fit the filter, with the number of their instances. */
  fits: z.array(z.object({ category: placeSchema, count: z.int() })),
  instances: z.array(z.object({ category: placeSchema, box: cocoBoxSchema, crowd: z.boolean() })),
});
export type SelectionCandidate = z.infer<typeof candidateSchema>;

export const appliedSchema = z.object({
  /** Photos that became images of the project, and those that were there before. */
  added: z.int(),
  known: z.int(),
  instances: z.int(),
  /** What was left out or is not as in the file, and why. */
  notes: z.array(z.string()),
});
export type AppliedSelection = z.infer<typeof appliedSchema>;

const readProgress = z.object({ stage: z.enum(['file', 'photos']), done: z.number(), total: z.number() });

export const selectMethods = {
  /** Makes a project for images that are chosen of a COCO file, and opens it; it has no photos at first. */
  'select.create': {
    input: z.object({
      coco: folderHandleSchema,
      photos: folderHandleSchema,
      name: z.string().trim().min(1).max(120),
      into: folderHandleSchema.optional(),
    }),
    output: z.object({ project: projectInfoSchema.nullable() }),
  },
  /** Chooses from another file from now on. What was decided of images of other files is kept. */
  'select.open': {
    input: z.object({ coco: folderHandleSchema, photos: folderHandleSchema }),
    output: selectionStateSchema,
    progress: readProgress,
  },
  /** Reads the file, the first time since the project was opened. */
  'select.state': { input: z.object({}), output: selectionStateSchema, progress: readProgress },
  /** Images that fit, in order; the settings are kept. */
  'select.find': {
    input: z.object({ settings: selectionSettingsSchema }),
    output: z.object({
      images: places,
      /** How many images fit for each class, whatever class, name and decision is looked at. */
      supply: z.array(z.int()),
    }),
  },
  'select.images': {
    input: z.object({ images: z.array(placeSchema).max(500), filter: selectionFilterSchema }),
    output: z.object({ images: z.array(candidateSchema) }),
  },
  /** Keeps and drops images; `undecided` are neither any more. */
  'select.choose': {
    input: z.object({
      choices: z.array(choiceSchema).max(1_000_000),
      undecided: places.default([]),
      cost: costSchema.prefault({}),
    }),
    output: z.object({}),
  },
  /**
   * Keeps images by the quotas, in place of those that were kept so before. What was kept or dropped by hand stays.
   * Answers all choices.
   */
  'select.fill': {
    input: z.object({ settings: selectionSettingsSchema }),
    output: z.object({
      choices: z.array(choiceSchema),
      /** Classes that stay behind their quota: there are no more images. */
      short: z.array(z.object({ category: placeSchema, wanted: z.int(), got: z.int() })),
    }),
  },
  /** Makes the kept images images of the project, with the file's instances. */
  'select.apply': {
    input: z.object({}),
    output: appliedSchema,
    progress: z.object({ stage: z.enum(['photos', 'instances']), done: z.number(), total: z.number() }),
  },
} as const;
