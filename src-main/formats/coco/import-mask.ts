/**
 * @file The mask of an annotation that anybody may have written, on the project's photo. What can be told apart from a
 * mask is read as it was meant (and told); what cannot is left out with its reason.
 */
import type { MendReason, Photo, SkipReason } from '../../contract/import.ts';
import { rleFromCounts, runsArea, runsBox, runsOf } from '../../contract/rle.ts';
import { maskToRuns, runsToMask } from '../../contract/runs.ts';
import { combineRuns } from '../../mask/boolean.ts';
import { rasteriseCocoRuns } from '../../mask/rasterise-coco.ts';

export type ReadMask =
  /** Canonical column-major runs with at least one pixel; they may lie in a buffer that the next call uses again. */
  | { readonly runs: Uint32Array; readonly mended: readonly MendReason[] }
  | { readonly runs: null; readonly reason: SkipReason; readonly detail: string };

/** What else the file says of the mask; used as evidence only. */
export type MaskClaims = { readonly area: unknown; readonly bbox: unknown };

const none = (reason: SkipReason, detail = ''): ReadMask => ({ runs: null, reason, detail });

/** @param photo pixels of the upright photo. Throws nothing that a file can cause. */
export function readMask(segmentation: unknown, photo: Photo, claims: MaskClaims): ReadMask {
  const read = Array.isArray(segmentation)
    ? readPolygons(segmentation, photo, claims)
    : typeof segmentation === 'object' && segmentation !== null
      ? readRle(segmentation, photo)
      : none(boxOf(claims.bbox) ? 'only-box' : 'no-mask');
  if (read.runs === null) return read;
  if (runsArea(read.runs) === 0) return none('mask-empty');
  return withBox(read.runs, read.mended, photo, claims, Array.isArray(segmentation));
}

function guarded(work: () => ReadMask): ReadMask {
  try {
    return work();
  } catch (error) {
    return none('mask-damaged', error instanceof Error ? error.message : String(error));
  }
}

function readPolygons(list: readonly unknown[], { width, height }: Photo, claims: MaskClaims): ReadMask {
  if (list.length === 0) return none(boxOf(claims.bbox) ? 'only-box' : 'no-mask');
  const mended: MendReason[] = [];
  let polygons: readonly unknown[] = list;
  if (list.every((value) => typeof value === 'number')) polygons = [list];
  else if (list.length > 2 && list.every((value) => Array.isArray(value) && value.length === 2))
    polygons = [list.flat()];
  if (polygons !== list) mended.push('flat-polygon');
  if (!polygons.every(isNumbers)) return none('mask-damaged', 'it is neither polygons nor RLE');
  const areas = polygons.filter(({ length }) => length >= 6);
  if (areas.length === 0) return none('no-mask', 'no part has three corners');
  if (areas.length < polygons.length) mended.push('short-polygon');
  return guarded(() => {
    const runs = rasteriseCocoRuns(areas, width, height);
    const open = areas.length < 2 ? null : withHoles(areas, runs, width, height, claims.area);
    return open ? { runs: open, mended: [...mended, 'hole'] } : { runs, mended };
  });
}

/**
 * Rings that the file's own area says to be holes: COCO's rule would fill them in silence. Null where the area agrees
 * with the parts as they are, or with neither.
 */
function withHoles(rings: readonly number[][], filled: Uint32Array, width: number, height: number, area: unknown) {
  if (typeof area !== 'number' || !Number.isFinite(area)) return null;
  const near = (pixels: number) => Math.abs(pixels - area) <= Math.max(4, 0.02 * pixels);
  if (near(runsArea(filled))) return null;
  const open = rings.map((ring) => rasteriseCocoRuns([ring], width, height)).reduce((a, b) => combineRuns(a, b, 'xor'));
  const pixels = runsArea(open);
  return pixels > 0 && pixels < runsArea(filled) && near(pixels) ? open : null;
}

function readRle(segmentation: object, { width, height }: Photo): ReadMask {
  const { size, counts } = segmentation as { size?: unknown; counts?: unknown };
  if (counts === undefined && size === undefined) return none('no-mask');
  if (!isNumbers(size) || size.length !== 2) return none('mask-damaged', 'its size is not [height, width]');
  if (size[0] !== height || size[1] !== width) {
    const detail = `${size[1]} x ${size[0]}, the photo ${width} x ${height}`;
    return none(size[0] === width && size[1] === height ? 'mask-swapped' : 'mask-size', detail);
  }
  return guarded(() => {
    if (isNumbers(counts)) return { runs: runsOf(rleFromCounts(counts, height, width)), mended: [] };
    if (typeof counts !== 'string') return none('mask-damaged', 'it has no counts');
    const text = /^b(['"])(.*)\1$/s.exec(counts)?.[2];
    if (text === undefined) return { runs: runsOf({ size: [height, width], counts }, kept), mended: [] };
    const unescaped = text.replaceAll('\\\\', '\\');
    return { runs: runsOf({ size: [height, width], counts: unescaped }), mended: ['bytes-text'] };
  });
}

/**
 * The box in the file as evidence: where it is elsewhere, an RLE is tried along rows, which is what `flatten()` of an
 * array gives and what every reader takes for another mask without a message.
 */
function withBox(
  runs: Uint32Array,
  mended: readonly MendReason[],
  { width, height }: Photo,
  { bbox }: MaskClaims,
  isPolygon: boolean,
): ReadMask {
  const box = boxOf(bbox);
  // Boxes as shares of the photo are another format's; they say nothing here.
  if (!box || (box[2] <= 1 && box[3] <= 1) || boxIou(runsBox(runs, height), box) >= 0.5) return { runs, mended };
  if (!isPolygon) {
    const rows = runsToMask(runs, width, height);
    const turned = maskToRuns({ width, height, data: rowMajor(rows.data, width, height) });
    if (boxIou(runsBox(turned, height), box) > 0.9) return { runs: turned, mended: [...mended, 'row-major'] };
  }
  return { runs, mended: [...mended, 'box-differs'] };
}

/** @param data of a mask that is `height` wide and `width` high. */
function rowMajor(data: Uint8Array, width: number, height: number): Uint8Array {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned[y * width + x] = data[x * height + y]!;
  return turned;
}

type Box = readonly [number, number, number, number];

function boxOf(value: unknown): Box | null {
  if (!isNumbers(value) || value.length !== 4 || !value.every(Number.isFinite)) return null;
  return value[2]! > 0 && value[3]! > 0 ? (value as unknown as Box) : null;
}

function boxIou([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): number {
  const both =
    Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx)) *
    Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by));
  return both / (aw * ah + bw * bh - both);
}

const kept = new Uint32Array(1 << 16);

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');
