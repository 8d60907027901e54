/**
 * @file What the page and the masks' worker say to each other. Image pixels are those of the upright original, device pixels
 * those of the screen. Typed arrays and bitmaps are transferred, never copied.
 */
import type { Rle } from '../../src-main/contract/mask.ts';

/** Image pixels [x1, y1, x2, y2), whole numbers. */
export type Bounds = readonly [x1: number, y1: number, x2: number, y2: number];

/** A committed mask. `rle` is left out when the worker has the mask of that id already and only its looks changed. */
export type MaskEntry = {
  readonly id: string;
  readonly rle?: Rle;
  /** #rrggbb */
  readonly colour: string;
  readonly kind: 'instance' | 'proposal' | 'choice' | 'other';
  readonly label: string | null;
};

/** What the page keeps of a mask to find it under the pointer: column-major positions where its runs end, zeros first. */
export type MaskIndex = {
  readonly id: string;
  readonly box: Bounds;
  /** Pixels. */
  readonly area: number;
  readonly ends: Uint32Array;
  /** Of the image: pixels in a column. */
  readonly height: number;
};

/** How the committed masks look. */
export type MaskLook = {
  readonly fillOpacity: number;
  readonly outlineOpacity: number;
  readonly highContrast: boolean;
};

/**
 * A picture of the committed masks: `width` x `height` device pixels, image point (x, y) in its upper left corner, `zoom` device
 * pixels for an image pixel. `ratio` is device pixels for a CSS pixel: outlines keep their width on the screen.
 */
export type PaintOrder = {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
  readonly look: MaskLook;
};

/** Outlines on pixel edges, one ring after the other: ring i is xy[starts[i]] up to xy[starts[i + 1]]. */
export type Rings = { readonly xy: Float32Array; readonly starts: Uint32Array };

export type ToWorker =
  /** All committed masks. Whatever their order, the smaller ones are drawn over the larger ones. */
  | { readonly kind: 'masks'; readonly masks: readonly MaskEntry[] }
  | { readonly kind: 'paint'; readonly request: number; readonly order: PaintOrder }
  /** The outline of a committed mask. */
  | { readonly kind: 'outline'; readonly request: number; readonly id: string }
  /** The outline of any mask. */
  | { readonly kind: 'trace'; readonly request: number; readonly rle: Rle }
  /** A part of an image as RLE of the whole: row-major pixels of `box`, all others are 0. `box` null: no pixel at all. */
  | {
      readonly kind: 'encode';
      readonly request: number;
      readonly width: number;
      readonly height: number;
      readonly box: Bounds | null;
      readonly data: Uint8Array;
    };

export type FromWorker =
  /** The masks that are new to the worker, and those that cannot be read. */
  | {
      readonly kind: 'indexed';
      readonly masks: readonly MaskIndex[];
      readonly damaged: readonly { readonly id: string; readonly message: string }[];
    }
  | { readonly kind: 'painted'; readonly request: number; readonly bitmap: ImageBitmap; readonly ms: number }
  /** null: there is no such mask. */
  | { readonly kind: 'outlined'; readonly request: number; readonly rings: Rings | null }
  | { readonly kind: 'encoded'; readonly request: number; readonly rle: Rle; readonly rings: Rings }
  | { readonly kind: 'failed'; readonly request: number; readonly message: string };
