import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, frameOf } from '../../src-main/contract/geometry.ts';
import { decodeRle } from '../../src-main/contract/rle.ts';
import { rleMaker } from '../../src-main/novo/postprocess.ts';
import { naivePostprocess } from './naive.ts';
import { logitsOf, rectangle, sam1, sam2 } from './scene.ts';

const maskOf = (logits: Float32Array, frame: Frame) => decodeRle(rleMaker(frame)(logits));

/** Fails at the first pixel that differs from the formula, but where the formula's logit is nearly 0. */
function expectSameMask(logits: Float32Array, frame: Frame): number {
  const mask = maskOf(logits, frame);
  const wanted = naivePostprocess(logits, frame);
  expect([mask.width, mask.height, mask.data.length]).toEqual([frame.width, frame.height, wanted.length]);
  let inside = 0;
  for (let k = 0; k < wanted.length; k++) {
    inside += mask.data[k]!;
    if (mask.data[k] === Number(wanted[k]! > 0) || Math.abs(wanted[k]!) < 1e-4) continue;
    const place = `(${k % frame.width}, ${Math.floor(k / frame.width)})`;
    throw new Error(`pixel ${place} of ${frame.width} x ${frame.height} is ${mask.data[k]}, the logit is ${wanted[k]}`);
  }
  return inside;
}

/** Blobs and bands of a few pixels up to a third of the frame, about `bias` times positive. */
function smooth(seed: number, size: number, bias: number): Float32Array {
  const wave = (k: number) => {
    const angle = seed * 1.7 + k * 2.4;
    const pitch = (1 + ((seed * 7 + k * 5) % 9)) / size;
    return (x: number, y: number) => Math.sin(6.28 * pitch * (Math.cos(angle) * x + Math.sin(angle) * y) + angle);
  };
  const waves = [wave(0), wave(1), wave(2), wave(3)];
  return logitsOf((x, y) => 5 * waves.reduce((sum, f) => sum + f(x, y), bias), size);
}

test.each([
  ['larger than the model frame', 1500, 1100],
  ['smaller', 641, 427],
  ['smaller than the mask frame', 97, 61],
  ['tall', 90, 1300],
  ['wide', 1300, 90],
  ['a sliver', 3, 2000],
  ['a line', 2000, 1],
  ['a pixel', 1, 1],
])('an image that is %s (%i x %i) gets the mask of the two steps', (_, width, height) => {
  for (const spec of [sam1, sam2]) expectSameMask(smooth(width, 256, -0.4), frameOf(width, height, spec));
});

test('any image in a small frame, with any logits', () => {
  const spec = fc.constantFrom(
    { imageSize: 64, maskSize: 16, resize: 'longest-side' } as const,
    { imageSize: 64, maskSize: 16, resize: 'square' } as const,
    { imageSize: 63, maskSize: 18, resize: 'longest-side' } as const, // as SAM 3, whose frames are not 4 to 1
  );
  const side = fc.integer({ min: 1, max: 200 });
  const bias = fc.double({ min: -3.5, max: 3.5, noNaN: true });
  fc.assert(
    fc.property(side, side, spec, fc.nat(1000), bias, (width, height, chosen, seed, level) => {
      expectSameMask(smooth(seed, chosen.maskSize, level), frameOf(width, height, chosen));
    }),
    { numRuns: 150 },
  );
});

test('masks that touch the borders keep their outermost pixels', () => {
  const frame = frameOf(800, 600, sam1); // the image ends at row 192 of the mask frame
  const corners = [
    rectangle(0, 0, 9, 9),
    rectangle(247, 0, 256, 9),
    rectangle(0, 183, 9, 192),
    rectangle(247, 183, 256, 192),
  ];
  const touched = [0, 799, 599 * 800, 600 * 800 - 1];
  corners.forEach((logits, k) => {
    expect(expectSameMask(logits, frame)).toBeGreaterThan(700);
    const { data } = maskOf(logits, frame);
    expect(touched.map((at) => data[at])).toEqual(touched.map((_, other) => Number(other === k)));
  });
  expect(expectSameMask(rectangle(0, 0, 256, 256), frame)).toBe(800 * 600);
  expect(expectSameMask(rectangle(100, 100, 101, 101), frame)).toBeGreaterThan(0); // one pixel
});

test('nothing positive, or only in the padding, is an empty mask of the right size', () => {
  const frame = frameOf(800, 600, sam1);
  expect(expectSameMask(new Float32Array(65536).fill(-3), frame)).toBe(0);
  expect(expectSameMask(new Float32Array(65536), frame)).toBe(0); // 0 is outside
  expect(expectSameMask(rectangle(20, 200, 200, 250), frame)).toBe(0);
  expect(maskOf(new Float32Array(65536).fill(-Infinity), frame).data.includes(1)).toBe(false);
});

test('a logit of exactly 0 is outside, beside what is inside too', () => {
  for (const [side, from] of [
    [100, 100],
    [512, 100],
    [512, 1],
    [2000, 1],
  ] as const) {
    const frame = frameOf(side, side, sam1);
    const corner = logitsOf((x, y) => (x > from && y > from ? 8 : 0));
    const wanted = naivePostprocess(corner, frame);
    const { data } = maskOf(corner, frame);
    expect([...data.keys()].filter((k) => data[k] === 1 && wanted[k] === 0)).toEqual([]);
    expect(data.at(-1)).toBe(1);
  }
  // One pixel in the middle of what is half 8, half -8.
  const pixel = frameOf(1, 1, sam1);
  expect(maskOf(rectangle(0, 0, 128, 256), pixel).data).toEqual(Uint8Array.of(0));
  expect(maskOf(rectangle(0, 0, 256, 128), pixel).data).toEqual(Uint8Array.of(0));
  expect(maskOf(rectangle(0, 0, 256, 129), pixel).data).toEqual(Uint8Array.of(1));
});

test('a place that no mask has does not make holes in what lies beside it', () => {
  // A union of masks is -Infinity where none has an opinion.
  const frame = frameOf(512, 512, sam1);
  const hole = rectangle(64, 64, 128, 128).map((logit) => (logit > 0 ? logit : -Infinity));
  const { data } = maskOf(hole, frame);
  for (let y = 131; y < 253; y++) expect(data.subarray(y * 512 + 131, y * 512 + 253).includes(0)).toBe(false);
});

test('one maker serves many masks: none leaves a trace in the next', () => {
  const frame = frameOf(300, 200, sam1);
  const toRle = rleMaker(frame);
  const all = [smooth(1, 256, 0), rectangle(0, 0, 256, 256), smooth(2, 256, -1), rectangle(5, 5, 9, 9)];
  const first = all.map((logits) => toRle(logits));
  expect(all.toReversed().map((logits) => toRle(logits))).toEqual(first.toReversed());
  expect(first.map((rle) => rleMaker({ ...frame })(all[first.indexOf(rle)]!))).toEqual(first);
});

test('a mask of noise, with more runs than pixels in a column, is right too', () => {
  const noise = logitsOf((x, y) => Math.sin(x * 12.9 + y * 78.2) * 8);
  for (const [width, height] of [
    [256, 256],
    [700, 500],
    [60, 900],
  ] as const) {
    expectSameMask(noise, frameOf(width, height, sam1));
  }
});
