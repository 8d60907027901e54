/**
 * @file The active mask in colour, as a canvas of its region: only the rectangle that a stroke changed is written. Drawn
 * with the fill's opacity, so its own pixels are opaque or nothing.
 */
import type { ActivePixels } from './active-pixels.ts';
import type { Rgb } from './colour.ts';
import { areaOf, intersection, type Rect, rectOf } from './rect.ts';

export type ActiveBitmap = {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** Image pixels that the canvas covers. */
  region: Rect;
  /** Image pixels for a canvas pixel, along each side: above 1 for masks too large to be shown in full. */
  step: number;
};

/** Pixels of the largest canvas (256 MiB); a larger region is shown from every second or fourth pixel. */
const maxPixels = 2 ** 26;

export function createBitmap(): ActiveBitmap {
  const canvas = document.createElement('canvas');
  canvas.width = 0;
  canvas.height = 0;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw the mask on.');
  return { canvas, context, region: { x1: 0, y1: 0, x2: 0, y2: 0 }, step: 1 };
}

/** Shows the pixels of `dirty`, or of all where the region is another one than before. */
export function upload(bitmap: ActiveBitmap, pixels: ActivePixels, rgb: Rgb, dirty: Rect): void {
  if (bitmap.region !== pixels.region) {
    resize(bitmap, pixels.region);
    if (pixels.used !== null) write(bitmap, pixels, rgb, pixels.used);
    return;
  }
  write(bitmap, pixels, rgb, dirty);
}

/** Shows all pixels again, as after a change of colour or image. */
export function uploadAll(bitmap: ActiveBitmap, pixels: ActivePixels, rgb: Rgb): void {
  resize(bitmap, pixels.region);
  if (pixels.used !== null) write(bitmap, pixels, rgb, pixels.used);
}

function resize(bitmap: ActiveBitmap, region: Rect): void {
  bitmap.step = 1;
  while (areaOf(region) / bitmap.step ** 2 > maxPixels) bitmap.step *= 2;
  bitmap.region = region;
  bitmap.canvas.width = Math.ceil((region.x2 - region.x1) / bitmap.step);
  bitmap.canvas.height = Math.ceil((region.y2 - region.y1) / bitmap.step);
}

function write({ canvas, context, region, step }: ActiveBitmap, pixels: ActivePixels, rgb: Rgb, dirty: Rect): void {
  const part = intersection(
    {
      x1: Math.floor((dirty.x1 - region.x1) / step),
      y1: Math.floor((dirty.y1 - region.y1) / step),
      x2: Math.ceil((dirty.x2 - region.x1) / step),
      y2: Math.ceil((dirty.y2 - region.y1) / step),
    },
    rectOf(canvas.width, canvas.height),
  );
  if (part === null) return;
  const width = part.x2 - part.x1;
  const image = context.createImageData(width, part.y2 - part.y1);
  const target = new Uint32Array(image.data.buffer);
  const stride = region.x2 - region.x1;
  const colour = wordOf(rgb);
  for (let y = part.y1, k = 0; y < part.y2; y++) {
    for (let from = y * step * stride + part.x1 * step, end = k + width; k < end; from += step, k++) {
      if (pixels.data[from] === 1) target[k] = colour;
    }
  }
  context.putImageData(image, part.x1, part.y1);
}

/** Opaque RGBA as one number in the machine's byte order. */
const wordOf = ([red, green, blue]: Rgb): number => new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer)[0]!;
