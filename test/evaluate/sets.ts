/** @file A small data set whose scores can be worked out by hand: 10 x 10 pixels an image, masks of whole rows. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rle } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';

export const folder = (): string => mkdtempSync(join(tmpdir(), 'novo-evaluate-'));

/** Rows from `first` up to `end` of an image of 10 columns and 10 rows (or more). */
export function rows(first: number, end: number, side = 10): Rle {
  const data = Uint8Array.from({ length: side * side }, (_, i) => {
    const y = Math.floor(i / side);
    return y >= first && y < end ? 1 : 0;
  });
  return encodeRle({ width: side, height: side, data });
}

export const nothing = rows(0, 0);

const image = (id: number) => ({ id, file_name: `photos/${id}.jpg`, width: 10, height: 10 });
const annotation = (id: number, image_id: number, category_id: number, segmentation: Rle, area: number) => ({
  id,
  image_id,
  category_id,
  iscrowd: 0,
  area,
  segmentation,
});

/** Two cups on photo 1, a dog on photo 2, nothing that matches on photo 3. */
export const truth = {
  images: [image(1), image(2), image(3)],
  categories: [
    { id: 1, name: 'cup', supercategory: 'kitchen' },
    { id: 2, name: 'dog', supercategory: 'animal' },
  ],
  annotations: [
    annotation(1, 1, 1, rows(0, 2), 20),
    annotation(2, 1, 1, rows(4, 8), 40),
    annotation(3, 2, 2, rows(0, 5), 50),
  ],
  queries: [
    { id: 11, image_id: 1, text: 'What holds tea?', annotation_ids: [1, 2], no_target: false, family: 'use' },
    { id: 12, image_id: 2, text: 'Who barks?', annotation_ids: [3], no_target: false, family: 'kind' },
    { id: 13, image_id: 3, text: 'Who purrs?', annotation_ids: [], no_target: true, family: 'kind' },
    { id: 14, image_id: 3, text: 'A draft', annotation_ids: [], no_target: true, status: 'draft' },
  ],
};

/** Photo 1: one cup found, one half found; photo 2: the dog and as much again; photo 3: nothing. */
export const results = [
  {
    id: 11,
    semantic: rows(0, 10),
    refined: rows(0, 6),
    instances: [
      { segmentation: rows(0, 2), score: 0.9 },
      { segmentation: rows(4, 6), score: 0.8 },
    ],
    timing: { decoder_calls: 9, total_ms: 100 },
  },
  { id: 12, semantic: rows(0, 5), refined: rows(0, 10), instances: [{ segmentation: rows(0, 10), score: 0.7 }] },
  { id: 13, semantic: rows(0, 1), refined: nothing, instances: [] },
];

/** Writes values as a JSON file, or as JSON lines where the name ends in .jsonl. */
export function put(into: string, name: string, value: unknown): string {
  const file = join(into, name);
  const lines = (value as unknown[]).length !== undefined && name.endsWith('.jsonl');
  const text = lines
    ? (value as unknown[]).map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('')
    : JSON.stringify(value);
  writeFileSync(file, text);
  return file;
}
