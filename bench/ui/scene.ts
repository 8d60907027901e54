/** @file A synthetic photo and masks on it, made in code: the same ones every time. */
import sharp from 'sharp';
import { rleOf } from '../../src-main/contract/rle.ts';
import type { CanvasMask } from '../../src-renderer/canvas/types.ts';
import { runsOfCrop } from '../../src-renderer/worker/crop.ts';

/** Numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A JPEG with soft shades, coloured discs and a pixel's noise, which is what makes a photo slow. */
export async function photo(width: number, height: number): Promise<Buffer> {
  const next = random(1);
  const discs = Array.from({ length: 160 }, () => {
    const hue = Math.floor(next() * 360);
    const radius = 20 + next() * width * 0.06;
    return `<circle cx="${next() * width}" cy="${next() * height}" r="${radius}" fill="hsl(${hue} 45% ${30 + next() * 40}%)" opacity="0.8"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#8aa4b8"/><stop offset="1" stop-color="#5d5a45"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>${discs.join('')}</svg>`;
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(255, data[i]! + (next() - 0.5) * 24));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Okabe-Ito. */
const colours = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'];

/** Blobs with wavy edges, some with a hole, as the outlines of photographed things are. */
export function masks(count: number, width: number, height: number): CanvasMask[] {
  const next = random(7);
  return Array.from({ length: count }, (_, k) => {
    const radius = 25 + next() ** 3 * 260;
    const cx = radius + next() * (width - 2 * radius);
    const cy = radius + next() * (height - 2 * radius);
    const waves = [3, 5, 9, 17].map((times) => ({ times, size: (next() * 0.5) / times ** 0.7, phase: next() * 7 }));
    const hole = next() < 0.2 ? 0.4 : 0;
    const reach = Math.ceil(radius * 1.6);
    const [x1, y1] = [Math.max(0, Math.floor(cx - reach)), Math.max(0, Math.floor(cy - reach))];
    const [x2, y2] = [Math.min(width, Math.ceil(cx + reach)), Math.min(height, Math.ceil(cy + reach))];
    const crop = new Uint8Array((x2 - x1) * (y2 - y1));
    for (let y = y1, i = 0; y < y2; y++) {
      for (let x = x1; x < x2; x++, i++) {
        const angle = Math.atan2(y - cy, x - cx);
        const edge = waves.reduce((sum, { times, size, phase }) => sum + size * Math.sin(times * angle + phase), 1);
        const distance = Math.hypot(x - cx, y - cy) / radius;
        if (distance < edge && distance >= hole * edge) crop[i] = 1;
      }
    }
    const rle = rleOf(runsOfCrop(crop, [x1, y1, x2, y2], width, height), height, width);
    const kind = k % 4 === 3 ? 'proposal' : 'instance';
    return { id: `m${k}`, rle, colour: colours[k % colours.length]!, kind, label: String((k % 99) + 1) };
  });
}
