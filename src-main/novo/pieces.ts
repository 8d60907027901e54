/**
 * @file Connected pieces of a map in the mask frame, of the part that shows the image.
 */
import { type Frame, maskExtent } from '../contract/geometry.ts';
import { type Component, components } from '../mask/components.ts';

/** Pieces of fewer pixels of the mask frame are crumbs. */
export const smallestPiece = 60;

/** The pieces of what is inside, 4-connected. `inside` takes an index of a maskSize x maskSize map. */
export function piecesOf(inside: (k: number) => boolean, frame: Frame): Component[] {
  const { rows, columns } = maskExtent(frame);
  const data = new Uint8Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) if (inside(y * frame.maskSize + x)) data[y * columns + x] = 1;
  }
  return components({ width: columns, height: rows, data }, 4);
}

/** Indices of a piece's pixels in a maskSize x maskSize map. */
export function pixelsOf({ box: [left, top, width, height], toMask }: Component, { maskSize }: Frame): number[] {
  const { data, width: columns } = toMask();
  const pixels: number[] = [];
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) if (data[y * columns + x]) pixels.push(y * maskSize + x);
  }
  return pixels;
}
