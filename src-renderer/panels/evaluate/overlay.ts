/** @file A small picture of what a model said against what is true, pixel by pixel of the thumbnail. Pure. */
import type { Rle } from '../../../src-main/contract/mask.ts';
import type { ShownAnswer } from '../../../src-main/contract/methods-evaluate.ts';
import { runsOf } from '../../../src-main/contract/rle.ts';

/** Red, green, blue: found, missed, too much, ignored; as in the report. Okabe and Ito's palette. */
const colours = {
  hit: [0, 158, 115],
  missed: [230, 159, 0],
  extra: [204, 121, 167],
  ignored: [130, 130, 130],
} as const;

const opacity = 0.6;

export type Overlay = {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
};

/** @param longest side of the picture, in its pixels. @throws AppError bad-request for a damaged mask. */
export function overlayOf(
  { said, wanted, ignored }: Pick<ShownAnswer, 'said' | 'wanted' | 'ignored'>,
  longest: number,
) {
  const [h, w] = wanted.size;
  const scale = Math.min(1, longest / Math.max(w, h));
  const [width, height] = [Math.max(1, Math.round(w * scale)), Math.max(1, Math.round(h * scale))];
  const masks = { said: sampled(said, width, height), wanted: sampled(wanted, width, height) };
  const nothing = ignored && sampled(ignored, width, height);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const name = nothing?.[i] ? 'ignored' : nameOf(masks.said[i] === 1, masks.wanted[i] === 1);
    if (name === null) continue;
    data.set(colours[name], 4 * i);
    data[4 * i + 3] = Math.round(255 * opacity);
  }
  return { width, height, data } satisfies Overlay;
}

function nameOf(said: boolean, wanted: boolean): keyof typeof colours | null {
  if (said) return wanted ? 'hit' : 'extra';
  return wanted ? 'missed' : null;
}

/** The mask at the middles of the pixels of a smaller picture, row-major: one walk along its runs. */
function sampled(rle: Rle, width: number, height: number): Uint8Array {
  const [h, w] = rle.size;
  const runs = runsOf(rle);
  const data = new Uint8Array(width * height);
  let run = 0;
  let end = runs[0] ?? 0;
  for (let x = 0; x < width; x++) {
    const column = Math.min(w - 1, Math.floor(((x + 0.5) * w) / width));
    for (let y = 0; y < height; y++) {
      const at = column * h + Math.min(h - 1, Math.floor(((y + 0.5) * h) / height));
      while (at >= end && run + 1 < runs.length) end += runs[++run]!;
      data[y * width + x] = run & 1;
    }
  }
  return data;
}
