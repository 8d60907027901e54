/**
 * @file Boxes of the pieces of a map as prompts: a piece that stands alone is mostly one object, and a box brings all
 * of it where a point brings a part. A box around a group is ambiguous, which shows in masks that disagree.
 */
import type { Frame } from '../contract/geometry.ts';
import { iouOf } from './candidate.ts';
import { piecesOf, smallestPiece } from './pieces.ts';
import type { SamMasks, SamPrompt } from './segmenter.ts';

/** Boxes with a higher IoU than this ask the same twice. */
const sameBox = 0.75;

/**
 * Prompts with the boxes of the `count` largest connected pieces of `map` > `level`, largest first, in the model frame.
 * `map` is maskSize x maskSize.
 */
export function boxPrompts(map: Float32Array, frame: Frame, count: number, level = 0): SamPrompt[] {
  const scale = frame.imageSize / frame.maskSize;
  return piecesOf((k) => map[k]! > level, frame)
    .filter(({ area }) => area >= smallestPiece)
    .sort((a, b) => b.area - a.area)
    .slice(0, count)
    .map(({ box: [x, y, width, height] }) => ({
      coords: [
        x * scale,
        y * scale,
        Math.min((x + width) * scale, frame.modelWidth),
        Math.min((y + height) * scale, frame.modelHeight),
      ],
      labels: [2, 3],
    }));
}

/** Those of `prompts`, all with a box, that are not nearly the box of another one before. */
export function distinctBoxes(prompts: readonly SamPrompt[]): SamPrompt[] {
  const kept: SamPrompt[] = [];
  for (const prompt of prompts) {
    if (kept.every(({ coords }) => boxIou(coords, prompt.coords) <= sameBox)) kept.push(prompt);
  }
  return kept;
}

function boxIou(a: readonly number[], b: readonly number[]): number {
  const [width, height] = [0, 1].map((k) => Math.min(a[k + 2]!, b[k + 2]!) - Math.max(a[k]!, b[k]!)) as [
    number,
    number,
  ];
  if (width <= 0 || height <= 0) return 0;
  const area = (c: readonly number[]) => (c[2]! - c[0]!) * (c[3]! - c[1]!);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** Mean IoU of all pairs of mask tokens: near 1 where the prompt is unambiguous. 0 where there is one token only. */
export function agreement({ logits }: SamMasks, frame: Frame): number {
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < logits.length; a++) {
    for (let b = 0; b < a; b++) {
      sum += iouOf(logits[a]!, logits[b]!, frame);
      pairs++;
    }
  }
  return pairs > 0 ? sum / pairs : 0;
}
