import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { agreement, boxPrompts } from '../../src-main/novo/boxes.ts';
import { discLogits, empty, rectangle, sam1, sure } from './scene.ts';

const frame = frameOf(1000, 750, sam1); // 192 of 256 rows show the image

test('boxes are tight around the largest pieces, in the model frame', () => {
  const pieces = [rectangle(10, 20, 40, 60), rectangle(100, 20, 180, 90), rectangle(60, 120, 100, 140)];
  const s = pieces[0]!.map((_, k) => Math.max(...pieces.map((piece) => piece[k]!)));
  const prompts = boxPrompts(s, frame, 2);
  expect(prompts.map(({ coords }) => coords)).toEqual([
    [400, 80, 720, 360],
    [40, 80, 160, 240],
  ]);
  expect(prompts.every(({ labels }) => labels.join() === '2,3')).toBe(true);
  expect(boxPrompts(s, frame, 0)).toEqual([]);
});

test('crumbs and the padding have no box; one at the edge ends at the edge', () => {
  expect(boxPrompts(rectangle(10, 10, 17, 17), frame, 3)).toEqual([]);
  expect(boxPrompts(rectangle(0, 200, 100, 256), frame, 3)).toEqual([]);
  const odd = frameOf(1000, 667, sam1); // 683 rows of the model frame
  expect(boxPrompts(rectangle(0, 100, 256, 256), odd, 3)[0]!.coords).toEqual([0, 400, 1024, 683]);
});

test('tokens agree fully, partly or not at all; one token alone, or none with a mask, says nothing', () => {
  const left = rectangle(0, 0, 100, 100);
  expect(agreement(sure(left), frame)).toBe(1);
  expect(agreement({ logits: [left, rectangle(0, 0, 50, 100)], iou: [1, 1] }, frame)).toBe(0.5);
  expect(agreement({ logits: [left, rectangle(100, 0, 200, 100)], iou: [1, 1] }, frame)).toBe(0);
  expect(agreement({ logits: [discLogits([{ x: 50, y: 50, radius: 20 }])], iou: [1] }, frame)).toBe(0);
  expect(agreement(sure(empty()), frame)).toBe(0);
});
