/** @file Masks as bits against the same work on pixels: large masks, boxes at odd places, radii of more than a word. */
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { dilate, erode } from '../../src-main/mask/morphology.ts';
import { bitsIn, countBits, dilateDisk, innerBand } from '../../src-main/metrics/bits.ts';
import { pixelsIn } from '../../src-main/metrics/region.ts';
import { below, oneOf, randomMask, region, seeded } from './scenes.ts';

const pixels = (words: Int32Array, perColumn: number, { width, height }: Mask): number[] =>
  Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return (words[x * perColumn + (y >> 5)]! >>> (y & 31)) & 1;
  });

test('bands and dilations of 150 masks of up to 200 x 200 pixels', () => {
  const random = seeded(23);
  for (let n = 0; n < 150; n++) {
    const [width, height] = [1 + below(random, 200), 1 + below(random, 200)];
    const whole = region(randomMask(random, width, height));
    const [x, y] = [below(random, width), below(random, height)];
    const box = [x, y, 1 + below(random, width - x), 1 + below(random, height - y)] as const;
    const part = pixelsIn(whole, box);
    const radius = oneOf(random, [1, 2, 3, 3.7, 16, 31, 32, 33, 70]);
    const bits = bitsIn(whole, box, Math.ceil(radius));
    expect(pixels(bits.words, bits.perColumn, part)).toEqual(Array.from(part.data));
    expect(countBits(bits.words)).toBe(part.data.reduce((sum, value) => sum + value, 0));
    const d = Math.floor(radius);
    const core = erode(part, d, 'square').data;
    const band = Array.from(part.data, (value, i) => value & (core[i]! ^ 1));
    expect(pixels(innerBand(bits, d), bits.perColumn, part)).toEqual(band);
    const grown = pixels(dilateDisk(bits.words, bits.perColumn, radius), bits.perColumn, part);
    expect(grown).toEqual(Array.from(dilate(part, radius, 'disk').data));
  }
});
