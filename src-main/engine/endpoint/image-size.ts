/**
 * @file The size at which an image is sent. It is fixed here and not by the server, so that answers in pixels can be
 * read back: a model that resizes by itself finds nothing left to do.
 */
import type { ImageRule } from '../../contract/pack.ts';

export type Size = { readonly width: number; readonly height: number };

/** Python's `round`: halves go to the even neighbour (70 / 28 = 2.5 -> 2), where `Math.round` goes up. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Width and height in pixels to send for an image of `original` pixels: `smart_resize` of qwen-vl-utils
 * (vision_process.py), with `multipleOf` as its factor. Both sides are rounded to the factor; an area above
 * `maxPixels` is shrunk by one ratio and floored to the factor, one below `minPixels` is enlarged and ceiled.
 * `maxSide` is our addition: it lowers the area limit to what the aspect ratio allows, and leaves the rule exact
 * where it is absent.
 */
export function sentSize(original: Size, rule: ImageRule): Size {
  const { width, height } = original;
  const { multipleOf: factor, minPixels, maxSide } = rule;
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const areaAtMaxSide =
    maxSide === undefined || long <= maxSide ? Number.POSITIVE_INFINITY : maxSide ** 2 * (short / long);
  const maxPixels = Math.min(rule.maxPixels, areaAtMaxSide);

  let w = Math.max(factor, roundHalfEven(width / factor) * factor);
  let h = Math.max(factor, roundHalfEven(height / factor) * factor);
  if (w * h > maxPixels) {
    const beta = Math.sqrt((height * width) / maxPixels);
    h = Math.max(factor, Math.floor(height / beta / factor) * factor);
    w = Math.max(factor, Math.floor(width / beta / factor) * factor);
  } else if (w * h < minPixels) {
    const beta = Math.sqrt(minPixels / (height * width));
    h = Math.ceil((height * beta) / factor) * factor;
    w = Math.ceil((width * beta) / factor) * factor;
  }
  if (maxSide === undefined) return { width: w, height: h };
  const limit = Math.max(factor, Math.floor(maxSide / factor) * factor);
  return { width: Math.min(w, limit), height: Math.min(h, limit) };
}
