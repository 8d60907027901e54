/** @file Which cells of a grid show the image and not its padding. */
import { type Frame, gridToOriginal } from '../contract/geometry.ts';

/** A cell by its place in the map's values, and its middle in the original frame. */
export type ImageCell = { readonly index: number; readonly x: number; readonly y: number };

/**
 * Cells whose middle lies on the image, in reading order. A sliver thinner than half a cell has none of them: its
 * cells are the first row or column, with the middle of the sliver as theirs.
 */
export function imageCells(grid: readonly [number, number], frame: Frame): ImageCell[] {
  const [rows, columns] = grid;
  const cells: ImageCell[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [x, y] = gridToOriginal(frame, grid, column + 0.5, row + 0.5);
      if (column === 0 && x >= frame.width) x = frame.width / 2;
      if (row === 0 && y >= frame.height) y = frame.height / 2;
      if (x < frame.width && y < frame.height) cells.push({ index: row * columns + column, x, y });
    }
  }
  return cells;
}
