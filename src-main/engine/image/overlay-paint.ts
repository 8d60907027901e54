/**
 * @file Drawing on RGB pixels: instance fills with outlines, rounded boxes and text. Everything is drawn on the
 * pixels themselves, so a pixel that nothing covers stays exactly as in the photo.
 */
import type { Mask } from '../../contract/mask.ts';
import type { TextBitmap } from './overlay-text.ts';
import type { RgbImage } from './pillow-resize.ts';

export type Colour = readonly [number, number, number];
export type Rectangle = { x: number; y: number; width: number; height: number };

/** `opacity` 0 to 1. */
function blend(canvas: RgbImage, x: number, y: number, colour: Colour, opacity: number): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  const at = (y * canvas.width + x) * 3;
  for (let c = 0; c < 3; c++) {
    canvas.data[at + c] = Math.round(canvas.data[at + c]! * (1 - opacity) + colour[c]! * opacity);
  }
}

/**
 * Distance in pixels (times 3) from each mask pixel to the nearest pixel outside, by the 3-4 chamfer; beyond the
 * image is outside too. `deepest` is where a label fits best.
 */
export type Depth = { values: Uint16Array; box: Rectangle; deepest: { x: number; y: number; depth: number } };

/** Null for an empty mask. */
export function measureDepth({ width, height, data }: Mask): Depth | null {
  const values = new Uint16Array(width * height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
      if (x === 0 || y === 0) values[i] = 3;
      else {
        const above = x === width - 1 ? 3 : values[i - width + 1]! + 4;
        values[i] = Math.min(values[i - 1]! + 3, values[i - width]! + 3, values[i - width - 1]! + 4, above);
      }
    }
  }
  if (right < 0) return null;
  const deepest = { x: left, y: top, depth: 0 };
  for (let y = bottom; y >= top; y--) {
    for (let x = right; x >= left; x--) {
      const i = y * width + x;
      if (values[i] === 0) continue;
      if (x === width - 1 || y === height - 1) values[i] = 3;
      else {
        const below = x === 0 ? 3 : values[i + width - 1]! + 4;
        values[i] = Math.min(values[i]!, values[i + 1]! + 3, values[i + width]! + 3, values[i + width + 1]! + 4, below);
      }
      if (values[i]! > deepest.depth) Object.assign(deepest, { x, y, depth: values[i] });
    }
  }
  return { values, box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }, deepest };
}

/**
 * A translucent fill, and inside its edge a line of `thickness` pixels with a white hairline outside it, which
 * keeps it visible on a background of the same colour.
 */
export function paintInstance(canvas: RgbImage, { values, box }: Depth, colour: Colour, thickness: number): void {
  const width = canvas.width;
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const depth = values[y * width + x]! / 3;
      if (depth === 0) continue;
      if (depth < 1.5) blend(canvas, x, y, [255, 255, 255], 0.9);
      else if (depth < thickness + 1.5) blend(canvas, x, y, colour, 1);
      else blend(canvas, x, y, colour, 0.42);
    }
  }
}

/** A filled box with round corners of `radius`, with smooth edges. */
export function paintBox(canvas: RgbImage, box: Rectangle, radius: number, colour: Colour, opacity: number): void {
  const [halfWidth, halfHeight] = [box.width / 2, box.height / 2];
  for (let y = Math.floor(box.y); y < box.y + box.height; y++) {
    for (let x = Math.floor(box.x); x < box.x + box.width; x++) {
      const dx = Math.max(0, Math.abs(x + 0.5 - box.x - halfWidth) - halfWidth + radius);
      const dy = Math.max(0, Math.abs(y + 0.5 - box.y - halfHeight) - halfHeight + radius);
      const inside = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
      if (inside > 0) blend(canvas, x, y, colour, inside * opacity);
    }
  }
}

export function paintText(canvas: RgbImage, text: TextBitmap, left: number, top: number, colour: Colour): void {
  for (let y = 0, i = 0; y < text.height; y++) {
    for (let x = 0; x < text.width; x++, i++) {
      const coverage = text.coverage[i]!;
      if (coverage > 0) blend(canvas, Math.round(left) + x, Math.round(top) + y, colour, coverage / 255);
    }
  }
}
