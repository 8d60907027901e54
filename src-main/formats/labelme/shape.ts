/** @file The pixels of a LabelMe shape, by its type. */
import type { Photo, SkipReason } from '../../contract/import.ts';
import type { Mask } from '../../contract/mask.ts';
import { maskToRuns } from '../../contract/runs.ts';
import { rasteriseCocoRuns } from '../../mask/rasterise-coco.ts';
import { type Entry, isEntry } from '../import-fields.ts';

/** What is not black is inside. @throws for what is no PNG, or one of more pixels than `most`. */
export type DecodePng = (bytes: Uint8Array, most: number) => Promise<Mask>;

export type ShapeRuns =
  /** Canonical column-major runs of the photo's size. */
  { readonly runs: Uint32Array } | { readonly runs: null; readonly reason: SkipReason; readonly detail: string };

const none = (reason: SkipReason, detail = ''): ShapeRuns => ({ runs: null, reason, detail });

/** Corners of a circle: its polygon is less than a hundredth of a pixel off for radii up to 500. */
const circleCorners = 720;

/** Throws nothing that a file can cause. */
export async function shapeRuns(shape: Entry, photo: Photo, decodePng: DecodePng): Promise<ShapeRuns> {
  const points = pointsOf(shape['points']);
  if (!points) return none('mask-damaged', 'its points are no [x, y] pairs');
  const kind = shape['shape_type'] ?? 'polygon'; // files from before there were types
  try {
    if (kind === 'mask') return await maskShape(shape['mask'], points, photo, decodePng);
    if (['point', 'points', 'line', 'linestrip'].includes(String(kind))) return none('no-area-shape', String(kind));
    const outline = outlineOf(kind, points);
    if (!outline) return none('unreadable', `shape_type ${JSON.stringify(kind)?.slice(0, 50)}`);
    if (outline.length < 6) return none('no-mask', 'it has fewer than three corners');
    return { runs: rasteriseCocoRuns([outline], photo.width, photo.height) };
  } catch (error) {
    return none('mask-damaged', error instanceof Error ? error.message : String(error));
  }
}

type Points = readonly (readonly [number, number])[];

function pointsOf(value: unknown): Points | null {
  const isPoint = (point: unknown): point is [number, number] =>
    Array.isArray(point) && point.length === 2 && point.every((each) => Number.isFinite(each));
  return Array.isArray(value) && value.every(isPoint) ? value : null;
}

/** [x0, y0, x1, y1, ...]; null for a type that is not known. */
function outlineOf(kind: unknown, points: Points): number[] | null {
  if (kind === 'polygon' || kind === 'oriented_rectangle') return points.flat();
  if (kind === 'rectangle') return points.length === 2 ? corners(points[0]!, points[1]!) : points.flat();
  if (kind !== 'circle') return null;
  const [centre, edge] = points;
  if (!centre || !edge) return [];
  const radius = Math.hypot(edge[0] - centre[0], edge[1] - centre[1]);
  return Array.from({ length: circleCorners }, (_, k) => (2 * Math.PI * k) / circleCorners).flatMap((angle) => [
    centre[0] + radius * Math.cos(angle),
    centre[1] + radius * Math.sin(angle),
  ]);
}

const corners = ([x0, y0]: Points[number], [x1, y1]: Points[number]) => [x0, y0, x1, y0, x1, y1, x0, y1];

/** A picture of the box from the first point on, in base64. */
async function maskShape(value: unknown, points: Points, photo: Photo, decodePng: DecodePng): Promise<ShapeRuns> {
  const text = isEntry(value) ? undefined : value;
  const [corner] = points;
  if (typeof text !== 'string' || !corner) return none('mask-damaged', 'it has no picture or no box');
  const { width, height } = photo;
  const small = await decodePng(Buffer.from(text, 'base64'), 4 * width * height);
  const [left, top] = [Math.round(corner[0]), Math.round(corner[1])];
  const data = new Uint8Array(width * height);
  for (let y = Math.max(0, -top); y < Math.min(small.height, height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(small.width, width - left); x++) {
      data[(top + y) * width + left + x] = small.data[y * small.width + x]!;
    }
  }
  return { runs: maskToRuns({ width, height, data }) };
}
