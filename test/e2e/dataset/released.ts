/** @file A release as its users read it: what its files hold, answers of known quality, and what those must score. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rle } from '../../../src-main/contract/mask.ts';
import { decodeRle, rleArea, rleOf, runsOf } from '../../../src-main/contract/rle.ts';
import { runsOfSegmentation } from '../../../src-main/formats/coco/read.ts';
import { unionAll } from '../../../src-main/mask/boolean.ts';

export type ReleasedQuery = {
  readonly id: number;
  readonly text: string;
  readonly form: 'short' | 'long';
  readonly annotation_ids: readonly number[];
  readonly ranks?: readonly (number | null)[];
  readonly masks: readonly Rle[];
  readonly whole: Rle;
};
type File = {
  images: { id: number; width: number; height: number }[];
  annotations: { id: number; image_id: number; segmentation: unknown }[];
  queries: (Omit<ReleasedQuery, 'masks' | 'whole'> & { image_id: number })[];
};

/** The queries of a split with their masks. */
export async function readSplit(release: string, split: string): Promise<ReleasedQuery[]> {
  const file = JSON.parse(await readFile(join(release, 'riseg', `${split}.json`), 'utf8')) as File;
  const images = new Map(file.images.map((image) => [image.id, image]));
  const masks = new Map(
    file.annotations.map(({ id, image_id, segmentation }) => {
      const { width, height } = images.get(image_id)!;
      return [id, rleOf(runsOfSegmentation(segmentation, width, height), height, width)];
    }),
  );
  return file.queries.map((query) => {
    const own = query.annotation_ids.map((id) => masks.get(id)!);
    return { ...query, masks: own, whole: unionAll(own) };
  });
}

/** What is left of a mask's pixels, counted column by column: the first `count` of them. */
export function firstPixels(rle: Rle, count: number): Rle {
  let left = count;
  let rest = 0;
  const kept: number[] = [];
  for (const [at, run] of runsOf(rle).entries()) {
    const inside = at % 2 === 1;
    const taken = inside ? Math.min(run, left) : left > 0 ? run : 0;
    if (inside) left -= taken;
    if (taken > 0 || at === 0) kept.push(taken);
    rest += run - taken;
  }
  if (kept.length % 2 === 0) kept.push(rest);
  else kept[kept.length - 1]! += rest;
  return rleOf(Uint32Array.from(kept), rle.size[0], rle.size[1]);
}

/** Parts of the true masks that answers keep, in turn. */
export const keptShares = [1, 0.82, 0.57, 0.31] as const;
const keep = (rle: Rle, share: number) => firstPixels(rle, Math.ceil(share * rleArea(rle)));

/** Lines of results as `batch` writes them: the true masks, of which only a part is kept. */
export const damagedLines = (queries: readonly ReleasedQuery[], share: (at: number) => number): string =>
  queries
    .map(({ id, masks, whole }, at) => {
      const instances = masks.map((rle) => {
        const segmentation = keep(rle, share(at));
        return { segmentation, score: rleArea(segmentation) / rleArea(rle) };
      });
      return `${JSON.stringify({ id, semantic: keep(whole, share(at)), instances })}\n`;
    })
    .join('');

/**
 * What such answers must score. Every mask lies in its truth, so an IoU is the part that was kept; scores are those IoUs,
 * so at each threshold all hits come before all misses, precision is 1 up to the recall that is reached, and AP is the
 * part of the 101 recalls that are.
 */
export function expectedFigures(queries: readonly ReleasedQuery[], share: (at: number) => number) {
  const whole = queries.map(({ whole: mask }, at) => [rleArea(keep(mask, share(at))), rleArea(mask)] as const);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const ious = queries.flatMap(({ masks }, at) => masks.map((mask) => rleArea(keep(mask, share(at))) / rleArea(mask)));
  const averagePrecision = (threshold: number) => {
    const recall = ious.filter((iou) => iou >= threshold).length / ious.length;
    return Array.from({ length: 101 }, (_, k) => k / 100).filter((each) => each <= recall + 1e-12).length / 101;
  };
  const thresholds = Array.from({ length: 10 }, (_, k) => 0.5 + 0.05 * k);
  return {
    gIoU: sum(whole.map(([kept, area]) => kept / area)) / whole.length,
    cIoU: sum(whole.map(([kept]) => kept)) / sum(whole.map(([, area]) => area)),
    AP: sum(thresholds.map(averagePrecision)) / thresholds.length,
    AP50: averagePrecision(0.5),
  };
}

/** Lengths of the runs of a mask row by row, background first: what the reader in Python prints. */
export function rowByRow(rle: Rle): number[] {
  const { data } = decodeRle(rle);
  const runs: number[] = [];
  let start = 0;
  for (let at = 1; at <= data.length; at++) {
    if (at < data.length && data[at] === data[at - 1]) continue;
    if (runs.length === 0 && data[0] === 1) runs.push(0);
    runs.push(at - start);
    start = at;
  }
  return runs;
}
