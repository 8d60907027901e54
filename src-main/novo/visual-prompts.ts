/**
 * @file Paper §4.2: a similarity map becomes visual prompts only, a coarse mask and points. No text goes further.
 */
import { type Frame, originalToGrid, originalToModel } from '../contract/geometry.ts';
import type { Activation, PromptMode } from '../contract/segmentation.ts';
import { type ImageCell, imageCells } from './cells.ts';
import { bilinear } from './resample.ts';
import type { SamPrompt } from './segmenter.ts';

export type VisualPromptSettings = {
  /** The mask prompt is gain x similarity + bias: SAM expects logits of about +-10, not cosines. */
  readonly gain: number;
  readonly bias: number;
  /**
   * Where it is set it takes the place of `bias`: the mask prompt is 0 at this share of the map's highest similarity on
   * the image. A model that is less sure has lower peaks, which a fixed bias would cut off.
   */
  readonly level?: number | null;
  /** How many of the highest cells become positive points. */
  readonly positive: number;
  /** How many of the lowest cells become negative points. */
  readonly negative: number;
};

/**
 * The similarity map in the mask frame: maskSize x maskSize, row-major, bilinear (paper §4.2). For a segmenter
 * that keeps the aspect ratio the grid and the mask frame are the same square; for one that stretches the image
 * (SAM 2) the map is sampled through original coordinates.
 */
export function activationInMaskFrame(activation: Activation, frame: Frame): Float32Array {
  const { grid, values } = activation;
  const size = frame.maskSize;
  if (frame.resize === 'longest-side') return bilinear(values, grid, [size, size]);
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [c, r] = originalToGrid(frame, grid, ((x + 0.5) * frame.width) / size, ((y + 0.5) * frame.height) / size);
      out[y * size + x] = sample(values, grid, c - 0.5, r - 0.5);
    }
  }
  return out;
}

function sample(values: readonly number[], [rows, columns]: readonly [number, number], x: number, y: number): number {
  const cx = Math.min(columns - 1, Math.max(0, x));
  const cy = Math.min(rows - 1, Math.max(0, y));
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const x1 = Math.min(columns - 1, x0 + 1);
  const y1 = Math.min(rows - 1, y0 + 1);
  const top = values[y0 * columns + x0]! * (1 - cx + x0) + values[y0 * columns + x1]! * (cx - x0);
  const bottom = values[y1 * columns + x0]! * (1 - cx + x0) + values[y1 * columns + x1]! * (cx - x0);
  return top * (1 - cy + y0) + bottom * (cy - y0);
}

/** The settings for this map: its own bias where they have a level. */
export function levelled(
  settings: VisualPromptSettings,
  { grid, values }: Activation,
  frame: Frame,
): VisualPromptSettings {
  const { gain, level = null } = settings;
  if (level === null) return settings;
  const peak = imageCells(grid, frame).reduce((most, { index }) => Math.max(most, values[index]!), -Infinity);
  return { ...settings, bias: -gain * level * peak };
}

/** Cells that show the image, highest similarity first (equal ones in reading order). */
function rankedCells(activation: Activation, frame: Frame): ImageCell[] {
  const { grid, values } = activation;
  return imageCells(grid, frame).sort((a, b) => values[b.index]! - values[a.index]!);
}

/**
 * The prompt of the paper's Eq. 2: mask prompt from the map, positive points at its highest cells and negative
 * ones at its lowest, in the model frame. `mode` leaves one kind out (the ablation of Table 4).
 */
export function visualPrompt(
  activation: Activation,
  frame: Frame,
  settings: VisualPromptSettings,
  mode: PromptMode,
): SamPrompt {
  const coords: number[] = [];
  const labels: number[] = [];
  if (mode !== 'mask') {
    const cells = rankedCells(activation, frame);
    const positive = cells.slice(0, settings.positive);
    const negative = settings.negative > 0 ? cells.slice(positive.length).slice(-settings.negative) : [];
    for (const [points, label] of [[positive, 1] as const, [negative, 0] as const]) {
      for (const { x, y } of points) {
        coords.push(...originalToModel(frame, x, y));
        labels.push(label);
      }
    }
  }
  if (mode === 'points') return { coords, labels };
  const mask = activationInMaskFrame(activation, frame);
  for (let k = 0; k < mask.length; k++) mask[k] = settings.gain * mask[k]! + settings.bias;
  return { coords, labels, mask };
}
