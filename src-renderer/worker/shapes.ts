/** @file The committed masks as the worker keeps them: read and traced once, until they leave the list. */
import { rleOf, runsArea, runsBox, runsOf } from '../../src-main/contract/rle.ts';
import { chipPlace } from './chip-place.ts';
import { cropOfRuns } from './crop.ts';
import type { Bounds, MaskEntry, MaskIndex } from './messages.ts';
import type { Outline } from './outline.ts';
import { traceCrop } from './rings.ts';

export type Shape = Outline & {
  readonly box: Bounds;
  /** Pixels. */
  readonly area: number;
  readonly chip: { readonly x: number; readonly y: number };
  look: MaskEntry;
};

export type Shapes = Map<string, Shape>;

/** A traced mask and what the page needs of it. @throws AppError bad-request when the RLE is damaged. */
export function shapeOf(look: MaskEntry & { rle: NonNullable<MaskEntry['rle']> }): { shape: Shape; index: MaskIndex } {
  const [height] = look.rle.size;
  const runs = runsOf(look.rle);
  const [x, y, width, rows] = runsBox(runs, height);
  const box: Bounds = [x, y, x + width, y + rows];
  const isEmpty = width === 0;
  const area = runsArea(runs);
  const { rle: _read, ...kept } = look;
  const shape: Shape = {
    box,
    area,
    rings: isEmpty
      ? { xy: new Float32Array(0), starts: new Uint32Array(1) }
      : traceCrop(cropOfRuns(runs, height, box), x, y),
    chip: isEmpty ? { x: 0, y: 0 } : chipPlace(runs, height, box),
    look: kept,
    path: null,
  };
  const ends = new Uint32Array(runs.length);
  for (let i = 0, at = 0; i < runs.length; i++) {
    at += runs[i]!;
    ends[i] = at;
  }
  return { shape, index: { id: look.id, box, area, ends, height } };
}

/** An RLE of no pixel. */
export const emptyRle = (width: number, height: number) => rleOf(Uint32Array.of(width * height), height, width);
