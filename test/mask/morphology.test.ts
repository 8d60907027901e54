import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src-main/contract/mask.ts';
import { dilate, erode, type Kernel } from '../../src-main/mask/morphology.ts';
import { anyMask, draw, maskOf, picture } from './masks.ts';

/** By definition: a pixel is reached when one of `value` lies within the kernel; `beyond` is outside the image. */
function naive({ width, height, data }: Mask, radius: number, kernel: Kernel, value: number, beyond: number): Mask {
  const r = Math.floor(radius);
  return maskOf(width, height, (x, y) => {
    let reached = false;
    for (let dy = -r; dy <= r; dy++) {
      for (let dx = -r; dx <= r; dx++) {
        if (kernel === 'disk' && dx * dx + dy * dy > radius * radius) continue;
        const outside = x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height;
        if ((outside ? beyond : data[(y + dy) * width + x + dx]) === value) reached = true;
      }
    }
    return value === 1 ? reached : !reached;
  });
}

test('dilation and erosion reach exactly the pixels of the kernel', () => {
  const radius = fc.constantFrom(0, 0.7, 1, 1.5, 2, 3, Math.sqrt(5), 5, 30);
  const kernels = fc.constantFrom<Kernel>('square', 'disk');
  fc.assert(
    fc.property(anyMask, radius, kernels, fc.constantFrom(0 as const, 1 as const), (mask, r, kernel, outside) => {
      expect(picture(dilate(mask, r, kernel))).toEqual(picture(naive(mask, r, kernel, 1, 0)));
      expect(picture(erode(mask, r, kernel, { outside }))).toEqual(picture(naive(mask, r, kernel, 0, outside)));
    }),
    { numRuns: 300 },
  );
});

test('an object cut by the frame is eaten from there, unless asked not to be', () => {
  const mask = draw('###.', '###.', '###.');
  expect(picture(erode(mask, 1, 'square'))).toEqual(['....', '.#..', '....']);
  expect(picture(erode(mask, 1, 'square', { outside: 1 }))).toEqual(['##..', '##..', '##..']);
});

test.each([-1, Number.NaN, Infinity])('a radius of %s is refused', (radius) => {
  expect(() => dilate(draw('#'), radius)).toThrow(/radius is a number of pixels/);
});
