/**
 * @file Discs on a plain ground, as maps, as logits, and as a segmenter that answers with the disc under a point:
 * the method gets its decoder as a function, so a scene that is known exactly can be one.
 */
import type { Frame } from '../../src-main/contract/geometry.ts';
import type { Activation } from '../../src-main/contract/segmentation.ts';
import type { PromptableSegmenter, SamMasks, SamPrompt } from '../../src-main/novo/segmenter.ts';

/** The frames of Segment Anything and of SAM 2. */
export const sam1 = { imageSize: 1024, maskSize: 256, resize: 'longest-side' } as const;
export const sam2 = { ...sam1, resize: 'square' } as const;

/** In pixels of the mask frame. */
export type Disc = { readonly x: number; readonly y: number; readonly radius: number };

/** Logits that `value` gives at every pixel's centre in the mask frame. */
export function logitsOf(value: (x: number, y: number) => number, size = 256): Float32Array {
  return Float32Array.from({ length: size * size }, (_, k) => value((k % size) + 0.5, Math.floor(k / size) + 0.5));
}

/** Positive in the discs, with an edge as steep as SAM's. */
export function discLogits(discs: readonly Disc[]): Float32Array {
  const depth = (x: number, y: number) => Math.max(...discs.map((d) => d.radius - Math.hypot(x - d.x, y - d.y)));
  return logitsOf((x, y) => Math.min(10, Math.max(-10, 4 * depth(x, y))));
}

/** Logits 8 in the rectangle [left, right) x [top, bottom), -8 outside. */
export function rectangle(left: number, top: number, right: number, bottom: number): Float32Array {
  return logitsOf((x, y) => (x > left && x < right && y > top && y < bottom ? 8 : -8));
}

export const empty = (): Float32Array => new Float32Array(256 * 256).fill(-10);

/** What the logits show, as the indices of the pixels inside. */
export const pixelsOf = (logits: Float32Array): number[] => [...logits.keys()].filter((k) => logits[k]! > 0);

/** Every cell's share of discs, less `ground`: a similarity map as a good reasoner would make it. */
export function activationOf(discs: readonly Disc[], grid: [number, number] = [24, 24], ground = 0.3): Activation {
  const inside = discs.length > 0 ? discLogits(discs) : empty();
  const share = new Float64Array(grid[0] * grid[1]);
  const cell = (k: number) =>
    Math.floor((Math.floor(k / 256) * grid[0]) / 256) * grid[1] + Math.floor(((k % 256) * grid[1]) / 256);
  for (const k of pixelsOf(inside)) share[cell(k)]! += share.length / inside.length;
  return { grid, values: [...share].map((value) => Math.min(1, value) - ground) };
}

export type Recorded = PromptableSegmenter & {
  /** Every prompt asked, in order. */
  readonly prompts: SamPrompt[];
  /** How many prompts each call had. */
  readonly calls: number[];
};

/** A segmenter made of a function from prompt to answer. */
export function segmenterFrom(answer: (prompt: SamPrompt) => SamMasks, singleToken: number | null = 0): Recorded {
  const prompts: SamPrompt[] = [];
  const calls: number[] = [];
  const decode = async (asked: readonly SamPrompt[]) => {
    prompts.push(...asked);
    calls.push(asked.length);
    return asked.map(answer);
  };
  return { decode, singleToken, prompts, calls };
}

/** The same mask at all four tokens. */
export const sure = (logits: Float32Array, iou = 0.95): SamMasks => ({
  logits: [logits, logits, logits, logits],
  iou: [iou, iou, iou, iou],
});

/**
 * Sees all discs with a mask prompt, the disc under it with a point, and nothing with a point beside all discs. With a
 * box the one disc in it, or each of several as a token of its own.
 */
export function sceneSegmenter(discs: readonly Disc[]): Recorded {
  return segmenterFrom((prompt) => {
    if (prompt.mask) return sure(discLogits(discs));
    const [x, y, right, bottom] = prompt.coords.map((value) => value / 4) as [number, number, number, number];
    if (prompt.labels[0] === 2) {
      const inside = discs.filter((disc) => disc.x > x && disc.x < right && disc.y > y && disc.y < bottom);
      if (inside.length === 0) return sure(empty(), 0.1);
      const logits = [0, 1, 2, 3].map((token) => discLogits([inside[token % inside.length]!]));
      return { logits, iou: [0.95, 0.95, 0.95, 0.95] };
    }
    const under = discs.find((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius);
    return under ? sure(discLogits([under])) : sure(empty(), 0.1);
  });
}

/** Whether a prompt's points all lie on the image, not in the padding. */
export function onImage({ coords }: SamPrompt, frame: Frame): boolean {
  return coords.every((value, k) => value >= 0 && value < (k % 2 === 0 ? frame.modelWidth : frame.modelHeight));
}
