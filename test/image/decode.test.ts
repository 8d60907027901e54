import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage, hashFile, readImageInfo } from '../../src-main/engine/image/decode.ts';
import { encodeJpeg } from '../../src-main/engine/image/encode.ts';
import { expected, fixtures } from './expected.ts';

describe('every format gives the pixels that Pillow gives, upright and in RGB', () => {
  for (const [name, wanted] of Object.entries(expected.files)) {
    test(name, async () => {
      const file = join(fixtures, name);
      const info = await readImageInfo(file);
      const { width, height, orientation, pages } = wanted;
      expect(info).toMatchObject({ width, height, orientation, pages });
      const image = await decodeImage(file);
      expect([image.width, image.height]).toEqual([width, height]);
      expect(largestDifference(image.data, Buffer.from(wanted.rgb, 'base64'))).toBeLessThanOrEqual(wanted.tolerance);
      expect(await decodeImage(readFileSync(file))).toEqual(image);
    });
  }
});

function largestDifference(left: Uint8Array, right: Uint8Array): number {
  expect(left.length).toBe(right.length);
  return left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - right[i]!)), 0);
}

test('the format is told by content, not by name', async () => {
  expect((await readImageInfo(join(fixtures, 'png-called.jpg'))).format).toBe('png');
  expect((await readImageInfo(join(fixtures, '565.bmp'))).format).toBe('bmp');
  expect((await readImageInfo(join(fixtures, 'rgb.avif'))).format).toBe('avif');
});

test('a colour profile changes no pixel of an RGB photo, as in Pillow', async () => {
  const wide = await sharp(join(fixtures, 'rgb.png')).withIccProfile('p3').png().toBuffer();
  const raw = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
  expect((await decodeImage(wide)).data).toEqual(new Uint8Array(raw));
});

test('the hash is the SHA-256 of the content', async () => {
  const file = join(fixtures, 'rgb.jpg');
  expect(await hashFile(file)).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
});

test('a photo for an endpoint has the size that was asked for and keeps its colours', async () => {
  const image = { width: 40, height: 30, data: new Uint8Array(40 * 30 * 3).map((_, i) => [200, 80, 20][i % 3]!) };
  const sent = await decodeImage(await encodeJpeg(image, 28, 56));
  expect([sent.width, sent.height]).toEqual([28, 56]);
  expect(largestDifference(sent.data.subarray(0, 3), new Uint8Array([200, 80, 20]))).toBeLessThan(4);
});
