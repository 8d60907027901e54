/**
 * @file How well a set of masks explains the activation: a coarse map is about the share of each cell that the
 * target covers, seen through the overlap of neighbouring patches. A candidate that leaks beyond the activation, or
 * covers what is covered already, explains less than it costs. Not in the paper.
 */
import { type Frame, maskExtent, modelToOriginal, originalToGrid } from '../contract/geometry.ts';
import type { Activation } from '../contract/segmentation.ts';
import { imageCells } from './cells.ts';

/** Cells at or below this quantile of the image are taken for background. */
const backgroundQuantile = 0.25;
/** The mean of this many of the highest cells is taken for full coverage: one cell alone may be noise. */
const fullCells = 5;

export type Explanation = {
  /** Share of each grid cell that a mask covers, blurred 3 x 3 (1 2 1). The mask is maskSize x maskSize, > 0 inside. */
  coverage(mask: ArrayLike<number>): Float32Array;
  /** Sum over cells of (target - before)^2 - (target - after)^2: positive where `after` explains more. */
  gain(before: Float32Array, after: Float32Array): number;
  /** Part of a coverage that the target has too, 0 to 1. */
  precision(coverage: Float32Array): number;
};

/** Bound to one activation. Padding cells take no part. */
export function explain(activation: Activation, frame: Frame): Explanation {
  const { grid, values } = activation;
  const [rows, columns] = grid;
  const onImage = imageCells(grid, frame).map(({ index }) => index);
  const sorted = onImage.map((cell) => values[cell]!).sort((a, b) => a - b);
  const low = sorted[Math.floor(sorted.length * backgroundQuantile)]!;
  const top = sorted.slice(-fullCells);
  const high = top.reduce((sum, value) => sum + value, 0) / top.length;
  const target = new Float32Array(rows * columns);
  for (const cell of onImage) target[cell] = Math.min(1, Math.max(0, (values[cell]! - low) / (high - low || 1)));

  const { cellOf, pixelsPerCell } = cellsOfMaskFrame(frame, grid);
  return {
    coverage(mask) {
      const share = new Float32Array(rows * columns);
      for (let k = 0; k < cellOf.length; k++) if (mask[k]! > 0 && cellOf[k]! >= 0) share[cellOf[k]!]! += 1;
      for (let k = 0; k < share.length; k++) share[k]! /= pixelsPerCell;
      return blur(share, rows, columns);
    },
    gain(before, after) {
      let sum = 0;
      for (const k of onImage) sum += (target[k]! - before[k]!) ** 2 - (target[k]! - after[k]!) ** 2;
      return sum;
    },
    precision(coverage) {
      let shared = 0;
      let all = 0;
      for (const k of onImage) {
        shared += Math.min(target[k]!, coverage[k]!);
        all += coverage[k]!;
      }
      return all > 0 ? shared / all : 0;
    },
  };
}

/** Grid cell of every mask-frame pixel (-1 in the padding), and how many mask-frame pixels a whole cell has. */
function cellsOfMaskFrame(frame: Frame, grid: readonly [number, number]) {
  const { maskSize, imageSize } = frame;
  const extent = maskExtent(frame);
  const cellOf = new Int32Array(maskSize * maskSize).fill(-1);
  const scale = imageSize / maskSize;
  for (let y = 0; y < extent.rows; y++) {
    for (let x = 0; x < extent.columns; x++) {
      const [u, v] = modelToOriginal(frame, (x + 0.5) * scale, (y + 0.5) * scale);
      const [column, row] = originalToGrid(frame, grid, u, v);
      const inside = column < grid[1] && row < grid[0];
      if (inside) cellOf[y * maskSize + x] = Math.floor(row) * grid[1] + Math.floor(column);
    }
  }
  const side = Math.max(frame.width, frame.height);
  const pixelsPerColumn = (side / grid[1]) * (frame.modelWidth / frame.width / scale);
  const pixelsPerRow = (side / grid[0]) * (frame.modelHeight / frame.height / scale);
  return { cellOf, pixelsPerCell: pixelsPerColumn * pixelsPerRow };
}

/** 3 x 3 binomial blur; weights are renormalised at the border. */
function blur(map: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(map.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      let weight = 0;
      for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
          const w = (r === row ? 2 : 1) * (c === column ? 2 : 1);
          sum += w * map[r * columns + c]!;
          weight += w;
        }
      }
      out[row * columns + column] = sum / weight;
    }
  }
  return out;
}
