/** @file How a mask lies on the map and on S: what is inside, what is just outside, and its form. */
import { type Frame, maskExtent } from '../contract/geometry.ts';
import { components } from '../mask/components.ts';

/** A ring of this width around a mask shows what is active just outside. */
const ringWidth = 6;
/** This near to the image's edge, in pixels of the mask frame, an object may be cut off. */
const edge = 2;
const bins = 64;

/**
 * Means over the mask (`logits` > 0) of `map` (0 to 1) and of both S > 0, the same over the ring around it, and its outline, for a
 * mask that is not empty. One pass over its box; all maps maskSize x maskSize.
 */
export function lookOf(logits: Float32Array, map: Float32Array, s: Float32Array, second: Float32Array, frame: Frame) {
  const { rows, columns } = maskExtent(frame);
  const stride = frame.maskSize;
  const { left, top, right, bottom } = boxWithRing(logits, frame);
  const [width, height] = [right - left, bottom - top];
  const data = new Uint8Array(width * height);
  const histogram = new Uint32Array(bins + 1);
  const sums = { area: 0, map: 0, first: 0, second: 0, edge: 0, outline: 0, ring: 0, ringMap: 0, ringSecond: 0 };
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < columns && y < rows && logits[y * stride + x]! > 0;
  const distance = distances(logits, { left, top, width, height }, stride);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const k = y * stride + x;
      const far = distance[(y - top) * width + x - left]!;
      if (far > 0) {
        if (far > ringWidth) continue;
        sums.ring++;
        sums.ringMap += map[k]!;
        if (second[k]! > 0) sums.ringSecond++;
        continue;
      }
      data[(y - top) * width + x - left] = 1;
      sums.area++;
      sums.map += map[k]!;
      histogram[Math.floor(map[k]! * bins)]!++;
      if (s[k]! > 0) sums.first++;
      if (second[k]! > 0) sums.second++;
      if (x < edge || y < edge || x >= columns - edge || y >= rows - edge) sums.edge++;
      if (!(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1))) sums.outline++;
    }
  }
  const pieces = components({ width, height, data }, 4);
  const { area, ring } = sums;
  return {
    inside: sums.map / area,
    ring: sums.ringMap / Math.max(1, ring),
    lowest: quantile(histogram, area / 10),
    first: sums.first / area,
    second: sums.second / area,
    secondInRing: sums.ringSecond / Math.max(1, ring),
    atEdge: (10 * sums.edge) / area,
    outline: sums.outline / (4 * Math.sqrt(area)),
    largest: Math.max(...pieces.map((piece) => piece.area)) / area,
  };
}

/** The value below which `count` of a histogram over 0 to 1 lie, at the middle of its bin. */
function quantile(histogram: Uint32Array, count: number): number {
  let [bin, sum] = [0, histogram[0]!];
  while (sum < count && bin < bins) sum += histogram[++bin]!;
  return Math.min(1, (bin + 0.5) / bins);
}

/** The box of a mask and of the ring around it, cut at the image: [left, right) x [top, bottom). */
function boxWithRing(logits: Float32Array, frame: Frame) {
  const { rows, columns } = maskExtent(frame);
  let [left, top, right, bottom] = [columns, rows, 0, 0];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (logits[y * frame.maskSize + x]! <= 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return {
    left: Math.max(0, left - ringWidth),
    top: Math.max(0, top - ringWidth),
    right: Math.min(columns, right + ringWidth),
    bottom: Math.min(rows, bottom + ringWidth),
  };
}

/** Steps (left, right, up, down) to the mask, 0 inside, in two passes; right up to the ring's width and beyond. */
function distances(
  logits: Float32Array,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  stride: number,
): Uint16Array {
  const steps = new Uint16Array(width * height).fill(0xff);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      if (logits[(y + top) * stride + x + left]! > 0) steps[k] = 0;
      if (x > 0) steps[k] = Math.min(steps[k]!, steps[k - 1]! + 1);
      if (y > 0) steps[k] = Math.min(steps[k]!, steps[k - width]! + 1);
    }
  }
  for (let y = height - 1, k = width * height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, k--) {
      if (x < width - 1) steps[k] = Math.min(steps[k]!, steps[k + 1]! + 1);
      if (y < height - 1) steps[k] = Math.min(steps[k]!, steps[k + width]! + 1);
    }
  }
  return steps;
}
