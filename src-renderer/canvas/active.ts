/** @file The active mask: what it looks like, and how strokes change it. */
import type { AppError } from '../../src-main/contract/errors.ts';
import type { Rle } from '../../src-main/contract/mask.ts';
import type { Rings } from '../worker/messages.ts';
import { type Outline, pathOf } from '../worker/outline.ts';
import { createBitmap, upload, uploadAll } from './active-bitmap.ts';
import { type ActivePixels, emptyPixels, pixelsOf, snapshotOf, stamp, usedCrop } from './active-pixels.ts';
import { rgbOf } from './colour.ts';
import { type Rect, union } from './rect.ts';
import type { Layer } from './stage.ts';
import type { ActiveMask, CanvasOptions } from './types.ts';
import type { At, Size } from './viewport.ts';
import type { MasksWorker } from './worker-client.ts';

export type Active = {
  /** An empty one for an image of that size; null for no image. */
  readonly reset: (image: Size | null) => void;
  readonly set: (mask: ActiveMask | null) => void;
  readonly begin: (at: At, diameter: number, erases: boolean) => void;
  readonly move: (to: At) => void;
  /** Ends the stroke; `onStroke` follows when the worker has encoded the mask. */
  readonly end: () => void;
  readonly cancel: () => void;
  readonly layer: Layer;
  readonly close: () => void;
};

export type ActiveSetup = {
  readonly worker: MasksWorker;
  readonly options: () => CanvasOptions;
  readonly onStroke: (rle: Rle) => void;
  /** Image pixels that look different now; null: all. */
  readonly onChange: (dirty: Rect | null) => void;
  readonly onError: (error: AppError) => void;
};

type Stroke = {
  at: At;
  readonly radius: number;
  readonly value: 0 | 1;
  /** To come back to when the stroke is dropped. */
  readonly before: ReturnType<typeof snapshotOf>;
  readonly outlineBefore: Outline | null;
};

/** Where the caller gave none: the first stroke on nothing. */
const defaultColour = '#ffb000';

export function createActive({ worker, options, onStroke, onChange, onError }: ActiveSetup): Active {
  const bitmap = createBitmap();
  let pixels: ActivePixels = emptyPixels(0, 0);
  let colour = defaultColour;
  let outline: Outline | null = null;
  /** The mask that caller and view agree on: the one that was set or told last. */
  let known: string | null = null;
  let epoch = 0; // of the masks that were set: a stroke on an earlier one is not told any more
  let drawing = 0; // of all changes of pixels: an outline of an earlier one is not shown
  let stroke: Stroke | null = null;
  let dirty: Rect | null = null; // not uploaded yet

  const take = (next: ActivePixels) => {
    pixels = next;
    stroke = null;
    outline = null;
    dirty = null;
    drawing++;
    uploadAll(bitmap, pixels, rgbOf(colour));
    onChange(null);
  };
  const showOutline = (rings: Rings | null) => {
    outline = rings === null ? null : { rings, path: null };
    onChange(null);
  };
  const setColour = (next: string) => {
    if (next === colour) return;
    colour = next;
    uploadAll(bitmap, pixels, rgbOf(colour));
    onChange(null);
  };
  const draw = (to: At) => {
    if (stroke === null) return;
    const { at, radius, value } = stroke;
    const changed = stamp(pixels, { x1: at.x, y1: at.y, x2: to.x, y2: to.y, radius }, value);
    stroke.at = to;
    if (changed === null) return;
    dirty = union(dirty, changed);
    onChange(changed);
  };

  return {
    reset: (image) => {
      known = null;
      epoch++;
      take(emptyPixels(image?.width ?? 0, image?.height ?? 0));
    },
    set: (mask) => {
      const counts = mask?.rle?.counts ?? null;
      if (mask !== null) setColour(mask.colour);
      if (counts === known) return; // our own stroke comes back; the next one may have begun
      known = counts;
      epoch++;
      if (mask === null || mask.rle === null) {
        take(emptyPixels(pixels.width, pixels.height));
        return;
      }
      const [height, width] = mask.rle.size;
      if (width !== pixels.width || height !== pixels.height) return; // of another image: it comes too late
      try {
        take(pixelsOf(mask.rle));
      } catch (error) {
        take(emptyPixels(width, height));
        onError(error as AppError);
        return;
      }
      const asked = drawing;
      worker.trace(mask.rle).then(
        (rings) => {
          if (asked === drawing) showOutline(rings);
        },
        (error) => onError(error),
      );
    },
    begin: (at, diameter, erases) => {
      if (pixels.width === 0) return;
      drawing++;
      const before = snapshotOf(pixels);
      stroke = { at, radius: Math.max(1, diameter) / 2, value: erases ? 0 : 1, before, outlineBefore: outline };
      outline = null;
      onChange(null);
      draw(at);
    },
    move: draw,
    end: () => {
      if (stroke === null) return;
      stroke = null;
      const crop = usedCrop(pixels);
      const { width, height } = pixels;
      const box = crop === null ? null : ([crop.box.x1, crop.box.y1, crop.box.x2, crop.box.y2] as const);
      const [askedEpoch, asked] = [epoch, drawing];
      worker.encode(width, height, box, crop?.data ?? new Uint8Array(0)).then(
        ({ rle, rings }) => {
          if (askedEpoch !== epoch) return; // another mask was set meanwhile
          known = rle.counts;
          if (asked === drawing) showOutline(rings);
          onStroke(rle);
        },
        (error) => onError(error),
      );
    },
    cancel: () => {
      if (stroke === null) return;
      const { before, outlineBefore } = stroke;
      take({ ...pixels, ...before });
      outline = outlineBefore;
    },
    layer: ({ context, visible, view, ratio }) => {
      if (dirty !== null) {
        upload(bitmap, pixels, rgbOf(colour), dirty);
        dirty = null;
      }
      const { fillOpacity, outlineOpacity, hidden, highContrast } = options();
      const { canvas, region, step } = bitmap;
      if (hidden || pixels.used === null || canvas.width === 0) return;
      const margin = 2 * step;
      const from = {
        x: Math.max(0, Math.floor((visible.x1 - region.x1 - margin) / step)),
        y: Math.max(0, Math.floor((visible.y1 - region.y1 - margin) / step)),
      };
      const width = Math.min(canvas.width, Math.ceil((visible.x2 - region.x1 + margin) / step)) - from.x;
      const height = Math.min(canvas.height, Math.ceil((visible.y2 - region.y1 + margin) / step)) - from.y;
      if (width > 0 && height > 0) {
        // A little stronger than the masks around it.
        context.globalAlpha = Math.min(1, fillOpacity * 1.4);
        context.imageSmoothingEnabled = view.zoom * ratio < 1;
        context.drawImage(
          canvas,
          from.x,
          from.y,
          width,
          height,
          region.x1 + from.x * step,
          region.y1 + from.y * step,
          width * step,
          height * step,
        );
      }
      if (outline === null) return;
      const path = pathOf(outline, view.zoom * ratio);
      context.globalAlpha = outlineOpacity;
      context.lineJoin = 'round';
      // Light around dark reads on every photo, and tells the active mask from the rest.
      context.lineWidth = (highContrast ? 5 : 3.5) / view.zoom;
      context.strokeStyle = highContrast ? '#000000' : '#ffffff';
      context.stroke(path);
      context.lineWidth = 2 / view.zoom;
      context.strokeStyle = colour;
      context.stroke(path);
    },
    close: () => {
      epoch++;
      drawing++;
      pixels = emptyPixels(0, 0);
      bitmap.canvas.width = 0;
      bitmap.canvas.height = 0;
    },
  };
}
