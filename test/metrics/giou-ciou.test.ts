/** @file gIoU and cIoU in both profiles, pixel by pixel as the reference programs count them. */
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle, rleArea, rleBox, rleFromCounts } from '../../src-main/contract/rle.ts';
import { ciou, giou, type IouProfile, iouValue, overlapOf, sumIou } from '../../src-main/metrics/giou-ciou.ts';
import { emptyRegion, intersection, pixelsIn, regionOf, runsOfRegion } from '../../src-main/metrics/region.ts';
import { draw } from '../mask/masks.ts';
import { below, randomMask, region, seeded, similarMask } from './scenes.ts';

/** A target map as LISA's: 0, 1, and 255 for pixels to ignore; painted last, so it lies over the target. */
const targetMap = (target: Mask, ignore: Mask | null) =>
  Array.from(target.data, (value, i) => (ignore?.data[i] ? 255 : value));

/** `validate` of train_ds.py on one mask a sample, in float64: histograms of class 1 without the ignored pixels. */
function lisa(samples: { prediction: Mask; map: number[] }[]) {
  let [sum, both, either] = [0, 0, 0];
  for (const { prediction, map } of samples) {
    let [i, p, t] = [0, 0, 0];
    for (const [k, value] of map.entries()) {
      if (value === 255) continue;
      if (prediction.data[k] === 1) p++;
      if (value === 1) t++;
      if (value === 1 && prediction.data[k] === 1) i++;
    }
    const u = p + t - i;
    sum += i / (u + 1e-5) + (u === 0 ? 1.0 : 0);
    both += i;
    either += u;
  }
  return { giou: sum / (samples.length + 1e-5), ciou: both / (either + 1e-10) };
}

/** Masks as booleans: 255 is target. */
function segZero(samples: { prediction: Mask; map: number[] }[]) {
  let [sum, both, either] = [0, 0, 0];
  for (const { prediction, map } of samples) {
    let [i, u] = [0, 0];
    for (const [k, value] of map.entries()) {
      if (value !== 0 && prediction.data[k] === 1) i++;
      if (value !== 0 || prediction.data[k] === 1) u++;
    }
    sum += u === 0 ? 0 : i / u;
    both += i;
    either += u;
  }
  return { giou: sum / samples.length, ciou: either === 0 ? 0 : both / either };
}

test('5,000 random answers, with ignore pixels, empty and full masks, in both profiles', () => {
  const random = seeded(3);
  const samples = Array.from({ length: 5000 }, () => {
    const [width, height] = [1 + below(random, 24), 1 + below(random, 24)];
    const target = randomMask(random, width, height);
    const prediction = random() < 0.6 ? similarMask(random, target) : randomMask(random, width, height);
    const ignore = random() < 0.4 ? randomMask(random, width, height) : null;
    return { prediction, target, ignore, map: targetMap(target, ignore) };
  });
  for (const [profile, reference] of [
    ['lisa', lisa],
    ['seg-zero', segZero],
  ] as const) {
    const overlaps = samples.map(({ prediction, target, ignore }) =>
      overlapOf(region(prediction), region(target), ignore && region(ignore), profile),
    );
    const sums = sumIou(overlaps, profile);
    const wanted = reference(samples);
    expect(Math.abs(giou(sums, profile) - wanted.giou)).toBeLessThan(1e-9);
    expect(Math.abs(ciou(sums, profile) - wanted.ciou)).toBeLessThan(1e-9);
    for (const [k, overlap] of overlaps.entries()) {
      const alone = reference([samples[k]!]);
      expect(Math.abs(giou(sumIou([overlap], profile), profile) - alone.giou)).toBeLessThan(1e-9);
    }
  }
});

const of = (...rows: string[]) => region(draw(...rows));
const value = (prediction: string[], target: string[], ignore: string[] | null, profile: IouProfile) =>
  iouValue(overlapOf(of(...prediction), of(...target), ignore && of(...ignore), profile), profile);

test('what the two profiles disagree about', () => {
  expect(value(['..'], ['..'], null, 'lisa')).toBe(1); // nothing was asked for and nothing was given
  expect(value(['..'], ['..'], null, 'seg-zero')).toBe(0);
  expect(value(['##.'], ['#..'], ['.#.'], 'lisa')).toBeCloseTo(1, 4);
  expect(value(['##.'], ['#..'], ['.#.'], 'seg-zero')).toBe(1);
  expect(value(['#..'], ['#..'], ['.##'], 'lisa')).toBeCloseTo(1, 4);
  expect(value(['#..'], ['#..'], ['.##'], 'seg-zero')).toBeCloseTo(1 / 3, 12);
});

test('no sample: 0 and not a division by zero', () => {
  for (const profile of ['lisa', 'seg-zero'] as const) {
    expect([giou(sumIou([], profile), profile), ciou(sumIou([], profile), profile)]).toEqual([0, 0]);
  }
});

test('a region is its mask: runs back, pixels of any part, overlap with any other', () => {
  const random = seeded(11);
  for (let n = 0; n < 3000; n++) {
    const [width, height] = [1 + below(random, 18), 1 + below(random, 18)];
    const [a, b] = [randomMask(random, width, height), randomMask(random, width, height)];
    const [ra, rb] = [region(a), region(b)];
    expect(intersection(ra, rb)).toBe(a.data.reduce((sum, v, i) => sum + (v & b.data[i]!), 0));
    expect(rleFromCounts([...runsOfRegion(ra)], height, width)).toEqual(encodeRle(a));
    expect([ra.area, ra.box]).toEqual([rleArea(encodeRle(a)), rleBox(encodeRle(a))]);
    const [x, y] = [below(random, width), below(random, height)];
    const box = [x, y, 1 + below(random, width - x), 1 + below(random, height - y)] as const;
    const part = pixelsIn(ra, box);
    const wanted = Array.from({ length: box[2] * box[3] }, (_, i) => {
      const [column, row] = [i % box[2], Math.floor(i / box[2])];
      return a.data[(y + row) * width + x + column];
    });
    expect(Array.from(part.data)).toEqual(wanted);
  }
});

test('damaged masks and masks of another size are refused', () => {
  expect(() => regionOf({ size: [4, 4], counts: '01' })).toThrow(/add up/);
  expect(() => overlapOf(emptyRegion(2, 3), emptyRegion(3, 2))).toThrow(/different sizes/);
});
