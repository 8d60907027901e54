/**
 * @file What an import of annotations brings and what it tells. Readers of formats fill a plan with drafts, whose photos
 * are known by then; the store writes a plan in one transaction. An import only ever adds: nothing is overwritten.
 */
import { z } from 'zod';
import type { Rle } from './mask.ts';
import { type CocoBox, type Instance, idSchema, type Query } from './records.ts';
import type { Review } from './review.ts';

export const importFormats = ['coco', 'labelme', 'reasonseg', 'yolo-seg', 'project'] as const;
export const importFormatSchema = z.enum(importFormats);
export type ImportFormat = z.infer<typeof importFormatSchema>;

/** Why something was not brought in; the texts are in import-reasons.ts. */
export const skipReasons = [
  'photo-missing',
  'photo-ambiguous',
  'photo-size',
  'photo-rotated',
  'photo-twice',
  'photo-unnamed',
  'photo-left-out',
  'not-chosen',
  'dangling',
  'unreadable',
  'twice',
  'no-mask',
  'only-box',
  'no-area-shape',
  'mask-damaged',
  'mask-size',
  'mask-swapped',
  'mask-empty',
  'flag-shape',
  'text-missing',
  'text-long',
  'waiting',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** What was brought in, but not as the file has it. */
export const mendReasons = [
  'photo-name',
  'flat-polygon',
  'short-polygon',
  'hole',
  'row-major',
  'box-differs',
  'bytes-text',
  'category-unknown',
  'category-twice',
  'super-differs',
  'id-twice',
  'links-lost',
  'no-target',
  'ranks',
  'status',
  'name-unknown',
  'joined',
  'field-dropped',
] as const;
export type MendReason = (typeof mendReasons)[number];

const tallied = <T extends z.ZodType>(reason: T) =>
  z.object({
    reason,
    /** The reason in words, for people. */
    text: z.string(),
    count: z.int(),
    /** The first of them: which entry, and details where there are any. */
    examples: z.array(z.string()),
  });

/** A question that the project has already with another answer. */
export const importConflictSchema = z.object({
  imageId: idSchema,
  path: z.string(),
  text: z.string(),
  /** What the project has, which stays as it is. */
  queryId: idSchema,
  /** What became of the other: a second query, a draft with a note; null where only verdicts differ. */
  addedId: idSchema.nullable(),
  what: z.string(),
});
export type ImportConflict = z.infer<typeof importConflictSchema>;

const counts = z.object({ images: z.int(), instances: z.int(), queries: z.int(), categories: z.int() });

export const importReportSchema = z.object({
  format: importFormatSchema,
  /** Whether the format was found from the content because none was named. */
  guessed: z.boolean(),
  /** What was read, for people. */
  source: z.string(),
  /** Nothing was written. */
  dryRun: z.boolean(),
  /** Entries in the source. */
  read: counts,
  /** What the project has now and had not before; `images`: photos of the source that are in the project. */
  kept: counts,
  /** What the project had already, just the same. */
  known: z.object({ instances: z.int(), queries: z.int() }),
  /** Open queries of the project that got the source's answer. */
  answered: z.int(),
  /** Verdicts of reviewers that came along. */
  reviews: z.int(),
  conflicts: z.object({ count: z.int(), examples: z.array(importConflictSchema) }),
  skipped: z.array(tallied(z.enum(skipReasons))),
  mended: z.array(tallied(z.enum(mendReasons))),
  notes: z.array(z.string()),
  /** The copy of the project from before, absolute path; null where nothing was written. */
  backup: z.string().nullable(),
});
export type ImportReport = z.infer<typeof importReportSchema>;
export type Tallied = ImportReport['skipped'][number] | ImportReport['mended'][number];

/** `order` is its place in the source's own list: categories of the project are made in that order. */
export type CategoryDraft = { readonly name: string; readonly supercategory: string | null; readonly order: number };

/** A mask that is checked, canonical, of its photo's size, and has a pixel. */
export type InstanceDraft = Pick<Instance, 'imageId' | 'score' | 'source' | 'attributes'> & {
  readonly rle: Rle;
  readonly area: number;
  readonly bbox: CocoBox;
  /** Place in the plan's categories. */
  readonly category: number | null;
};

export type QueryDraft = Omit<Query, 'id' | 'version'> & {
  /** Places in the plan's instances, each once; ranks count from 1 without gaps, or are null. */
  readonly links: readonly { readonly instance: number; readonly rank: number | null }[];
  readonly model: { readonly pack: string; readonly reasoner: string | null } | null;
  /** Verdicts of people, in the order they were given; no format but a project has them. */
  readonly reviews?: readonly ReviewDraft[];
};

export type ReviewDraft = Omit<Review, 'id' | 'queryId'>;

/** Instances in the order they were read. A list of any kind will do: an array, or one that takes less room. */
export type InstanceDrafts = Iterable<InstanceDraft> & {
  readonly length: number;
  /** The new length. */
  push(draft: InstanceDraft): number;
  at(place: number): InstanceDraft | undefined;
};

/** All that is to be written. Categories that are null have no name: their instances get none. */
export type ImportPlan = {
  readonly categories: (CategoryDraft | null)[];
  readonly instances: InstanceDrafts;
  readonly queries: QueryDraft[];
};

/** How a source names a photo. Sizes are pixels of the upright image, null where the source does not say. */
export type PhotoRef = {
  /** Empty where the source names no file. */
  readonly name: string;
  /** The name without its ending, tried where `name` fits nothing: for sources whose files are called like their photos. */
  readonly stem?: string;
  readonly width: number | null;
  readonly height: number | null;
  /** SHA-256 of the file, lower-case hex. */
  readonly hash?: string;
};
/** The project's photo. */
export type Photo = { readonly id: number; readonly path: string; readonly width: number; readonly height: number };

/** With its absolute path, POSIX and NFC, and the SHA-256 of its file. */
export type ProjectPhoto = Photo & { readonly whole: string; readonly hash: string };

export type ImportProgress = { readonly stage: 'read' | 'write'; readonly done: number; readonly total: number };

/** What a reader of a format is given: it finds photos, adds drafts, and tells of all that it leaves out. */
export type ImportSink = {
  readonly plan: ImportPlan;
  /** The project's photo for each; null, and told, where there is none. Names of one source belong in one call. */
  photos(refs: readonly PhotoRef[]): (Photo | null)[];
  /** Counts entries of the source. */
  read(kind: keyof ImportReport['read'], count?: number): void;
  /** @param example which entry, and what is wrong in particular. */
  skip(reason: SkipReason, example: string, count?: number): void;
  mend(reason: MendReason, example: string): void;
  note(text: string): void;
};
