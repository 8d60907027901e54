/**
 * @file Corrective clicks on real photos with ground truth: the mean IoU after each click, with and without the mask
 * that is corrected as a prompt, from the model's own first mask and from a mask that is a little off. A click goes to
 * the middle of the largest error region, as in the literature on interactive segmentation (number of clicks, NoC).
 * Needs NOVO_DATA; takes some minutes. Choose constants on other photos: NOVO_BENCH_PHOTOS=0 or 1 takes those.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '../src-main/compose.ts';
import type { Mask, Rle } from '../src-main/contract/mask.ts';
import { unwrap } from '../src-main/contract/result.ts';
import { decodeRle, encodeRle, rleArea, rleFromCounts } from '../src-main/contract/rle.ts';
import type { Point } from '../src-main/contract/segmentation.ts';
import { iou, xor } from '../src-main/mask/boolean.ts';
import { keepLargest } from '../src-main/mask/components.ts';
import { rasteriseCoco } from '../src-main/mask/rasterise-coco.ts';

const clicks = 5;
const instances = 60;
const perPhoto = 2;
/** Smaller objects have too few pixels for an error region to have a middle. */
const minArea = 1500;

type Photo = { id: number; file_name: string; width: number; height: number };
type Annotation = { image_id: number; iscrowd: 0 | 1; area: number; segmentation: number[][] | { counts: number[] } };
type Truth = { readonly path: string; readonly mask: Rle };
/** The mask after `points`, of which the last is new and corrects `mask`; null where nothing was found. */
type Correct = (path: string, points: Point[], mask: Rle) => Promise<Rle | null>;

export async function bench(): Promise<void> {
  const folder = join(process.env['NOVO_DATA'] ?? '../shared/data', 'coco-dev');
  if (!existsSync(folder)) return console.log(`clicks-noc: no photos with ground truth in ${folder}.`);
  const truths = choose(folder, Number(process.env['NOVO_BENCH_PHOTOS'] ?? 1));
  const app = compose();
  const click = async (path: string, points: Point[], mask?: Rle) => {
    const input = { image: { path }, points, candidates: 1, ...(mask ? { mask } : {}) };
    return unwrap(await app.dispatch('segment.click', input, { trusted: true })).candidates[0]?.segmentation ?? null;
  };
  const pointsOnly: Correct = async (path, points) =>
    points.some(([, , on]) => on === 1) ? click(path, points) : null;
  const withMask: Correct = async (path, points, mask) => click(path, points, rleArea(mask) > 0 ? mask : undefined);
  const rows: Record<string, number[]> = {};
  for (const truth of truths) {
    const { path, mask } = truth;
    const first: Point[] = [[...middle(decodeRle(mask)), 1]];
    const own = (await click(path, first)) ?? empty(mask);
    for (const [name, correct] of Object.entries({ 'points only': pointsOnly, 'with the mask': withMask })) {
      add(rows, `own first mask, ${name}`, [0, ...(await follow(truth, own, first, correct, clicks - 1))]);
      add(rows, `moved by 5 %, ${name}`, await follow(truth, moved(mask, 0.05), [], correct, clicks));
    }
  }
  await app.close();
  const percent = (sum: number) => ((100 * sum) / truths.length).toFixed(1);
  console.log(`Mean IoU in percent after so many clicks, ${truths.length} instances:`);
  console.table(Object.fromEntries(Object.entries(rows).map(([name, sums]) => [name, sums.map(percent)])));
}

/** IoU with the truth of `start` and after each of `count` corrective clicks. */
async function follow({ path, mask: truth }: Truth, start: Rle, given: Point[], correct: Correct, count: number) {
  let now = start;
  let points = given;
  const ious = [iou(now, truth)];
  const target = decodeRle(truth);
  for (let k = 0; k < count; k++) {
    const [x, y] = middle(decodeRle(xor(now, truth)));
    points = [...points, [x, y, target.data[Math.floor(y) * target.width + Math.floor(x)] === 1 ? 1 : 0]];
    now = (await correct(path, points, now)) ?? now;
    ious.push(iou(now, truth));
  }
  return ious;
}

function add(rows: Record<string, number[]>, name: string, values: number[]): void {
  rows[name] = values.map((value, k) => value + (rows[name]?.[k] ?? 0));
}

/** Every third photo from `offset` on with large enough instances, some of each. */
function choose(folder: string, offset: number): Truth[] {
  const { images, annotations } = JSON.parse(readFileSync(join(folder, 'instances.json'), 'utf8')) as {
    images: Photo[];
    annotations: Annotation[];
  };
  const usable = annotations.filter(({ iscrowd, area }) => !iscrowd && area >= minArea);
  const truths: Truth[] = [];
  const photos = images.filter(({ id }) => usable.some(({ image_id }) => image_id === id));
  for (let k = offset; k < photos.length && truths.length < instances; k += 3) {
    const { id, file_name, width, height } = photos[k]!;
    const own = usable.filter(({ image_id }) => image_id === id);
    for (let j = 0; j < Math.min(perPhoto, own.length); j++) {
      const { segmentation } = own[Math.floor((j * own.length) / perPhoto)]!;
      const mask = Array.isArray(segmentation)
        ? rasteriseCoco(segmentation, width, height)
        : rleFromCounts(segmentation.counts, height, width);
      truths.push({ path: join(folder, 'images', file_name), mask });
    }
  }
  return truths;
}

const empty = ({ size: [height, width] }: Rle): Rle =>
  encodeRle({ width, height, data: new Uint8Array(width * height) });

/** The mask moved to the lower right by a part of the sides of the square that has its area. */
function moved(rle: Rle, part: number): Rle {
  const { width, height, data } = decodeRle(rle);
  const by = Math.max(1, Math.round(part * Math.sqrt(rleArea(rle))));
  const out = new Uint8Array(data.length);
  for (let y = by; y < height; y++) {
    out.set(data.subarray((y - by) * width, (y - by + 1) * width - by), y * width + by);
  }
  return encodeRle({ width, height, data: out });
}

/** The pixel of the largest component that is farthest from its outside (3-4 chamfer distance), as a point. */
function middle(mask: Mask): [x: number, y: number] {
  const { width, height, data } = keepLargest(mask);
  const wide = width + 2;
  const distance = new Int32Array(wide * (height + 2));
  for (let y = 0; y < height; y++) {
    for (let x = 0, k = (y + 1) * wide + 1; x < width; x++, k++) {
      if (data[y * width + x] === 0) continue;
      const [left, above] = [distance[k - 1]! + 3, distance[k - wide]! + 3];
      distance[k] = Math.min(left, above, distance[k - wide - 1]! + 4, distance[k - wide + 1]! + 4);
    }
  }
  let [best, at] = [0, 0];
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1, k = (y + 1) * wide + width; x >= 0; x--, k--) {
      if (distance[k] === 0) continue;
      const [right, below] = [distance[k + 1]! + 3, distance[k + wide]! + 3];
      distance[k] = Math.min(distance[k]!, right, below, distance[k + wide + 1]! + 4, distance[k + wide - 1]! + 4);
      if (distance[k]! > best) [best, at] = [distance[k]!, y * width + x];
    }
  }
  return [(at % width) + 0.5, Math.floor(at / width) + 0.5];
}
