/** @file The two pictures of an answer: where anything is (0 or 255), and which instance it is (0, or its place from 1). */
import { AppError } from '../../contract/errors.ts';
import type { Selected } from '../coco/selection.ts';
import type { Grey } from './codec.ts';

type Size = { readonly width: number; readonly height: number };

/** Visits the pixels of column-major runs as positions in rows. */
export function eachPixel(runs: Uint32Array, { width, height }: Size, visit: (at: number) => void): void {
  let end = 0;
  for (let i = 0; i < runs.length; i++) {
    const start = end;
    end += runs[i]!;
    if (i % 2 === 0) continue;
    for (let at = start; at < end; at++) visit((at % height) * width + Math.floor(at / height));
  }
}

export function semanticPicture(instances: readonly Selected[], size: Size): Grey {
  const data = new Uint8Array(size.width * size.height);
  for (const { runs } of instances) {
    eachPixel(runs, size, (at) => {
      data[at] = 255;
    });
  }
  return { ...size, data };
}

/**
 * Larger instances first, so that a small one on a large one is seen; of two as large the earlier goes on top.
 * @returns also the places, from 1, of instances that others hide a part of.
 */
export function numberedPicture(instances: readonly Selected[], size: Size): { picture: Grey; covered: number[] } {
  if (instances.length > 0xffff) {
    throw new AppError('bad-request', `An answer of ${instances.length} instances is too much for a PNG of 16 bits.`);
  }
  const pixels = size.width * size.height;
  const data = instances.length > 0xff ? new Uint16Array(pixels) : new Uint8Array(pixels);
  const order = [...instances.keys()].sort((a, b) => instances[b]!.area - instances[a]!.area || b - a);
  const covered = new Set<number>();
  for (const k of order) {
    eachPixel(instances[k]!.runs, size, (at) => {
      if (data[at] !== 0) covered.add(data[at]!);
      data[at] = k + 1;
    });
  }
  return { picture: { ...size, data }, covered: [...covered].sort((a, b) => a - b) };
}
