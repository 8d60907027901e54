/** @file Requests with oracle activations, and the ground truth that they name, for the benches of the refinement. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rle } from '../src-main/contract/mask.ts';
import { rleFromCounts } from '../src-main/contract/rle.ts';
import type { Activation } from '../src-main/contract/segmentation.ts';
import { rasteriseCoco } from '../src-main/mask/rasterise-coco.ts';

export type Annotation = {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly iscrowd: 0 | 1;
  readonly area: number;
  readonly segmentation: number[][] | { readonly counts: number[] | string };
};
export type Photo = {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
};
export type Coco = {
  readonly images: readonly Photo[];
  readonly annotations: readonly Annotation[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
};

/** One line of a batch: the map, and the annotations that it was made from. */
export type OracleRequest = {
  readonly id: string;
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly grid: [number, number];
  readonly activation: number[];
  readonly annotation_ids: readonly number[];
};

export const readCoco = (folder: string): Coco => JSON.parse(readFileSync(join(folder, 'instances.json'), 'utf8'));

export function readOracleRequests(file: string): OracleRequest[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as OracleRequest);
}

export const activationOf = ({ grid, activation }: OracleRequest): Activation => ({ grid, values: activation });

/** COCO polygons, runs or compressed runs as a mask of the image. */
export function maskOf({ segmentation }: Annotation, width: number, height: number): Rle {
  if (Array.isArray(segmentation)) return rasteriseCoco(segmentation, width, height);
  const { counts } = segmentation;
  return typeof counts === 'string' ? { size: [height, width], counts } : rleFromCounts(counts, height, width);
}
