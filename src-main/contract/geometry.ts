/**
 * @file The one place that converts between frames. All have x right and y down, continuous coordinates, pixel
 * or cell (0, 0) covering [0, 1) x [0, 1).
 *
 * - original: the upright image, `width` x `height`.
 * - model: the square that the image encoder sees (1024). The image fills `modelWidth` x `modelHeight` of it, from
 *   the top-left corner; the rest is padding.
 * - mask: the same square at the side of the low-resolution logits (256).
 * - grid: the image zero-padded at the right and bottom to a square of side max(width, height), cut into
 *   rows x columns cells: what the vision-language model sees (paper §4.1).
 */

/** Numbers that fix the frames of one image under one segmenter. */
export type Frame = {
  readonly width: number;
  readonly height: number;
  readonly imageSize: number;
  readonly maskSize: number;
  readonly modelWidth: number;
  readonly modelHeight: number;
  /** `longest-side` (SAM 1) keeps the aspect ratio and pads; `square` (SAM 2) stretches. */
  readonly resize: 'longest-side' | 'square';
};

type FrameSpec = {
  readonly imageSize: number;
  readonly maskSize: number;
  readonly resize: 'longest-side' | 'square';
};

/**
 * Frames of an image of `width` x `height` pixels. `longest-side` rounds as Segment Anything does:
 * int(side * 1024 / longest + 0.5) (segment_anything/utils/transforms.py, get_preprocess_shape); a side is at least
 * one pixel, for panoramas that would vanish.
 */
export function frameOf(width: number, height: number, spec: FrameSpec): Frame {
  const { imageSize, maskSize, resize } = spec;
  if (resize === 'square') {
    return { width, height, imageSize, maskSize, modelWidth: imageSize, modelHeight: imageSize, resize };
  }
  const scale = imageSize / Math.max(width, height);
  return {
    width,
    height,
    imageSize,
    maskSize,
    modelWidth: Math.max(1, Math.floor(width * scale + 0.5)),
    modelHeight: Math.max(1, Math.floor(height * scale + 0.5)),
    resize,
  };
}

export function originalToModel(frame: Frame, x: number, y: number): [x: number, y: number] {
  return [(x * frame.modelWidth) / frame.width, (y * frame.modelHeight) / frame.height];
}

export function modelToOriginal(frame: Frame, x: number, y: number): [x: number, y: number] {
  return [(x * frame.width) / frame.modelWidth, (y * frame.height) / frame.modelHeight];
}

/** Mask-frame coordinates to the model frame, which is the same square at another scale. */
export function maskToModel(frame: Frame, x: number, y: number): [x: number, y: number] {
  const scale = frame.imageSize / frame.maskSize;
  return [x * scale, y * scale];
}

/** Columns and rows of the mask frame that show the image (in part at the last one); the rest is padding. */
export function maskExtent(frame: Frame): { columns: number; rows: number } {
  const scale = frame.maskSize / frame.imageSize;
  return { columns: Math.ceil(frame.modelWidth * scale), rows: Math.ceil(frame.modelHeight * scale) };
}

/** Grid coordinates to the original frame. Beyond `width` or `height` they lie in the padding. */
export function gridToOriginal(frame: Frame, grid: readonly [number, number], column: number, row: number) {
  const side = Math.max(frame.width, frame.height);
  return [(column * side) / grid[1], (row * side) / grid[0]] as [x: number, y: number];
}

export function originalToGrid(frame: Frame, grid: readonly [number, number], x: number, y: number) {
  const side = Math.max(frame.width, frame.height);
  return [(x * grid[1]) / side, (y * grid[0]) / side] as [column: number, row: number];
}
