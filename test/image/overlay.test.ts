import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage, type RgbImage, readImageInfo } from '../../src-main/engine/image/decode.ts';
import { writeOverlay } from '../../src-main/engine/image/overlay.ts';
import { noise } from './noise.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'novo-overlay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const width = 320;
const height = 240;
const photo = noise(width, height);

function boxMask(left: number, top: number, right: number, bottom: number) {
  const data = new Uint8Array(width * height);
  for (let y = top; y < bottom; y++) data.fill(1, y * width + left, y * width + right);
  return { width, height, data };
}

function pixel(image: RgbImage, x: number, y: number): number[] {
  return [...image.data.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3)];
}

function darkPixels(image: RgbImage, fromRow: number): number {
  let count = 0;
  for (let i = fromRow * image.width * 3; i < image.data.length; i += 3) if (image.data[i]! < 90) count++;
  return count;
}

test('an instance changes its own pixels only, and the caption stands below the photo', async () => {
  const file = join(folder, 'one.png');
  const masks = [{ mask: boxMask(40, 30, 240, 200), score: 0.91, label: 'cup & saucer' }];
  await writeOverlay(photo, { masks, query: 'What holds <tea>?', answer: 'The cup.' }, file);
  const image = await decodeImage(file);
  expect(image.width).toBe(width);
  expect(image.height).toBeGreaterThan(height + 30);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = x >= 40 && x < 240 && y >= 30 && y < 200;
      if (!inside) expect(pixel(image, x, y)).toEqual(pixel(photo, x, y));
    }
  }
  expect(pixel(image, 60, 180)).not.toEqual(pixel(photo, 60, 180));
  // The line inside the edge is pure colour.
  expect(pixel(image, 41, 100)).toEqual([230, 159, 0]);
  expect(pixel(image, width - 1, image.height - 1)).toEqual([255, 255, 255]);
  expect(darkPixels(image, height)).toBeGreaterThan(100);
});

test('without a query there is no caption, and without masks it says that nothing matches', async () => {
  const bare = join(folder, 'bare.png');
  await writeOverlay(photo, { masks: [] }, bare);
  expect(await decodeImage(bare)).toEqual({ ...photo, data: photo.data });
  const [nothing, some] = [join(folder, 'nothing.jpg'), join(folder, 'some.jpeg')];
  await writeOverlay(photo, { masks: [], query: 'A dog?' }, nothing);
  await writeOverlay(photo, { masks: [{ mask: boxMask(0, 0, 9, 9), score: 1 }], query: 'A dog?' }, some);
  const [larger, smaller] = [await readImageInfo(nothing), await readImageInfo(some)];
  expect([larger.format, smaller.format]).toEqual(['jpeg', 'jpeg']);
  expect(larger.height).toBeGreaterThan(smaller.height);
});

test('a small instance on a large one stays visible, an empty one is skipped, and labels stay in the photo', async () => {
  const file = join(folder, 'nested.png');
  const masks = [boxMask(150, 100, 170, 120), boxMask(0, 0, 0, 0), boxMask(0, 0, 320, 240)].map((mask) => ({
    mask,
    score: 0.5,
  }));
  await writeOverlay(photo, { masks }, file);
  expect(pixel(await decodeImage(file), 151, 110)).toEqual([230, 159, 0]);
});

test('the file is replaced whole, and a failure leaves nothing behind', async () => {
  const file = join(folder, 'kept.png');
  writeFileSync(file, 'old');
  await writeOverlay(photo, { masks: [] }, file);
  expect((await readImageInfo(file)).format).toBe('png');
  const before = readdirSync(folder);
  await expect(writeOverlay(photo, { masks: [] }, join(file, 'x.png'))).rejects.toMatchObject({ code: 'io' });
  await expect(writeOverlay(photo, { masks: [] }, join(folder, 'x.gif'))).rejects.toMatchObject({
    code: 'bad-request',
  });
  expect(readdirSync(folder)).toEqual(before);
});

test.skipIf(process.platform === 'win32')('numbers and captions are readable on a machine without fonts', async () => {
  const empty = join(folder, 'fonts.conf');
  writeFileSync(empty, '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>');
  const module = join(import.meta.dirname, '../../src-main/engine/image/overlay-text.ts');
  const code = `import { renderText } from ${JSON.stringify(module)};
    const texts = ['i', 'W', '1', '8', '0.97', 'Which one, s\\u00e9?'];
    const all = await Promise.all(texts.map((text) => renderText(text, { size: 20 })));
    console.log(JSON.stringify(all.map((b) => [b.width, b.coverage.reduce((sum, v) => sum + v, 0)])));`;
  const env = { ...process.env, FONTCONFIG_FILE: empty };
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [i, W, one, eight, score, sentence] = JSON.parse(output.toString()) as [number, number][];
  expect(i![0]).toBeLessThan(W![0] * 0.6);
  expect(eight![1]).toBeGreaterThan(one![1]);
  expect(sentence![0]).toBeGreaterThan(score![0] * 2);
});

test('text of any length and content gives a picture', async () => {
  const file = join(folder, 'long.png');
  const query = `${'word '.repeat(200)}\u0000\u0007</span>&nbsp;<b`;
  await writeOverlay({ width: 30, height: 20, data: new Uint8Array(1800) }, { masks: [], query }, file);
  expect(readFileSync(file).length).toBeGreaterThan(100);
  expect((await readImageInfo(file)).width).toBe(30);
});
