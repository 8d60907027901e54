/**
 * @file What an export reads, what it can be asked to do, and what it tells. The export knows records, not where they
 * are kept.
 */
import type { Category, ImageRecord, Instance, Query, QueryInstance, QueryStatus } from '../../contract/records.ts';

type Items<T> = Iterable<T> | AsyncIterable<T>;

/** A query with its answer, in the order that the answer is to be written. */
export type AskedQuery = {
  readonly query: Query;
  readonly links: readonly QueryInstance[];
  /** The models that proposed the answer last; null where none did. */
  readonly model: { readonly pack: string; readonly reasoner: string | null } | null;
};

/**
 * The records of a project. Every function is called several times, once to write and once to check, and must answer the
 * same each time: read from one snapshot. Only the records of one image are held at a time.
 */
export type CocoSource = {
  /** What the file says of itself. No time, so that the same project gives the same bytes. */
  readonly description: string;
  /** For the progress only. */
  readonly imageCount: number;
  categories(): Items<Category>;
  /** In the order of their ids. */
  images(): Items<ImageRecord>;
  /** Relative to the folder that consumers are told, POSIX, NFC, different for every image. */
  fileName(image: ImageRecord): string;
  /** In the order of their ids. */
  instances(image: ImageRecord): Items<Instance>;
  /** In the order of their ids. */
  queries(image: ImageRecord): Items<AskedQuery>;
};

export type SegmentationMode = 'auto' | 'rle';

export type CocoOptions = {
  /** Queries with one of these; `['accepted']` by default. */
  readonly statuses?: readonly QueryStatus[];
  /** Leaves out instances that belong to no exported query. They are included by default: a mask is work. */
  readonly onlyQueried?: boolean;
  /** See segmentation.ts; 'auto' by default. */
  readonly segmentation?: SegmentationMode;
  /** Name of the category of instances that have none; 'object' by default. */
  readonly defaultCategory?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after every image, in three rounds while writing and three while checking. */
  readonly onProgress?: (progress: CocoProgress) => void;
};

export type CocoProgress = {
  readonly stage: 'write' | 'check';
  /** Images, of all rounds of the stage together. */
  readonly done: number;
  readonly total: number;
};

/** What is in the file, as the writer counts it. */
export type Written = {
  images: number;
  annotations: number;
  categories: number;
  queries: number;
  /** Annotations whose segmentation is polygons; the others are RLE. */
  polygons: number;
  /** Instances without a pixel, which break COCO's readers. */
  leftOut: { instanceId: number; imageId: number }[];
  /** Exported queries that lost all of their answer with those. */
  emptied: number[];
};

export type CocoReport = Readonly<Written> & { readonly bytes: number };
