/** @file Random masks and data sets from a seed, with the corner cases that metrics stumble over. */
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { type Region, regionOf } from '../../src-main/metrics/region.ts';

/** Numbers in [0, 1), the same for a seed everywhere (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
export const below = (random: Random, limit: number) => Math.floor(random() * limit);
export const oneOf = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)]!;

/** Empty, full, one pixel, a rectangle (often at an edge of the image), a disc, several of them, noise. */
export function randomMask(random: Random, width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  const kind = oneOf(random, ['empty', 'full', 'pixel', 'noise', 'box', 'box', 'disc', 'disc', 'several', 'several']);
  if (kind === 'full') data.fill(1);
  if (kind === 'pixel') data[below(random, data.length)] = 1;
  if (kind === 'noise') {
    const share = random();
    for (let i = 0; i < data.length; i++) data[i] = random() < share ? 1 : 0;
  }
  const shapes = kind === 'several' ? 2 + below(random, 4) : kind === 'box' || kind === 'disc' ? 1 : 0;
  for (let n = 0; n < shapes; n++) {
    const round = kind === 'disc' || random() < 0.5;
    const [cx, cy] = [random() * width, random() * height];
    const [rx, ry] = [random() * width * 0.5, random() * height * 0.5];
    const value = random() < 0.8 ? 1 : 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [dx, dy] = [Math.abs(x + 0.5 - cx) / (rx + 0.5), Math.abs(y + 0.5 - cy) / (ry + 0.5)];
        if (round ? dx * dx + dy * dy <= 1 : dx <= 1 && dy <= 1) data[y * width + x] = value;
      }
    }
  }
  return { width, height, data };
}

/** A mask that has much in common with another: shifted a little, with some pixels changed. */
export function similarMask(random: Random, { width, height, data }: Mask): Mask {
  const [dx, dy] = [below(random, 5) - 2, below(random, 5) - 2];
  const noise = random() < 0.5 ? 0 : random() * 0.1;
  const moved = Uint8Array.from(data, (_, i) => {
    const [x, y] = [(i % width) - dx, Math.floor(i / width) - dy];
    const value = x >= 0 && x < width && y >= 0 && y < height ? data[y * width + x]! : 0;
    return random() < noise ? value ^ 1 : value;
  });
  return { width, height, data: moved };
}

export const region = (mask: Mask): Region => regionOf(encodeRle(mask));
