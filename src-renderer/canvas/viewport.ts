/**
 * @file Where the image lies on the screen. Pure: a view and sizes in, a view out. Screen points are CSS pixels from the
 * upper left corner of the host element.
 */
import type { Box } from '../../src-main/contract/segmentation.ts';
import type { View } from './types.ts';

export type Size = { readonly width: number; readonly height: number };
export type At = { readonly x: number; readonly y: number };

export const minZoom = 0.05;
export const maxZoom = 64;
/** Screen pixels that stay free around a fitted image. */
const fitRoom = 16;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Image point to screen point. */
export const toScreen = (view: View, screen: Size, { x, y }: At): At => ({
  x: (x - view.x) * view.zoom + screen.width / 2,
  y: (y - view.y) * view.zoom + screen.height / 2,
});

/** Screen point to image point. */
export const toImage = (view: View, screen: Size, { x, y }: At): At => ({
  x: (x - screen.width / 2) / view.zoom + view.x,
  y: (y - screen.height / 2) / view.zoom + view.y,
});

/** The image as large as fits, in the middle; a huge one may go below `minZoom`. */
export function fitted(image: Size, screen: Size): View {
  const width = Math.max(1, screen.width - 2 * fitRoom);
  const height = Math.max(1, screen.height - 2 * fitRoom);
  const fits = Math.min(width / image.width, height / image.height);
  // A thumbnail is enlarged to whole multiples, so that its pixels stay square and even.
  const zoom = fits >= 2 ? Math.min(maxZoom, Math.floor(fits)) : fits;
  return { zoom, x: image.width / 2, y: image.height / 2 };
}

/** The lowest zoom for this image: 5 %, or less where the whole image needs it. */
export const lowestZoom = (image: Size, screen: Size): number => Math.min(minZoom, fitted(image, screen).zoom);

/** Zoomed so that the image point under a screen point stays there. */
export function zoomed(view: View, image: Size, screen: Size, factor: number, at: At): View {
  const zoom = clamp(view.zoom * factor, lowestZoom(image, screen), maxZoom);
  const held = toImage(view, screen, at);
  return limited(
    {
      zoom,
      x: held.x - (at.x - screen.width / 2) / zoom,
      y: held.y - (at.y - screen.height / 2) / zoom,
    },
    image,
    screen,
  );
}

export const panned = (view: View, image: Size, screen: Size, dx: number, dy: number): View =>
  limited({ zoom: view.zoom, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom }, image, screen);

/** A box in the middle with a quarter of its size as room, but at least 64 image pixels wide so that there is context. */
export function zoomedTo([x1, y1, x2, y2]: Box, image: Size, screen: Size): View {
  const width = Math.max(64, (x2 - x1) * 1.5);
  const height = Math.max(64, (y2 - y1) * 1.5);
  const zoom = clamp(Math.min(screen.width / width, screen.height / height), lowestZoom(image, screen), maxZoom);
  return limited({ zoom, x: (x1 + x2) / 2, y: (y1 + y2) / 2 }, image, screen);
}

/** Zoom in range and the middle of the screen on the image: the image cannot be lost. */
export function limited(view: View, image: Size, screen: Size): View {
  return {
    zoom: clamp(view.zoom, lowestZoom(image, screen), maxZoom),
    x: clamp(view.x, 0, image.width),
    y: clamp(view.y, 0, image.height),
  };
}

/** Canvas matrix [a, b, c, d, e, f] from image to CSS pixels, with the offset on whole device pixels of size 1 / ratio. */
export function matrixOf(view: View, screen: Size, ratio: number): [number, number, number, number, number, number] {
  const origin = toScreen(view, screen, { x: 0, y: 0 });
  const snap = (value: number) => Math.round(value * ratio) / ratio;
  return [view.zoom, 0, 0, view.zoom, snap(origin.x), snap(origin.y)];
}
