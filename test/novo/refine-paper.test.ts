import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { gridPrompts, refineAsPaper } from '../../src-main/novo/refine-paper.ts';
import { refinements } from '../../src-main/novo/settings.ts';
import {
  type Disc,
  discLogits,
  empty,
  pixelsOf,
  rectangle,
  sam1,
  sceneSegmenter,
  segmenterFrom,
  sure,
} from './scene.ts';

const { paper } = refinements;
if (paper.kind !== 'paper') throw new Error('the profile "paper" is the paper');
const frame = frameOf(1024, 768, sam1);
const discs: Disc[] = [
  { x: 60, y: 60, radius: 30 },
  { x: 180, y: 70, radius: 25 },
];

test('prompts the points of a grid of 32 pixels where S is positive, and no others', async () => {
  const segmenter = sceneSegmenter(discs);
  const refined = await refineAsPaper(discLogits(discs), frame, segmenter, paper);
  const wanted: number[][] = [];
  for (let y = 16; y < 768; y += 32) {
    for (let x = 16; x < 1024; x += 32) {
      // The pixel of the mask frame that the point lies in.
      const [px, py] = [Math.floor(x / 4) + 0.5, Math.floor(y / 4) + 0.5];
      if (discs.some((disc) => Math.hypot(px - disc.x, py - disc.y) < disc.radius)) wanted.push([x, y]);
    }
  }
  expect(wanted.length).toBeGreaterThan(50);
  expect(segmenter.prompts).toEqual(wanted.map((coords) => ({ coords, labels: [1] })));
  expect(refined.instances.map(({ logits }) => pixelsOf(logits))).toEqual(discs.map((d) => pixelsOf(discLogits([d]))));
  expect(pixelsOf(refined.semantic)).toEqual(pixelsOf(discLogits(discs)));
});

test('a grid has no points in the padding and none where S is 0', () => {
  const everywhere = new Float32Array(65536).fill(5);
  expect(gridPrompts(everywhere, frame, 32)).toHaveLength(32 * 24);
  expect(gridPrompts(everywhere, frame, 16)).toHaveLength(64 * 48);
  expect(gridPrompts(new Float32Array(65536), frame, 32)).toEqual([]);
  expect(gridPrompts(everywhere, frameOf(641, 427, sam1), 32)).toHaveLength(32 * 21); // 682 pixels high
});

/** One grid point at (16, 16); the decoder answers with `candidate`. */
const one = rectangle(4, 4, 5, 5);
const refineWith = (s: Float32Array, candidate: Float32Array, iou = 0.9) =>
  refineAsPaper(
    s,
    frame,
    segmenterFrom(() => sure(candidate, iou)),
    paper,
  );

test('a candidate needs more than 0.7 of itself in B', async () => {
  const s = rectangle(0, 0, 10, 70);
  const exactly = await refineWith(s, rectangle(0, 0, 10, 100));
  expect(exactly).toEqual({ semantic: s, instances: [] });
  const above = await refineWith(s, rectangle(0, 0, 10, 99));
  expect(above.instances).toHaveLength(1);
  expect(pixelsOf(above.semantic)).toEqual(pixelsOf(rectangle(0, 0, 10, 99)));
});

test('B has the pixels where S is exactly 0', async () => {
  const s = rectangle(0, 0, 10, 40).map((logit) => Math.max(0, logit)); // no pixel is negative
  expect((await refineWith(s, rectangle(0, 0, 10, 100))).instances).toHaveLength(1);
});

test('the padding counts for neither side of the overlap', async () => {
  const s = rectangle(0, 150, 256, 192); // the image ends at row 192
  const leaksDown = rectangle(0, 150, 256, 256);
  expect((await refineWith(s, leaksDown)).instances).toHaveLength(1);
  const tall = segmenterFrom(() => sure(rectangle(150, 0, 256, 256)));
  const refined = await refineAsPaper(rectangle(150, 0, 192, 256), frameOf(768, 1024, sam1), tall, paper);
  expect(refined.instances).toHaveLength(1);
});

/** Answers with the rectangle that the prompted column belongs to. */
function byColumn(masks: Float32Array[], columns: number[]) {
  return segmenterFrom(({ coords }) => sure(masks[columns.indexOf(coords[0]!)] ?? empty()));
}

test('masks that share a pixel are one instance, also through a third; masks that only touch are two', async () => {
  const s = rectangle(0, 0, 200, 8); // grid points at x = 16, 48, 80, ... of one row
  const chain = [rectangle(0, 0, 20, 8), rectangle(40, 0, 60, 8), rectangle(19, 0, 41, 8), rectangle(60, 0, 80, 8)];
  const { instances, semantic } = await refineAsPaper(s, frame, byColumn(chain, [16, 48, 80, 112]), paper);
  expect(instances.map(({ logits }) => pixelsOf(logits))).toEqual([
    pixelsOf(rectangle(0, 0, 60, 8)),
    pixelsOf(rectangle(60, 0, 80, 8)),
  ]);
  expect(pixelsOf(semantic)).toEqual(pixelsOf(rectangle(0, 0, 80, 8)));
});

test('S stays where nothing is found, kept or prompted', async () => {
  expect(await refineWith(one, empty())).toEqual({ semantic: one, instances: [] });
  expect(await refineWith(one, rectangle(0, 0, 100, 100))).toEqual({ semantic: one, instances: [] });
  const segmenter = sceneSegmenter(discs);
  expect(await refineAsPaper(empty(), frame, segmenter, paper)).toEqual({ semantic: empty(), instances: [] });
  expect(segmenter.prompts).toEqual([]);
});

test('of the ambiguous masks the one with the highest predicted IoU counts, never the single token', async () => {
  const masks = [3, 4, 5, 6].map((width) => rectangle(4, 4, 4 + width, 5));
  const s = rectangle(4, 4, 12, 5);
  const answer = { logits: masks, iou: [0.99, 0.2, 0.8, 0.5] };
  const width = async (singleToken: number | null) => {
    const { instances } = await refineAsPaper(
      s,
      frame,
      segmenterFrom(() => answer, singleToken),
      paper,
    );
    return pixelsOf(instances[0]!.logits).length;
  };
  expect(await width(0)).toBe(5);
  expect(await width(2)).toBe(3);
  expect(await width(null)).toBe(3);
});

test('an instance has the score of its best mask, between 0 and 1', async () => {
  const s = rectangle(4, 4, 20, 5);
  expect((await refineWith(s, rectangle(4, 4, 20, 5), 0.9)).instances[0]!.score).toBeCloseTo(0.9, 6);
  expect((await refineWith(s, rectangle(4, 4, 24, 5), 0.9)).instances[0]!.score).toBeCloseTo(0.72, 6);
  expect((await refineWith(s, s, 1.04)).instances[0]!.score).toBe(1); // SAM predicts IoUs a little above 1
  expect((await refineWith(s, s, -0.02)).instances[0]!.score).toBe(0);
});

test('a target that fills the image is asked in portions: an answer takes 1 MB', async () => {
  const everywhere = new Float32Array(65536).fill(5);
  const segmenter = segmenterFrom(() => sure(everywhere));
  const { instances } = await refineAsPaper(everywhere, frame, segmenter, paper);
  expect(instances).toHaveLength(1);
  expect(segmenter.prompts).toHaveLength(32 * 24);
  expect(Math.max(...segmenter.calls)).toBeLessThanOrEqual(64);
});
