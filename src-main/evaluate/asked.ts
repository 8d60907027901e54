/** @file A query with its ground truth, whatever file it comes from. Masks are decoded when they are asked for. */
import type { Truth } from '../metrics/coco-match.ts';
import type { Region } from '../metrics/region.ts';

/** The true answer, in pixels of the upright original image. */
export type Answer = {
  /** All pixels that are asked for. */
  readonly target: Region;
  /** Pixels that count neither way; null for none. */
  readonly ignore: Region | null;
  /** The things that are asked for one by one; null where the data set knows no instances. */
  readonly truths: readonly Truth[] | null;
};

export type Asked = {
  readonly id: string;
  /** Queries of one image are not independent: intervals are made by drawing images. */
  readonly imageKey: string;
  /** As the file names it; null where it names none. */
  readonly fileName: string | null;
  readonly text: string;
  /** The true answer is "nothing matches". */
  readonly noTarget: boolean;
  readonly width: number;
  readonly height: number;
  /** What the tables are broken down by, such as { family: 'part', category: 'cup' }. */
  readonly strata: Readonly<Record<string, string>>;
  /** @throws AppError bad-request when a mask is damaged. */
  readonly answer: () => Answer;
};

export type GroundTruth = {
  /** By id, in the order of the file. */
  readonly asked: ReadonlyMap<string, Asked>;
  /** Queries that are not evaluated, and why: "12 of status draft". */
  readonly leftOut: readonly string[];
};
