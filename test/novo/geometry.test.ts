import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  frameOf,
  gridToOriginal,
  maskExtent,
  maskToModel,
  modelToOriginal,
  originalToGrid,
  originalToModel,
} from '../../src-main/contract/geometry.ts';
import type { SegmenterSpec } from '../../src-main/contract/pack.ts';
import { imageTensor } from '../../src-main/engine/image/tensor.ts';
import { sam1, sam2 } from './scene.ts';

// From get_preprocess_shape of segment_anything/utils/transforms.py, but for the one pixel that a sliver keeps.
const sizes: [width: number, height: number, modelWidth: number, modelHeight: number][] = [
  [1, 1, 1024, 1024],
  [3, 2000, 2, 1024],
  [2000, 3, 1024, 2],
  [1, 3000, 1, 1024],
  [641, 427, 1024, 682],
  [427, 641, 682, 1024],
  [2048, 1365, 1024, 683], // 682.5: halves go up
  [2048, 5, 1024, 3], // 2.5: also where the nearest even number is below
  [3000, 2999, 1024, 1024],
  [1024, 1023, 1024, 1023],
];

test.each(sizes)('%i x %i fills %i x %i of the model frame, and the tensor is that size', (width, height, w, h) => {
  const frame = frameOf(width, height, sam1);
  expect([frame.modelWidth, frame.modelHeight]).toEqual([w, h]);
  const encoder = { layout: 'HWC', dtype: 'uint8', channels: 'RGB', range: 255, normalise: null, pad: false };
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  expect(imageTensor(image, { ...sam1, encoder } as unknown as SegmenterSpec)).toMatchObject({ width: w, height: h });
});

test('a stretched image fills the frame', () => {
  expect(frameOf(3, 2000, sam2)).toMatchObject({ modelWidth: 1024, modelHeight: 1024 });
  expect(originalToModel(frameOf(640, 320, sam2), 640, 320)).toEqual([1024, 1024]);
  expect(originalToModel(frameOf(640, 320, sam2), 320, 80)).toEqual([512, 256]);
});

test('the mask frame shows the image as far as its last pixel in part', () => {
  expect(maskExtent(frameOf(641, 427, sam1))).toEqual({ columns: 256, rows: 171 }); // 682 / 4 = 170.5
  expect(maskExtent(frameOf(2000, 3, sam1))).toEqual({ columns: 256, rows: 1 });
  expect(maskExtent(frameOf(640, 320, sam2))).toEqual({ columns: 256, rows: 256 });
  expect(maskToModel(frameOf(641, 427, sam1), 0.5, 170)).toEqual([2, 680]);
});

test('grid cells are squares of the padded image, so some lie beyond a side', () => {
  const frame = frameOf(600, 300, sam1);
  expect(gridToOriginal(frame, [24, 24], 24, 12)).toEqual([600, 300]);
  expect(gridToOriginal(frame, [24, 24], 0, 24)).toEqual([0, 600]);
  expect(gridToOriginal(frame, [6, 12], 1, 1)).toEqual([50, 100]); // rows and columns differ
  expect(originalToGrid(frame, [6, 12], 50, 100)).toEqual([1, 1]);
});

describe('for any size and place', () => {
  const side = fc.integer({ min: 1, max: 6000 });
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const spec = fc.constantFrom(sam1, sam2);

  test('there and back is the same place', () => {
    fc.assert(
      fc.property(side, side, unit, unit, spec, (width, height, u, v, chosen) => {
        const frame = frameOf(width, height, chosen);
        const [x, y] = [u * width, v * height];
        const there = originalToModel(frame, x, y);
        expect(there[0]).toBeLessThanOrEqual(frame.modelWidth + 1e-9);
        expect(there[1]).toBeLessThanOrEqual(frame.modelHeight + 1e-9);
        for (const back of [
          modelToOriginal(frame, ...there),
          gridToOriginal(frame, [24, 16], ...originalToGrid(frame, [24, 16], x, y)),
        ]) {
          expect(Math.abs(back[0] - x)).toBeLessThan(1e-6);
          expect(Math.abs(back[1] - y)).toBeLessThan(1e-6);
        }
      }),
    );
  });

  test('grid, mask and model frames are one square up to scale, to half a pixel of rounding', () => {
    fc.assert(
      fc.property(side, side, unit, unit, (width, height, u, v) => {
        const frame = frameOf(width, height, sam1);
        const [x, y] = originalToModel(frame, u * width, v * height);
        const [column, row] = originalToGrid(frame, [256, 256], u * width, v * height);
        const [mx, my] = maskToModel(frame, column, row);
        expect(Math.abs(mx - x)).toBeLessThanOrEqual(1);
        expect(Math.abs(my - y)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
