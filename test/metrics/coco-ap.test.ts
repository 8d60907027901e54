/** @file COCO's figures are those of pycocotools to 1e-9, on random data sets and on real photos. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Mask, Rle } from '../../src-main/contract/mask.ts';
import { encodeRle, rleFromCounts } from '../../src-main/contract/rle.ts';
import { rasteriseCoco } from '../../src-main/mask/rasterise-coco.ts';
import { summariseCoco, summaryNames } from '../../src-main/metrics/coco-ap.ts';
import { matchGroup } from '../../src-main/metrics/coco-match.ts';
import { type Region, regionOf } from '../../src-main/metrics/region.ts';
import { askPython, lacks } from './python.ts';
import { below, oneOf, randomMask, region, seeded, similarMask } from './scenes.ts';

type Annotation = {
  id: number;
  image_id: number;
  category_id: number;
  iscrowd: 0 | 1;
  area: number;
  segmentation: Rle;
};
type Result = { image_id: number; category_id: number; score: number; segmentation: Rle };
type DataSet = { images: object[]; annotations: Annotation[]; categories: { id: number }[]; results: Result[] };

const missing = lacks('pycocotools.cocoeval');
const coco = join(process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'coco-dev');

/** Our twelve figures, with COCO's -1 for "nothing to find". */
function ours(data: DataSet): number[] {
  const imageIds = data.images.map((image) => (image as { id: number }).id).sort((a, b) => a - b);
  const groups = data.categories.map(({ id: category }) =>
    imageIds.flatMap((image) => {
      const of = <T extends { image_id: number; category_id: number }>(list: T[]) =>
        list.filter((each) => each.image_id === image && each.category_id === category);
      const truths = of(data.annotations).map(({ segmentation, area, iscrowd }) => ({
        region: regionOf(segmentation),
        area,
        crowd: iscrowd === 1,
      }));
      const found = of(data.results).map(({ segmentation, score }) => ({ region: regionOf(segmentation), score }));
      return [matchGroup(truths, found)];
    }),
  );
  const summary = summariseCoco(groups);
  return summaryNames.map((name) => summary[name] ?? -1);
}

function compare(sets: DataSet[]): void {
  const theirs = askPython<number[][]>('coco_reference.py', sets);
  for (const [k, set] of sets.entries()) {
    const [mine, reference] = [ours(set), theirs[k]!];
    for (const [i, name] of summaryNames.entries()) {
      expect(Math.abs(mine[i]! - reference[i]!), `set ${k}, ${name}: ${mine[i]} and ${reference[i]}`).toBeLessThan(
        1e-9,
      );
    }
  }
}

/** Several images and categories; crowds, equal scores, more than 100 detections now and then, areas that are not the masks'. */
function randomSet(seed: number): DataSet {
  const random = seeded(seed);
  const categories = Array.from({ length: 1 + below(random, 3) }, (_, k) => ({ id: k + 1, name: `c${k}` }));
  const set: DataSet = { images: [], annotations: [], categories, results: [] };
  for (let image = 1; image <= 1 + below(random, 4); image++) {
    const [width, height] = [4 + below(random, 120), 4 + below(random, 120)];
    set.images.push({ id: image, width, height, file_name: `${image}.jpg` });
    const masks: Mask[] = [];
    for (let n = below(random, 6); n > 0; n--) {
      const mask = masks.length > 0 && random() < 0.2 ? masks[0]! : randomMask(random, width, height);
      masks.push(mask);
      const segmentation = encodeRle(mask);
      const own = region(mask).area;
      set.annotations.push({
        id: set.annotations.length + 1,
        image_id: image,
        category_id: oneOf(random, categories).id,
        iscrowd: random() < 0.15 ? 1 : 0,
        area: random() < 0.1 ? oneOf(random, [32 ** 2, 96 ** 2, 0]) : own,
        segmentation,
      });
    }
    const many = random() < 0.05 ? 130 : below(random, 12);
    const shapes = masks.length > 0 ? masks : [randomMask(random, width, height)];
    for (let n = 0; n < many; n++) {
      const near = random();
      const mask =
        near < 0.3
          ? oneOf(random, shapes)
          : near < 0.8
            ? similarMask(random, oneOf(random, shapes))
            : randomMask(random, width, height);
      set.results.push({
        image_id: image,
        category_id: oneOf(random, categories).id,
        score: random() < 0.5 ? oneOf(random, [0.1, 0.5, 0.9]) : random(),
        segmentation: encodeRle(mask),
      });
    }
  }
  return set;
}

const square = (side: number): Region =>
  region({
    width: 50,
    height: 50,
    data: Uint8Array.from({ length: 2500 }, (_, i) => Number(i % 50 < side && i < 50 * side)),
  });

test('a thing that may be ignored costs nothing, found or not; a crowd swallows any number', () => {
  const truth = (side: number, more = {}) => ({ region: square(side), area: side * side, ...more });
  const found = (side: number, score: number) => ({ region: square(side), score });
  const ap = (...groups: Parameters<typeof matchGroup>[]) =>
    summariseCoco([groups.map(([truths, detections]) => matchGroup(truths, detections))]).AP;
  expect(
    ap([
      [truth(20), truth(40, { ignore: true })],
      [found(40, 0.9), found(20, 0.8)],
    ]),
  ).toBeCloseTo(1, 12);
  expect(ap([[truth(20), truth(40, { ignore: true })], [found(20, 0.8)]])).toBeCloseTo(1, 12);
  expect(
    ap([
      [truth(20), truth(40)],
      [found(40, 0.9), found(20, 0.8)],
    ]),
  ).toBeCloseTo(1, 12);
  expect(ap([[truth(20)], [found(40, 0.9), found(20, 0.8)]])).toBeCloseTo(0.5, 12);
  const crowd = [truth(20), truth(50, { crowd: true })];
  expect(ap([crowd, [found(49, 0.9), found(48, 0.9), found(20, 0.8)]])).toBeCloseTo(1, 12);
  expect(ap([[truth(40, { ignore: true })], [found(40, 0.9)]])).toBeNull();
});

test('a score that is no number is refused', () => {
  expect(() => matchGroup([], [{ region: square(3), score: Number.NaN }])).toThrow(/NaN/);
});

test.skipIf(missing)(
  '1,000 random data sets: crowds, ties, empty and full masks, areas that are not the masks’',
  () => {
    compare(Array.from({ length: 1000 }, (_, k) => randomSet(k + 1)));
  },
);

test.skipIf(missing || !existsSync(coco))('real photos: every instance, moved, cut, doubled or missed', () => {
  type File = {
    images: { id: number; width: number; height: number }[];
    categories: { id: number }[];
    annotations: (Omit<Annotation, 'segmentation'> & {
      segmentation: number[][] | { size: [number, number]; counts: number[] | string };
    })[];
  };
  const file = JSON.parse(readFileSync(join(coco, 'instances.json'), 'utf8')) as File;
  const random = seeded(5);
  const sizes = new Map(file.images.map((image) => [image.id, image]));
  const annotations = file.annotations.map((annotation): Annotation => {
    const { width, height } = sizes.get(annotation.image_id)!;
    const { segmentation } = annotation;
    if (Array.isArray(segmentation)) return { ...annotation, segmentation: rasteriseCoco(segmentation, width, height) };
    const { counts } = segmentation;
    return {
      ...annotation,
      segmentation:
        typeof counts === 'string' ? { size: [height, width], counts } : rleFromCounts(counts, height, width),
    };
  });
  const results = annotations.flatMap(({ image_id, category_id, segmentation }): Result[] => {
    if (random() < 0.2) return [];
    const copies = random() < 0.15 ? 2 : 1;
    return Array.from({ length: copies }, () => {
      const score = random() < 0.3 ? 0.5 : random();
      const moved = shiftRows(segmentation, below(random, 9) - 4);
      return { image_id, category_id, score, segmentation: moved };
    });
  });
  const { images, categories } = file;
  const set = { images, categories: categories.toSorted((a, b) => a.id - b.id), annotations, results };
  expect(results.length).toBeGreaterThan(2500);
  compare([set]);
});

/** The mask moved down its columns, wrapping into the next ones: cheap, and still a mask of the photo's size. */
function shiftRows(rle: Rle, by: number): Rle {
  const { edges, height, width }: Region = regionOf(rle);
  const counts: number[] = [];
  let before = 0;
  for (let i = 0; i < edges.length; i++) {
    const at = Math.min(height * width, Math.max(before, edges[i]! + by));
    counts.push(at - before);
    before = at;
  }
  return rleFromCounts([...counts, height * width - before], height, width);
}
