/** @file Which size of the photo to load and to show. The sizes are those of src-main/api/media.ts. */

/** Longer sides that the canvas asks for; null is full size. */
export const levels = [1024, 2048, 4096, 8192] as const;

/** Pixels of the largest bitmap that is kept (256 MiB): a larger photo is shown from the largest level below. */
export const maxBitmapPixels = 2 ** 26;

/** From this zoom (screen pixels for an image pixel) single pixels are shown as squares. */
export const sharpZoom = 2;

/**
 * The smallest level with a pixel for every device pixel; null is full size.
 * @param zoom device pixels for one image pixel
 */
export function levelFor(width: number, height: number, zoom: number): number | null {
  const longer = Math.max(width, height);
  // A level is good enough a little below: nobody sees 5 %, and fitting must not load the next size for it.
  const needed = longer * Math.min(1, zoom) * 0.95;
  const found = levels.find((level) => level >= needed && level < longer);
  if (found !== undefined) return found;
  return width * height <= maxBitmapPixels ? null : largestLevel(width, height);
}

/** The first level to show: it comes fast whatever the zoom. */
export const firstLevel = (width: number, height: number): number | null =>
  Math.max(width, height) > levels[0] ? levels[0] : null;

function largestLevel(width: number, height: number): number {
  const longer = Math.max(width, height);
  const shorter = Math.min(width, height);
  const fitting = levels.filter((level) => level < longer && level * level * (shorter / longer) <= maxBitmapPixels);
  return fitting.at(-1) ?? levels[0];
}

/** Pixels of the longer side of a level, to compare levels. */
export const sideOf = (level: number | null): number => level ?? Number.POSITIVE_INFINITY;
