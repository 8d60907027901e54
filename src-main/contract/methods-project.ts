/** @file Methods on projects, their folders of photos, the list of images, and export. */
import { z } from 'zod';
import { findingSchema } from './check.ts';
import { exportFidelitySchema, exportProfileSchema, lossSchema } from './export-profiles.ts';
import { imageFilterSchema, listedImageSchema } from './image-list.ts';
import { idSchema } from './records.ts';

/**
 * A folder of the host's machine as a page names it: handed out by the host (`folders.list`, a native dialog, a drop)
 * and good until the host ends. A page never names a path.
 */
export const folderHandleSchema = z.string().regex(/^[\w-]{1,64}$/);
export type FolderHandle = z.infer<typeof folderHandleSchema>;

export const projectInfoSchema = z.object({
  /** Changes with every opening: what a page holds of another one is out of date. */
  session: z.string(),
  name: z.string(),
  /** Where it lies, for people to read. */
  folder: z.string(),
  roots: z.array(z.object({ id: idSchema, folder: z.string(), present: z.boolean() })),
  images: z.int(),
  /** The folders of photos are being read. */
  scanning: z.boolean(),
});
export type ProjectInfo = z.infer<typeof projectInfoSchema>;

export const recentProjectSchema = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  /** Whether there is a project in that folder now. */
  present: z.boolean(),
  sample: z.boolean(),
});
export type RecentProject = z.infer<typeof recentProjectSchema>;

const folderEntry = z.object({ handle: folderHandleSchema, name: z.string() });
/** Files that a page may ask to see in a folder, by the ending of their names: annotations and lists of queries. */
export const listedFileKinds = ['json', 'jsonl', 'tsv', 'csv', 'txt', 'yaml'] as const;
export type ListedFileKind = (typeof listedFileKinds)[number];
export const folderListingSchema = z.object({
  handle: folderHandleSchema,
  name: z.string(),
  /** For people to read. */
  path: z.string(),
  /** From the drive to the folder that holds this one. */
  parents: z.array(folderEntry),
  folders: z.array(folderEntry.extend({ project: z.boolean() })),
  /** Photos that lie in this very folder, counted up to a bound. */
  photos: z.int(),
  project: z.boolean(),
  /** Of the kinds that were asked for, in natural order. Their handles name files, for methods that read one. */
  files: z.array(folderEntry.extend({ bytes: z.number() })),
  /** More folders or files than are listed. */
  more: z.boolean(),
  /** Home, documents, drives: where to start. */
  places: z.array(folderEntry),
});
export type FolderListing = z.infer<typeof folderListingSchema>;

/** What reading the folders of photos found. Lists are cut; the counts are not. */
export const scanResultSchema = z.object({
  added: z.int(),
  unchanged: z.int(),
  moved: z.int(),
  missing: z.int(),
  changed: z.int(),
  skipped: z.int(),
  examples: z.array(z.object({ path: z.string(), reason: z.string() })),
  missingRoots: z.array(z.string()),
});
export type ScanResult = z.infer<typeof scanResultSchema>;

export const exportResultSchema = z.object({
  profile: exportProfileSchema,
  /** Name under the project's `exports`, of a file or of a folder (see `profileFacts`). */
  name: z.string(),
  file: z.string(),
  /** Name of the file that a page may fetch from /exports/NAME: the export, or its ZIP; null where there is none. */
  download: z.string().nullable(),
  files: z.int(),
  images: z.int(),
  annotations: z.int(),
  queries: z.int(),
  categories: z.int(),
  bytes: z.number(),
  losses: z.array(lossSchema),
  fidelity: exportFidelitySchema,
  /** What a person should know, the losses among them. */
  notes: z.array(z.string()),
});
export type ExportResult = z.infer<typeof exportResultSchema>;

/** What could be asked about a picture: for projects that come with such texts. */
export const suggestionsSchema = z.object({
  imageId: idSchema,
  /** Who made what is on it, and under which licence. */
  credit: z.string(),
  texts: z.array(z.string()),
});
export type Suggestions = z.infer<typeof suggestionsSchema>;

const projectOutput = z.object({ project: projectInfoSchema.nullable() });

export const projectMethods = {
  'project.state': { input: z.object({}), output: projectOutput },
  'project.recent': { input: z.object({}), output: z.object({ projects: z.array(recentProjectSchema) }) },
  /** Makes a project for a folder of photos, opens it, and begins to read the photos. */
  'project.create': {
    input: z.object({
      photos: folderHandleSchema,
      /** Absent: the name of the folder of photos, made different where it is taken. */
      name: z.string().trim().min(1).max(120).optional(),
      /** The folder to make it in; absent: the one for projects of this user. */
      into: folderHandleSchema.optional(),
    }),
    output: projectOutput,
  },
  'project.open': {
    input: z.union([z.strictObject({ recent: z.string() }), z.strictObject({ folder: folderHandleSchema })]),
    output: projectOutput,
  },
  'project.close': { input: z.object({}), output: z.object({}) },
  /** Takes a project from the list of recent ones. Its folder stays. */
  'project.forget': { input: z.object({ recent: z.string() }), output: z.object({}) },
  'project.addPhotos': { input: z.object({ photos: folderHandleSchema }), output: projectOutput },
  /** Tells where a folder of photos has gone. */
  'project.moveRoot': { input: z.object({ rootId: idSchema, photos: folderHandleSchema }), output: projectOutput },
  /** Reads the folders of photos again. A second call waits for the running one. */
  'project.scan': {
    input: z.object({}),
    output: scanResultSchema,
    progress: z.object({ files: z.int() }),
  },
  'project.check': {
    input: z.object({ thorough: z.boolean().default(false) }),
    output: z.object({ findings: z.array(findingSchema) }),
  },
  'project.export': {
    input: z.object({
      profile: exportProfileSchema.default('coco'),
      /** Of the file or folder in the project's `exports`; absent: the project's name. */
      name: z.string().trim().min(1).max(120).optional(),
      all: z.boolean().default(false),
      onlyQueried: z.boolean().default(false),
      segmentation: z.enum(['auto', 'rle']).default('auto'),
      /** Whether a folder whose readers look for the photos gets copies of them. */
      photos: z.enum(['copy', 'none']).default('copy'),
      /** A folder also as a ZIP, for a page that is on another machine. */
      archive: z.boolean().default(false),
    }),
    output: exportResultSchema,
    progress: z.object({ stage: z.enum(['write', 'check', 'pack']), done: z.number(), total: z.number() }),
  },
  /** What people did and what it cost: medians over the events. */
  'project.stats': {
    input: z.object({}),
    output: z.object({
      images: z.object({ total: z.int(), new: z.int(), open: z.int(), done: z.int() }),
      queries: z.object({ draft: z.int(), proposed: z.int(), accepted: z.int(), rejected: z.int(), noTarget: z.int() }),
      instances: z.int(),
      proposals: z.object({ accepted: z.int(), rejected: z.int(), pending: z.int() }),
      /** Per accepted instance; null without any. */
      median: z.object({ seconds: z.number().nullable(), clicks: z.number().nullable() }),
    }),
  },
  /** Queries that are suggested for images of the project, from `suggestions.json` in its folder; none without it. */
  'project.suggestions': { input: z.object({}), output: z.object({ images: z.array(suggestionsSchema) }) },
  'folders.list': {
    input: z.object({
      handle: folderHandleSchema.optional(),
      files: z.array(z.enum(listedFileKinds)).max(listedFileKinds.length).default([]),
    }),
    output: folderListingSchema,
  },
  'images.list': {
    input: z.object({
      filter: imageFilterSchema.default({}),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(1000).default(200),
    }),
    output: z.object({ images: z.array(listedImageSchema), total: z.int() }),
  },
  /** Where an image is in the filtered list, from 0; null where the filter leaves it out. */
  'images.position': {
    input: z.object({ imageId: idSchema, filter: imageFilterSchema.default({}) }),
    output: z.object({ position: z.int().nullable() }),
  },
  /**
   * The image before or after one, in the filtered list; with `undecided` the next one that is new or open, starting
   * over at the end. Null where there is none.
   */
  'images.step': {
    input: z.object({
      from: idSchema.nullable(),
      step: z.union([z.literal(1), z.literal(-1)]),
      undecided: z.boolean().default(false),
      filter: imageFilterSchema.default({}),
    }),
    output: z.object({ image: listedImageSchema.nullable(), position: z.int().nullable() }),
  },
} as const;
