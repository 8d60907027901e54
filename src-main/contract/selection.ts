/**
 * @file Choosing images of a COCO file: what they can be filtered and sorted by, and what is decided of each. An image
 * is named by its place in the file (from 0), a class by its place in the list of categories. Boxes are COCO's
 * [x, y, width, height] in pixels; shares are parts of the image's area, 0 to 1.
 */
import { z } from 'zod';

export const placeSchema = z.int().min(0).max(100_000_000);

/** Both ends belong to it; an end that is absent is open. */
export const rangeSchema = z.object({ min: z.number().optional(), max: z.number().optional() });
export type Range = z.infer<typeof rangeSchema>;

/**
 * Instances below this share of the image leave their class out, unless the filter says otherwise: 0.1 %, some 18 x 18
 * pixels of a COCO photo, where neither a person nor a model can tell much of them.
 */
export const smallestShare = 0.001;

export const selectionStates = ['undecided', 'kept', 'dropped', 'in-project'] as const;

/**
 * An image is shown when it has a class that fits: one of `categories` (absent: of any), of the supercategory, with as
 * many instances as `instances` says, none of them smaller or larger than `share`, and so on. Regions that the file
 * marks as crowds are no instances.
 */
export const selectionFilterSchema = z.object({
  categories: z.array(placeSchema).max(10_000).optional(),
  supercategory: z.string().max(1000).optional(),
  instances: rangeSchema.default({ min: 2 }),
  /** Share of the image of the smallest instance of the class (at least `min`) and of the largest (at most `max`). */
  share: rangeSchema.default({ min: smallestShare }),
  /** Largest intersection over union of two boxes of the class. */
  overlap: rangeSchema.default({}),
  /** How many other instances, of whatever class, the box of an instance of the class touches, on average. */
  crowding: rangeSchema.default({}),
  /** Classes beside the one that fits. */
  otherClasses: rangeSchema.default({}),
  /** Classes of which the image also has a region marked as a crowd, whose instances were not counted. */
  crowds: z.boolean().default(false),
  /** A part of the file's name. */
  text: z.string().max(1000).optional(),
  state: z.enum(selectionStates).optional(),
});
export type SelectionFilter = z.infer<typeof selectionFilterSchema>;

export const selectionSorts = ['file', 'instances', 'share', 'overlap', 'crowding', 'classes', 'random'] as const;
export type SelectionSort = (typeof selectionSorts)[number];

/** How many images of each class are wanted. */
export const quotasSchema = z.object({
  /** Of each class that has no number of its own; null for as many as `total` asks for. */
  perClass: z.int().min(0).max(1_000_000).nullable().default(10),
  /** By the name of the class. */
  own: z.record(z.string().max(1000), z.int().min(0).max(1_000_000)).default({}),
  /** Of all classes together; null for no bound. */
  total: z.int().min(0).max(10_000_000).nullable().default(null),
});
export type Quotas = z.infer<typeof quotasSchema>;

export const verdicts = ['keep', 'drop'] as const;
export const choiceSchema = z.object({
  image: placeSchema,
  verdict: z.enum(verdicts),
  /** By whom: keys of a person, or the quotas. */
  by: z.enum(['hand', 'fill']),
  /** The class that a kept image counts for; null for one that is dropped. */
  category: placeSchema.nullable(),
});
export type Choice = z.infer<typeof choiceSchema>;

/** How the choosing stands, kept with the project. */
export const selectionSettingsSchema = z.object({
  filter: selectionFilterSchema.prefault({}),
  sort: z.enum(selectionSorts).default('file'),
  descending: z.boolean().default(false),
  quotas: quotasSchema.prefault({}),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
});
export type SelectionSettings = z.infer<typeof selectionSettingsSchema>;
