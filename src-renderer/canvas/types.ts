/**
 * @file What the view of one image takes and tells. It knows no store, no React and no host: data comes in through
 * functions, gestures go out through callbacks.
 *
 * All coordinates are image pixels unless a name says screen: pixels of the upright original, x right, y down, pixel
 * (0, 0) covers [0, 1) x [0, 1). Screen coordinates are CSS pixels from the upper left corner of the host element.
 */
import type { AppError } from '../../src-main/contract/errors.ts';
import type { Rle } from '../../src-main/contract/mask.ts';
import type { Box, Point } from '../../src-main/contract/segmentation.ts';

export type ImageSource = {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Address of the picture with the longer side at most `max` pixels (1024, 2048, 4096 or 8192), null: full size. */
  readonly url: (max: number | null) => string;
};

/** A finished mask: an accepted instance, a proposal (outlined with dashes), or one that could be chosen (dashes alone). */
export type CanvasMask = {
  readonly id: string;
  readonly rle: Rle;
  /** #rrggbb */
  readonly colour: string;
  /** `other` is context, such as the instances of another query: drawn fainter, and neither hovered nor picked. */
  readonly kind: 'instance' | 'proposal' | 'choice' | 'other';
  /** Text of the chip that is drawn on the mask, "1" to "99". */
  readonly label?: string;
};

/** The mask that prompts and brush work on. `rle` null is an empty one: the first stroke makes it. */
export type ActiveMask = { readonly rle: Rle | null; readonly colour: string };

export type CanvasPrompts = { readonly points: readonly Point[]; readonly box: Box | null };

export type CanvasOptions = {
  /** 0 to 1, of committed masks and of the active one alike. */
  readonly fillOpacity: number;
  readonly outlineOpacity: number;
  /** Hides every mask and prompt; the photo stays. */
  readonly hidden: boolean;
  /** Thicker outlines with a dark edge, for photos whose colours are near to the masks'. */
  readonly highContrast: boolean;
};

/**
 * What the left button does: `point` sets a positive point (the right button a negative one), `box` drags a box (a click without
 * a drag sets a point as in `point`) and `pan` moves the picture and picks the mask under a click. In every tool the middle button or Space with a drag moves the
 * picture, the wheel and a pinch zoom to the pointer, and Alt with a click picks. Masks are never dragged.
 */
export type CanvasTool = 'point' | 'box' | 'brush' | 'eraser' | 'pan';

export type Modifiers = {
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
};

/** `zoom` is CSS pixels for one image pixel, (x, y) the image point in the middle of the host element. */
export type View = { readonly zoom: number; readonly x: number; readonly y: number };

/** All optional: what nobody listens to is not told. */
export type CanvasEvents = {
  /** Clamped into the image. */
  readonly onPoint?: (x: number, y: number, label: 0 | 1, modifiers: Modifiers) => void;
  /** x1 < x2 and y1 < y2, clipped to the image. */
  readonly onBox?: (box: Box, modifiers: Modifiers) => void;
  /** A click on the prompt point of that index: the user wants it gone. */
  readonly onPromptPoint?: (index: number) => void;
  /** The smallest mask under the pointer. */
  readonly onHover?: (id: string | null) => void;
  /** null: a click beside all masks. */
  readonly onPick?: (id: string | null, modifiers: Modifiers) => void;
  /** The active mask after a finished stroke. Without a pixel it is an RLE of zeros: the caller decides what that means. */
  readonly onStroke?: (stroke: { readonly rle: Rle; readonly strokes: 1 }) => void;
  /** Alt with a drag of the right button in brush or eraser; the caller answers with `setBrush`. Image pixels, at least 1. */
  readonly onBrush?: (diameter: number) => void;
  readonly onView?: (view: View) => void;
  /** Where the pointer is; null when it is not over the image. */
  readonly onCursor?: (at: { readonly x: number; readonly y: number } | null) => void;
  /** The sharper levels of a photo that could not be read after the first one was shown, or masks that cannot be drawn. */
  readonly onError?: (error: AppError) => void;
};

/** Milliseconds of the last frames, oldest first. For benchmarks; costs two clock readings a frame. */
export type CanvasStats = {
  /** Drawing of photo and committed masks. */
  readonly base: readonly number[];
  /** Drawing of the active mask, prompts and cursor. */
  readonly top: readonly number[];
  /** From the last change of view or masks to the fresh committed layer on the screen. */
  readonly fresh: readonly number[];
};

export type ImageView = {
  /**
   * Shows another image, fitted, without masks and prompts; null shows nothing. Resolves when a first level is on the screen
   * or another image took its place. Size and view are in force at once: to keep the view, call `setView` right after.
   * @throws AppError bad-image or io (as a rejection) when the photo cannot be shown.
   */
  readonly setImage: (image: ImageSource | null) => Promise<void>;
  /** All committed masks; smaller ones are drawn over larger ones, whatever their order. */
  readonly setMasks: (masks: readonly CanvasMask[]) => void;
  /** The RLE of the last `onStroke` may be handed back at any time, also during the next stroke: that changes nothing. */
  readonly setActive: (mask: ActiveMask | null) => void;
  readonly setPrompts: (prompts: CanvasPrompts) => void;
  readonly setTool: (tool: CanvasTool) => void;
  /** Diameter in image pixels, at least 1. */
  readonly setBrush: (diameter: number) => void;
  readonly setOptions: (options: CanvasOptions) => void;
  /** Outlines one committed mask, as when its row in a list is hovered. */
  readonly highlight: (id: string | null) => void;
  readonly fit: () => void;
  /** Around the middle, or around a screen point. */
  readonly zoomBy: (factor: number, atScreen?: { readonly x: number; readonly y: number }) => void;
  /** Shows a box with some room around it, as for a walk from instance to instance. */
  readonly zoomTo: (box: Box) => void;
  /** Moves the picture by screen pixels. */
  readonly panBy: (dx: number, dy: number) => void;
  readonly view: () => View;
  readonly setView: (view: View) => void;
  /** Drops a stroke, a box or a pan that is under way (Esc). Says whether there was one. */
  readonly cancelGesture: () => boolean;
  readonly stats: () => CanvasStats;
  /** Frees bitmaps, worker and listeners, and empties the host element. */
  readonly destroy: () => void;
};

/** Options of `createImageView`. */
export type ImageViewSetup = {
  /** Name for screen readers. */
  readonly label: string;
};

export const defaultOptions: CanvasOptions = {
  fillOpacity: 0.35,
  outlineOpacity: 0.9,
  hidden: false,
  highContrast: false,
};
