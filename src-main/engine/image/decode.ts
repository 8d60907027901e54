/**
 * @file Image files as upright 8-bit RGB pixels. The size is read from the header and checked before any pixel
 * is decoded; what cannot be read in full is refused, because an annotation on half a photo is worse than none.
 *
 * Choices, each made so that the pixels equal what Pillow gives the reference implementations:
 * - EXIF orientation is applied, so image space is what a viewer shows.
 * - Embedded colour profiles of RGB and grey images are ignored, as Pillow and OpenCV do: models and published
 *   datasets were made that way. CMYK has no such convention, so it is converted through its profile.
 * - Transparency is laid on white: the colours under transparent pixels are arbitrary, and white is what the
 *   annotator sees behind them.
 * - 16-bit samples keep their high byte. Float and 32-bit samples have no agreed range and are refused.
 * - Of an animation or a document with pages, the first is used.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { AppError } from '../../contract/errors.ts';
import { decodeBmp, readBmpHeader } from './bmp.ts';
import { fileError, readHead } from './head.ts';
import type { RgbImage } from './pillow-resize.ts';
import { headLength, type ImageFormat, sniffImage } from './sniff.ts';

export type { RgbImage } from './pillow-resize.ts';

// libvips keeps open files and decoded regions of the last 100 operations. Each photo is decoded once, so over
// thousands of images that is memory without use (and on Windows files that cannot be deleted).
sharp.cache(false);

export type ImageInfo = {
  /** Pixels, after the EXIF orientation is applied. */
  width: number;
  height: number;
  format: ImageFormat;
  /** EXIF orientation as stored, 1 to 8; 1 where there is none. */
  orientation: number;
  /** Frames of an animation or pages of a document; 1 for a plain image. */
  pages: number;
};

/** 120 megapixels: above every camera in common use, and 360 MB once decoded. */
export const defaultLimits = { maxPixels: 120_000_000 };

type Source = string | Uint8Array;

const damagedHint = 'Copy or download it again, or open it in an image editor and save it anew.';

function nameOf(source: Source): string {
  return typeof source === 'string' ? basename(source) : 'The image';
}

function damaged(source: Source, cause: unknown): AppError {
  // libvips repeats itself over several lines and sometimes ends with a full stop.
  const reason = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n')[0]!.replace(/\.$/, '');
  return new AppError('bad-image', `${nameOf(source)} is damaged or incomplete: ${reason}.`, {
    hint: damagedHint,
    cause,
  });
}

function libvipsOptions(maxPixels: number | false): SharpOptions {
  return {
    // "error" refuses truncated and undecodable data, yet accepts what libjpeg only warns of (stray bytes
    // between markers), which real datasets hold and every other reader accepts.
    failOn: 'error',
    // A second line of defence: the size has already been checked from the header.
    limitInputPixels: maxPixels,
    // Rows stream through once; only an orientation that needs other rows first makes libvips keep the image.
    sequentialRead: true,
  };
}

/** Header of the image, by bytes or by path; never decodes pixels. */
async function inspect(source: Source): Promise<ImageInfo & { metadata: Metadata | null }> {
  const head = typeof source === 'string' ? await readHead(source, headLength) : source.subarray(0, headLength);
  if (head.length === 0) {
    throw new AppError('bad-image', `${nameOf(source)} is empty (0 bytes).`, { hint: 'Copy or download it again.' });
  }
  const sniffed = sniffImage(head);
  if ('refused' in sniffed) {
    throw new AppError('bad-image', `${nameOf(source)} is ${sniffed.refused}.`, { hint: sniffed.hint });
  }
  const { format } = sniffed;
  try {
    if (format === 'bmp') {
      const { width, height } = readBmpHeader(head);
      return { width, height, format, orientation: 1, pages: 1, metadata: null };
    }
    const metadata = await sharp(source, libvipsOptions(false)).metadata();
    const { width, height } = metadata.autoOrient;
    return { width, height, format, orientation: metadata.orientation ?? 1, pages: metadata.pages ?? 1, metadata };
  } catch (error) {
    throw damaged(source, error);
  }
}

/**
 * Size, format and orientation, from the header alone: fast, and in bounded memory whatever the header says.
 * Does not judge the size; `checkPixelLimit` does. Errors: `not-found`, `io`, `bad-image`.
 */
export async function readImageInfo(file: string): Promise<ImageInfo> {
  const { metadata: _, ...info } = await inspect(file);
  return info;
}

/** Throws `bad-image` where the image is too large to be decoded safely. */
export function checkPixelLimit(name: string, size: { width: number; height: number }, limits = defaultLimits): void {
  const pixels = size.width * size.height;
  if (pixels <= limits.maxPixels) return;
  const mega = (value: number) => `${Math.round(value / 1e5) / 10}`;
  throw new AppError(
    'bad-image',
    `${name} is ${size.width} x ${size.height} pixels (${mega(pixels)} megapixels); the limit is ${mega(limits.maxPixels)} megapixels.`,
    { hint: 'Make it smaller, or cut it into tiles, and add those files.' },
  );
}

/**
 * Decodes a photo, given by path or as the bytes of a file: upright, RGB, 8 bit (choices at the top of this
 * file). JPEG, PNG, WebP, TIFF, BMP, GIF and AVIF, recognised by content and not by name. Errors, each naming
 * the file: `not-found`; `io` where it cannot be read; `bad-image` where it is no photo, empty, truncated,
 * damaged, or above `limits.maxPixels` (checked before decoding).
 */
export async function decodeImage(source: Source, limits: { maxPixels: number } = defaultLimits): Promise<RgbImage> {
  const { metadata, ...info } = await inspect(source);
  checkPixelLimit(nameOf(source), info, limits);
  if (metadata !== null && metadata.depth !== 'uchar' && metadata.depth !== 'ushort') {
    throw new AppError('bad-image', `${nameOf(source)} has ${metadata.depth} samples, which have no agreed range.`, {
      hint: 'Convert it to 8 or 16 bits a channel, so that you choose the range, and add that file.',
    });
  }
  try {
    const options = libvipsOptions(limits.maxPixels);
    const pipeline =
      metadata === null
        ? await openBmp(source)
        : sharp(source, { ...options, ignoreIcc: metadata.space !== 'cmyk' }).autoOrient();
    const { data, info: raw } = await pipeline
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if ((raw.channels as number) !== 3) throw new Error(`it has ${raw.channels} channels`);
    return { width: raw.width, height: raw.height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  } catch (error) {
    throw error instanceof AppError ? error : damaged(source, error);
  }
}

async function openBmp(source: Source) {
  const file = typeof source === 'string' ? await readFile(source) : source;
  const { rgba, width, height } = decodeBmp(file);
  return sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false });
}

/**
 * SHA-256 of the file's content in lower-case hexadecimal: the identity of an image, whatever its name and
 * place. Streams, so memory does not grow with the file. Errors: `not-found`, `io`, `bad-image` (a folder).
 */
export async function hashFile(file: string): Promise<string> {
  await readHead(file, 1);
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  } catch (error) {
    throw fileError(file, error);
  }
  return hash.digest('hex');
}
