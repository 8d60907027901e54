/**
 * @file Numbers of an answer -> pixels of the upright original image, for each convention of coordinates.
 */
import type { CoordinateConvention } from '../../contract/pack.ts';
import type { Box, Point, Region } from '../../contract/segmentation.ts';
import type { Size } from './image-size.ts';

/** Four numbers of a box as the model wrote them. `named` where the answer itself said which is x and which is y. */
export type RawBox = { readonly values: readonly [number, number, number, number]; readonly named?: 'xyxy' | 'xywh' };
/** Two numbers of a point as the model wrote them; `named` ones are x, y whatever the convention's order is. */
export type RawPoint = { readonly values: readonly [number, number]; readonly named?: true };
/** One thing of an answer, before it is known what the numbers mean. */
export type RawRegion = { readonly box?: RawBox; readonly points?: readonly RawPoint[]; readonly label?: string };

export type Frames = { readonly sent: Size; readonly original: Size };

/** Points this far outside, as a part of the side, are taken for a slip of the model and clamped; farther ones drop. */
const slack = 0.1;

/** Answer units along x and y -> original pixels. Multiplied before divided, so that the far edge stays exact. */
function scaler(convention: CoordinateConvention, { sent, original }: Frames) {
  const [w, h] = convention.space === 'pixels' ? [sent.width, sent.height] : [convention.scale, convention.scale];
  return { x: (u: number) => (u * original.width) / w, y: (v: number) => (v * original.height) / h };
}

/**
 * The box in original pixels, corners sorted and clamped to the image; null for one that is not finite, has no area,
 * or has its centre outside the image (which is never a slip of a few pixels, but numbers of another convention).
 */
export function toBox(raw: RawBox, convention: CoordinateConvention, frames: Frames): Box | null {
  const [a, b, c, d] = raw.values;
  const yFirst = raw.named === undefined && convention.order === 'yx';
  const [u1, v1, u2, v2] = yFirst ? [b, a, d, c] : [a, b, c, d];
  const form = raw.named ?? convention.boxForm;
  const scale = scaler(convention, frames);
  const xs = [scale.x(u1), scale.x(form === 'xywh' ? u1 + u2 : u2)] as const;
  const ys = [scale.y(v1), scale.y(form === 'xywh' ? v1 + v2 : v2)] as const;
  if (![...xs, ...ys].every(Number.isFinite)) return null;

  const { width, height } = frames.original;
  const [x1, x2] = [Math.min(...xs), Math.max(...xs)];
  const [y1, y2] = [Math.min(...ys), Math.max(...ys)];
  const centreInside = x1 + x2 >= 0 && x1 + x2 <= 2 * width && y1 + y2 >= 0 && y1 + y2 <= 2 * height;
  if (!centreInside) return null;
  const box: Box = [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

/**
 * The point as [x, y, 1] in original pixels, with 0 <= x < width and 0 <= y < height (one on the far edge becomes the
 * centre of the last pixel); null for one that is not finite or lies clearly outside.
 */
export function toPoint(raw: RawPoint, convention: CoordinateConvention, frames: Frames): Point | null {
  const [a, b] = raw.values;
  const [u, v] = raw.named === undefined && convention.order === 'yx' ? [b, a] : [a, b];
  const scale = scaler(convention, frames);
  const [x, y] = [scale.x(u), scale.y(v)];
  const { width, height } = frames.original;
  const near = (value: number, side: number) => value >= -slack * side && value <= (1 + slack) * side;
  if (!near(x, width) || !near(y, height)) return null;
  const clamp = (value: number, side: number) => (value < 0 ? 0 : value >= side ? side - 0.5 : value);
  return [clamp(x, width), clamp(y, height), 1];
}

/** The region in original pixels; null when neither its box nor any of its points can be used. */
export function toRegion(raw: RawRegion, convention: CoordinateConvention, frames: Frames): Region | null {
  const box = raw.box === undefined ? null : toBox(raw.box, convention, frames);
  const points = (raw.points ?? [])
    .map((point) => toPoint(point, convention, frames))
    .filter((point) => point !== null);
  if (box === null && points.length === 0) return null;
  return {
    ...(box === null ? {} : { box }),
    ...(points.length === 0 ? {} : { points }),
    ...(raw.label === undefined ? {} : { label: raw.label }),
  };
}

/**
 * Whether the numbers are surely fractions of the sides (0 to 1) although the convention counts pixels or a larger
 * scale: such boxes would all shrink into the first pixel without any sign of it.
 */
export function looksLikeFractions(regions: readonly RawRegion[], convention: CoordinateConvention): boolean {
  if (convention.space === 'relative' && convention.scale <= 1) return false;
  const numbers = regions.flatMap(({ box, points }) => [
    ...(box?.values ?? []),
    ...(points ?? []).flatMap((p) => p.values),
  ]);
  return numbers.every((n) => n >= 0 && n <= 1) && numbers.some((n) => n > 0 && n < 1);
}
