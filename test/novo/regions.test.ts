import { describe, expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import type { Box, Point, Region } from '../../src-main/contract/segmentation.ts';
import { regionPrompt, regionsOf, segmentRegions, withoutRepeats } from '../../src-main/novo/regions.ts';
import { discLogits, empty, pixelsOf, rectangle, sam1, sam2, segmenterFrom } from './scene.ts';

const left: Box = [0, 0, 100, 100];
const right: Box = [90, 0, 200, 100];
const frame = frameOf(512, 256, sam1); // twice as large in the model frame

describe('points and boxes as regions', () => {
  test('a positive point belongs to every box around it, its border included, a negative one to all', () => {
    const points: Point[] = [
      [50, 50, 1],
      [95, 50, 1],
      [200, 100, 1],
      [300, 300, 0],
    ];
    expect(regionsOf(points, [left, right])).toEqual([
      { box: left, points: [points[0], points[1], points[3]] },
      { box: right, points: [points[1], points[2], points[3]] },
    ]);
  });

  test('positive points outside all boxes together are one more thing', () => {
    const points: Point[] = [
      [300, 30, 1],
      [50, 50, 1],
      [10, 10, 0],
      [310, 40, 1],
    ];
    expect(regionsOf(points, [left])).toEqual([
      { box: left, points: [points[1], points[2]] },
      { points: [points[0], points[3], points[2]] },
    ]);
  });

  test('negative points alone, and nothing, are no thing', () => {
    expect(regionsOf([[1, 1, 0]], [])).toEqual([]);
    expect(regionsOf([], [])).toEqual([]);
    expect(regionsOf([], [left])).toEqual([{ box: left, points: [] }]);
  });
});

describe('the prompt of a region', () => {
  const region: Region = {
    box: [100, 50, 300, 150],
    points: [
      [200, 100, 1],
      [10, 20, 0],
    ],
  };

  test('is the box as two corners, then the points, in the model frame', () => {
    const { coords, labels, mask } = regionPrompt(region, frame, 'points');
    expect(coords).toEqual([200, 100, 600, 300, 400, 200, 20, 40]);
    expect(labels).toEqual([2, 3, 1, 0]);
    expect(mask).toBeUndefined();
    expect(regionPrompt(region, frameOf(512, 256, sam2), 'points').coords.slice(0, 4)).toEqual([200, 200, 600, 600]);
  });

  test('has a coarse mask: positive within the ellipse in the box, up to 8, and -8 far away', () => {
    const { coords, labels, mask } = regionPrompt(region, frame, 'mask');
    expect([coords, labels]).toEqual([[], []]);
    // The box is [50, 25, 150, 75] in the mask frame.
    const wanted = new Set<number>();
    for (let y = 0; y < 256; y++) {
      for (let x = 0; x < 256; x++) {
        if (((x + 0.5 - 100) / 50) ** 2 + ((y + 0.5 - 50) / 25) ** 2 < 1) wanted.add(y * 256 + x);
      }
    }
    expect(new Set(pixelsOf(mask!))).toEqual(wanted);
    expect(mask![50 * 256 + 100]!).toBeGreaterThan(7.5);
    expect(Math.max(...mask!)).toBeLessThanOrEqual(8);
    expect(mask![0]).toBe(-8);
    expect(mask![250 * 256 + 250]).toBe(-8);
  });

  test('has no mask without a box', () => {
    expect(regionPrompt({ points: [[1, 2, 1]] }, frame, 'both')).toEqual({ coords: [2, 4], labels: [1] });
    expect(regionPrompt(region, frame, 'both').mask).toHaveLength(65536);
    expect(regionPrompt(region, frame, 'both').labels).toEqual([2, 3, 1, 0]);
  });
});

test('each region is one prompt and one instance: of the token for unambiguous prompts, or the best for one point alone', async () => {
  const masks = [40, 30, 20, 10].map((radius) => discLogits([{ x: 60, y: 60, radius }]));
  const segmenter = (singleToken: number | null) =>
    segmenterFrom(
      ({ labels }) => ({ logits: labels.length > 0 ? masks : masks.map(empty), iou: [0.5, 0.7, 1.3, 0.6] }),
      singleToken,
    );
  const pair: Region['points'] = [
    [1, 1, 1],
    [9, 9, 1],
  ];
  const regions: Region[] = [{ box: left }, {}, { points: [[1, 1, 1]] }, { points: pair }];
  const found = await segmentRegions(regions, frame, segmenter(0), 'points');
  expect(found.map((instance) => instance && pixelsOf(instance.logits).length)).toEqual([
    pixelsOf(masks[0]!).length,
    null,
    pixelsOf(masks[2]!).length,
    pixelsOf(masks[0]!).length,
  ]);
  expect(found[0]!.score).toBeGreaterThan(0.45); // 0.5 x stability
  expect(found[0]!.score).toBeLessThan(0.5);
  const [best] = await segmentRegions(regions, frame, segmenter(null), 'points');
  expect(best!.logits).toBe(masks[2]);
  expect(best!.score).toBeLessThanOrEqual(1);
  expect(await segmentRegions([], frame, segmenter(0), 'both')).toEqual([]);
});

test('of masks that agree by more than 0.8 the best stays, in the order of the regions', () => {
  const instance = (width: number, score: number, from = 0) => ({
    logits: rectangle(from, 0, from + width, 1),
    score,
  });
  const same = [instance(100, 0.6), instance(85, 0.9), null, instance(90, 0.7), instance(50, 0.5, 200)];
  expect(withoutRepeats(same)).toEqual([1, 4]);
  expect(withoutRepeats([instance(100, 0.6), instance(80, 0.9)])).toEqual([0, 1]); // 0.8 itself is not more
  expect(withoutRepeats([instance(50, 0.1, 150), instance(50, 0.9)])).toEqual([0, 1]);
  expect(withoutRepeats([null])).toEqual([]);
});
