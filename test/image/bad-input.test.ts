import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, hashFile, readImageInfo } from '../../src-main/engine/image/decode.ts';
import { fixtures } from './expected.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'novo-image-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, content: Uint8Array | string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function fixture(name: string): Buffer {
  return readFileSync(join(fixtures, name));
}

/** The error that both decoding and hashing are expected to name the file in. */
async function failure(source: string | Uint8Array, maxPixels?: number) {
  const limits = maxPixels === undefined ? undefined : { maxPixels };
  const error: unknown = await decodeImage(source, limits).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AppError', hint: expect.any(String) });
  return error as { code: string; message: string; hint: string };
}

describe('a file that is not there to be read', () => {
  test('missing, or behind a file', async () => {
    for (const file of [join(folder, 'none.jpg'), join(put('file.txt', 'x'), 'photo.jpg')]) {
      const error = await failure(file);
      expect(error.code).toBe('not-found');
      expect(error.message).toContain(file);
      await expect(hashFile(file)).rejects.toMatchObject({ code: 'not-found' });
      await expect(readImageInfo(file)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  test('a folder', async () => {
    const file = join(folder, 'album.jpg');
    mkdirSync(file);
    expect(await failure(file)).toMatchObject({
      code: 'bad-image',
      message: `${file} is a folder, not an image file.`,
    });
  });

  test.skipIf(process.platform === 'win32')('a named pipe is refused instead of waited for', async () => {
    const file = join(folder, 'pipe.jpg');
    execFileSync('mkfifo', [file]);
    expect((await failure(file)).message).toContain('not a regular file');
  });

  // The superuser may read everything, and Windows has no such mode.
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('no permission', async () => {
    const file = put('locked.jpg', fixture('rgb.jpg'));
    chmodSync(file, 0);
    expect(await failure(file)).toMatchObject({ code: 'io', message: expect.stringContaining('locked.jpg') });
  });
});

describe('a file that is no photo', () => {
  const svg = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
  const cases: [string, Uint8Array | string, string][] = [
    ['empty.jpg', '', 'is empty'],
    ['text.jpg', 'a list of photos\n', 'is text, not a photo'],
    ['BM.bmp', 'BMW and other makers of cars that are photographed', 'is text, not a photo'],
    ['drawing.svg', svg, 'is an SVG drawing'],
    ['drawing.png', `<!-- by hand -->${svg}`, 'is an SVG drawing'],
    ['paper.pdf', '%PDF-1.7\n', 'is a PDF'],
    ['phone.heic', heic, 'is a HEIC photo'],
    ['download.jpg', '<!DOCTYPE html><html>404</html>', 'is a web page'],
    ['pointer.jpg', 'version https://git-lfs.github.com/spec/v1\noid sha256:0', 'git lfs pull'],
    ['binary.jpg', Buffer.from([0, 1, 2, 3, 250, 251]), 'is not in a known image format'],
  ];
  test.each(cases)('%s', async (name, content, message) => {
    const error = await failure(put(name, content));
    expect(error.code).toBe('bad-image');
    expect(error.message).toContain(name);
    expect(error.message).toContain(message);
  });
});

describe('a photo that is not whole', () => {
  test.each(['rgb.jpg', 'progressive.jpg', 'rgb.png', 'rgb.webp', 'rgb.tif', 'rgb24.bmp', 'palette4.bmp', 'rgb.avif'])(
    '%s cut at 60 % and cut in its header',
    async (name) => {
      const whole = fixture(name);
      for (const length of [Math.floor(whole.length * 0.6), 20]) {
        const error = await failure(put(`cut-${name}`, whole.subarray(0, length)));
        expect(error.code).toBe('bad-image');
        expect(error.message).toContain(`cut-${name} is damaged or incomplete`);
      }
    },
  );

  test('a large JPEG that lost only its last rows', async () => {
    const pixels = { create: { width: 900, height: 700, channels: 3 as const, background: '#7a5' } };
    const whole = await sharp(pixels).jpeg().toBuffer();
    expect((await failure(whole.subarray(0, whole.length - 200))).message).toContain('damaged or incomplete');
  });

  test('stray bytes between JPEG markers are only a warning', async () => {
    const whole = fixture('rgb.jpg');
    const next = 4 + whole.readUInt16BE(4);
    const stray = Buffer.concat([whole.subarray(0, next), Buffer.from([0, 0, 0]), whole.subarray(next)]);
    expect(await decodeImage(put('stray.jpg', stray))).toEqual(await decodeImage(whole));
  });

  test('float samples, and a compressed bitmap', async () => {
    expect((await failure(join(fixtures, 'float.tif'))).message).toContain('float samples');
    const packed = Buffer.from(fixture('palette8.bmp'));
    packed.writeUInt32LE(1, 30);
    expect((await failure(packed)).message).toContain('compressed BMP');
  });
});

describe('a photo that is too large is refused from its header', () => {
  /** Both sides written into a whole small file, whose pixels would then be missing. */
  function forge(name: string, patch: (bytes: Buffer) => void): string {
    const bytes = Buffer.from(fixture(name));
    patch(bytes);
    return put(`huge-${name}`, bytes);
  }
  const message = 'is 30000 x 30000 pixels (900 megapixels); the limit is 120 megapixels.';

  test('JPEG and BMP with a forged header', async () => {
    const files = [
      forge('rgb.jpg', (bytes) => {
        const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
        bytes.writeUInt16BE(30_000, frame + 5);
        bytes.writeUInt16BE(30_000, frame + 7);
      }),
      forge('rgb24.bmp', (bytes) => {
        bytes.writeInt32LE(30_000, 18);
        bytes.writeInt32LE(-30_000, 22);
      }),
    ];
    for (const file of files) {
      const before = process.memoryUsage.rss();
      const start = performance.now();
      expect(await failure(file)).toMatchObject({ code: 'bad-image', message: expect.stringContaining(message) });
      expect(performance.now() - start).toBeLessThan(1000);
      expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
      expect(await readImageInfo(file)).toMatchObject({ width: 30_000, height: 30_000 });
    }
  });

  test('a real PNG of 900 megapixels, 1 bit each', async () => {
    const chunk = (type: string, data: Uint8Array) => {
      const body = Buffer.concat([Buffer.from(type), data]);
      const ends = Buffer.alloc(8);
      ends.writeUInt32BE(data.length, 0);
      ends.writeUInt32BE(crc32(body), 4);
      return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(30_000, 0);
    header.writeUInt32BE(30_000, 4);
    header[8] = 1;
    const rows = deflateSync(Buffer.alloc(30_000 * (1 + 3750)), { level: 1 });
    const signature = fixture('rgb.png').subarray(0, 8);
    const chunks = [chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))];
    const file = put('real.png', Buffer.concat([signature, ...chunks]));
    const before = process.memoryUsage.rss();
    const start = performance.now();
    expect((await failure(file)).message).toContain(message);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });

  test('the limit is a setting, and the upright size is what is told', async () => {
    const error = await failure(join(fixtures, 'turned-6.jpg'), 100);
    expect(error.message).toContain('turned-6.jpg is 13 x 9 pixels');
    expect((await decodeImage(join(fixtures, 'turned-6.jpg'), { maxPixels: 117 })).width).toBe(13);
  });
});
