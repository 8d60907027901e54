/** @file A mask as a prompt: its cover of the mask frame is exact, and the point inside it is where it should be. */
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import type { Mask } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import type { Point } from '../../src-main/contract/segmentation.ts';
import { correction, coverageOf } from '../../src-main/novo/mask-prompt.ts';
import { sam1, sam2 } from './scene.ts';

const maskOf = (width: number, height: number, inside: (x: number, y: number) => boolean): Mask => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, k) => Number(inside(k % width, Math.floor(k / width)))),
});

/** The same by pixels: each one adds the area that it has in common with every cell. */
function naive({ width, data }: Mask, scaleX: number, scaleY: number, size: number): Float64Array {
  const out = new Float64Array(size * size);
  const common = (from: number, to: number, cell: number) => Math.max(0, Math.min(to, cell + 1) - Math.max(from, cell));
  for (let k = 0; k < data.length; k++) {
    if (data[k] === 0) continue;
    const [x, y] = [k % width, Math.floor(k / width)];
    for (let r = Math.floor(y * scaleY); r < Math.min(size, (y + 1) * scaleY); r++) {
      for (let c = Math.floor(x * scaleX); c < Math.min(size, (x + 1) * scaleX); c++) {
        out[r * size + c]! += common(x * scaleX, (x + 1) * scaleX, c) * common(y * scaleY, (y + 1) * scaleY, r);
      }
    }
  }
  return out;
}

describe('cover of the mask frame', () => {
  // Smaller and larger than the frame, wide and high, with whole columns, stripes and a speck at the last pixel.
  const shapes: [string, (x: number, y: number, w: number, h: number) => boolean][] = [
    ['all', () => true],
    ['a disc', (x, y, w, h) => Math.hypot(x - w / 2, y - h / 3) < Math.min(w, h) / 4],
    ['columns', (x) => x % 7 < 2],
    ['checks', (x, y) => (x + y) % 3 === 0],
    ['the last pixel', (x, y, w, h) => x === w - 1 && y === h - 1],
  ];
  const sizes = [[640, 427], [301, 517], [97, 33], [11, 300]] as const; // biome-ignore format: one line
  test.each(shapes)('%s', (_, inside) => {
    for (const [width, height] of sizes) {
      for (const [spec, scale] of [
        [sam1, 256 / Math.max(width, height)],
        [sam2, null],
      ] as const) {
        const mask = maskOf(width, height, (x, y) => inside(x, y, width, height));
        const frame = frameOf(width, height, spec);
        const found = coverageOf(encodeRle(mask), frame);
        // longest-side rounds the shorter side to whole pixels of the model frame.
        const scaleX = scale === null ? 256 / width : frame.modelWidth / width / 4;
        const scaleY = scale === null ? 256 / height : frame.modelHeight / height / 4;
        const expected = naive(mask, scaleX, scaleY, 256);
        const worst = expected.reduce((most, value, k) => Math.max(most, Math.abs(value - found[k]!)), 0);
        expect(worst).toBeLessThan(1e-3);
      }
    }
  });
});

describe('a correction', () => {
  const frame = frameOf(512, 256, sam1);
  const mask = encodeRle(maskOf(512, 256, (x, y) => x >= 100 && x < 200 && y >= 50 && y < 150));
  const inner = (points: Point[], rle = mask) => correction({ points }, rle, frame).region.points!.at(-1)!;

  test('has a positive point in the middle of the mask after the given ones, and logits of either sign', () => {
    const given: Point[] = [[20, 20, 1], [30, 200, 0]]; // biome-ignore format: one line
    const { region, mask: logits } = correction({ points: given }, mask, frame);
    expect(region.points!.slice(0, 2)).toEqual(given);
    const [x, y, label] = region.points![2]!;
    expect([Math.abs(x - 150) < 3, Math.abs(y - 100) < 3, label]).toEqual([true, true, 1]);
    const at = (px: number, py: number) => logits[Math.floor(py / 2) * 256 + Math.floor(px / 2)]!;
    expect(at(150, 100)).toBeGreaterThan(5);
    expect(at(150, 100)).toBe(-at(300, 200));
  });

  test('keeps its point away from negative ones, inside, at the edge of the image and in thin masks', () => {
    const [x, y] = inner([[150, 100, 0]]);
    expect(Math.hypot(x - 150, y - 100)).toBeGreaterThan(10);
    expect([x > 100, x < 200, y > 50, y < 150]).toEqual([true, true, true, true]);
    // Of two parts the larger one is meant away: the point is on the other.
    const inTwo = (px: number) => px >= 10 && px < 400 && (px < 250 || px > 280);
    const two = encodeRle(maskOf(512, 256, (px, py) => py >= 10 && py < 200 && inTwo(px)));
    expect(inner([[60, 60, 0]], two)[0]).toBeGreaterThan(280);
    // A crumb beside the object is not what is meant when a click takes a piece of the object away.
    const crumb = encodeRle(maskOf(512, 256, (px, py) => (px < 300 && py < 200) || (px > 400 && px < 420 && py < 20)));
    expect(inner([[60, 60, 0]], crumb)[0]).toBeLessThan(300);
    const whole = encodeRle(maskOf(512, 256, () => true));
    const [wx, wy] = inner([], whole);
    expect([wx > 100, wx < 412, Math.abs(wy - 128) < 8]).toEqual([true, true, true]);
    const [, ty] = inner([], encodeRle(maskOf(512, 256, (_, row) => row === 41)));
    expect(Math.abs(ty - 41)).toBeLessThan(2);
  });

  test('of a mask of another size, and one of which the negative points leave nothing, is refused', () => {
    expect(() => correction({ points: [[9, 9, 1]] }, encodeRle(maskOf(256, 512, () => true)), frame)).toThrow(
      'The mask is 256 x 512 pixels, but the image is 512 x 256.',
    );
    const speck = encodeRle(maskOf(512, 256, (x, y) => x === 9 && y === 9));
    expect(() => correction({ points: [[9, 9, 0]] }, speck, frame)).toThrow(/leave nothing of the mask/);
    expect(correction({ points: [[9, 9, 0], [60, 60, 1]] }, speck, frame).region.points).toHaveLength(2); // biome-ignore format: one line
  });
});
