/** @file A small project in memory with every kind of mask that exports get wrong. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rle } from '../../../src-main/contract/mask.ts';
import type { ImageRecord, Instance, Query } from '../../../src-main/contract/records.ts';
import { encodeRle } from '../../../src-main/contract/rle.ts';
import type { CocoSegmentation } from '../../../src-main/formats/coco/segmentation.ts';
import type { AskedQuery, CocoSource } from '../../../src-main/formats/coco/source.ts';

export const temporary = () => mkdtemp(join(tmpdir(), 'novo-coco-'));

/** A mask of the pixels that `inside` says. */
export function maskOf(width: number, height: number, inside: (x: number, y: number) => boolean): Rle {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = inside(x, y) ? 1 : 0;
  return encodeRle({ width, height, data });
}

const within = (x: number, y: number, [left, top, right, bottom]: number[]) =>
  x >= left! && x < right! && y >= top! && y < bottom!;

/** The masks by what is special about them, for an image of any size from 20 x 12. */
export const masks = (w: number, h: number): Record<string, Rle> => ({
  block: maskOf(w, h, (x, y) => within(x, y, [3, 2, 9, 8])),
  hole: maskOf(w, h, (x, y) => within(x, y, [2, 1, 12, 10]) && !within(x, y, [5, 4, 8, 7])),
  parts: maskOf(w, h, (x, y) => within(x, y, [1, 1, 4, 4]) || within(x, y, [10, 5, 15, 9])),
  corners: maskOf(w, h, (x, y) => within(x, y, [2, 2, 5, 5]) || within(x, y, [5, 5, 8, 8])),
  pixel: maskOf(w, h, (x, y) => x === 7 && y === 5),
  full: maskOf(w, h, () => true),
  borders: maskOf(w, h, (x, y) => x === 0 || y === h - 1 || x === w - 1),
  round: maskOf(w, h, (x, y) => (x - 8) ** 2 + (y - 6) ** 2 < 20),
  empty: maskOf(w, h, () => false),
});

export const image = (id: number, path: string, width: number, height: number): ImageRecord => ({
  id,
  rootId: 1,
  path,
  diskPath: null,
  contentHash: 'ab',
  width,
  height,
  format: 'png',
  bytes: 1,
  modifiedMs: 0,
  status: 'present',
});

export const instance = (id: number, imageId: number, rle: Rle, given: Partial<Instance> = {}): Instance => ({
  id,
  imageId,
  rle,
  area: 0,
  bbox: [0, 0, 0, 0],
  categoryId: null,
  score: null,
  source: 'human',
  attributes: {},
  ...given,
});

export function asked(
  id: number,
  imageId: number,
  instanceIds: number[],
  given: Partial<Query> = {},
  ranks: number[] = [],
): AskedQuery {
  const query: Query = {
    id,
    imageId,
    text: `What is ${id}?`,
    form: 'short',
    reasoningType: null,
    source: 'human',
    status: 'accepted',
    noTarget: false,
    exhaustive: true,
    clear: null,
    correct: null,
    reviewer: null,
    note: '',
    version: 1,
    ...given,
  };
  const links = instanceIds.map((instanceId, k) => ({ queryId: id, instanceId, rank: ranks[k] ?? null }));
  return { query, links, model: null };
}

export type Records = { images: ImageRecord[]; instances: Instance[]; queries: AskedQuery[] };

export const sourceOf = ({ images, instances, queries }: Records): CocoSource => ({
  description: 'test',
  imageCount: images.length,
  categories: () => [
    { id: 2, name: 'cup', supercategory: null },
    { id: 7, name: '의자', supercategory: 'furniture' },
  ],
  images: () => images,
  fileName: ({ path }) => path,
  instances: ({ id }) => instances.filter(({ imageId }) => imageId === id),
  queries: ({ id }) => queries.filter(({ query }) => query.imageId === id),
});

export const koreanName = '거실/사진 #1 100%.png'.normalize('NFC');

/** Two images with masks of every kind, one image without, and queries of every kind. */
export function everything(): Records {
  const first = masks(32, 20);
  const second = masks(20, 41);
  return {
    images: [image(1, koreanName, 32, 20), image(2, 'b/2.jpg', 20, 41), image(5, 'empty.jpg', 9, 9)],
    instances: [
      instance(1, 1, first['block']!, { categoryId: 7, score: 0.75, source: 'model' }),
      instance(2, 1, first['hole']!, { attributes: { colour: 'red', size: { cm: [1, 2] }, score: 9 } }),
      instance(3, 1, first['parts']!),
      instance(4, 1, first['pixel']!, { categoryId: 2 }),
      instance(5, 1, first['empty']!),
      instance(8, 1, first['corners']!),
      instance(9, 2, second['full']!),
      instance(10, 2, second['borders']!),
      instance(11, 2, second['round']!),
    ],
    queries: [
      asked(1, 1, [1, 2], {
        text: '아이가 선반에 닿으려면 "무엇"을\n밟을까?',
        reviewer: 'Kim',
        reasoningType: 'context',
      }),
      { ...asked(2, 1, [4, 1, 3], {}, [1, 2]), model: { pack: 'mobile-sam', reasoner: null } },
      asked(3, 1, [], { noTarget: true }),
      asked(4, 1, [8], { status: 'rejected' }),
      asked(6, 1, [5], { exhaustive: false }),
      asked(7, 2, [9]),
      asked(8, 2, [11], { status: 'proposed' }),
    ],
  };
}

export type Coco = {
  info: object;
  licenses: object[];
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: {
    id: number;
    image_id: number;
    category_id: number;
    iscrowd: number;
    area: number;
    bbox: [number, number, number, number];
    segmentation: CocoSegmentation;
    attributes: Record<string, unknown>;
  }[];
  categories: { id: number; name: string; supercategory: string }[];
  queries: {
    id: number;
    image_id: number;
    text: string;
    annotation_ids: number[];
    ranks?: (number | null)[];
    no_target: boolean;
    exhaustive: boolean;
    status: string;
    reviewer: string | null;
    model: object | null;
  }[];
};
