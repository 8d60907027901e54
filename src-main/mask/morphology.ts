/**
 * @file Dilation and erosion by a radius, in time that does not grow with the radius: the vertical distance to the
 * mask in each column, then how far each pixel reaches along its row, added up as a difference array.
 */
import { AppError } from '../contract/errors.ts';
import type { Mask } from '../contract/mask.ts';

/** `square`: |dx| <= r and |dy| <= r, as r passes of a 3 x 3 kernel of ones. `disk`: dx^2 + dy^2 <= r^2. */
export type Kernel = 'square' | 'disk';

/** Pixels within `radius` pixels of the mask, itself included. `radius` may be a fraction; 0 changes nothing. */
export function dilate(mask: Mask, radius: number, kernel: Kernel = 'disk'): Mask {
  return grow(mask, radius, kernel, 1, 0);
}

export type ErodeOptions = {
  /**
   * What lies outside the image: 0 eats into objects at the edge of the image, as boundary metrics do; 1 leaves
   * them there, since an object that is cut by the frame does not end at it.
   */
  readonly outside?: 0 | 1;
};

/** Pixels of the mask that are farther than `radius` pixels from all background. `outside` is 0 by default. */
export function erode(mask: Mask, radius: number, kernel: Kernel = 'disk', options: ErodeOptions = {}): Mask {
  return grow(mask, radius, kernel, 0, options.outside === 1 ? 0 : 1);
}

/**
 * Grows the pixels of `value` over the others. `outside` 1 says that the pixels around the image are of `value` too.
 */
function grow(mask: Mask, radius: number, kernel: Kernel, value: 0 | 1, outside: 0 | 1): Mask {
  if (!(radius >= 0 && radius < 65_535)) {
    throw new AppError('bad-request', `A radius is a number of pixels from 0 to 65534, got ${radius}.`);
  }
  const { width, height } = mask;
  const whole = Math.floor(radius);
  const data = mask.data.slice();
  if (whole === 0) return { width, height, data };
  // Pixels to the left and right that are reached from a row that lies `distance` rows away.
  const reach = Uint32Array.from({ length: whole + 1 }, (_, distance) =>
    kernel === 'square' ? whole : Math.floor(Math.sqrt(radius * radius - distance * distance)),
  );
  const distances = columnDistances(mask, value, whole + 1, outside);
  const change = new Int32Array(width + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let any = outside;
    for (let x = 0; x < width; x++) {
      const distance = distances[row + x]!;
      if (distance > whole) continue;
      any = 1;
      change[Math.max(0, x - reach[distance]!)]!++;
      change[Math.min(width, x + reach[distance]! + 1)]!--;
    }
    if (any === 0) continue;
    if (outside === 1) {
      // The columns beside the image are of `value` in every row: distance 0, the longest reach.
      change[0]!++;
      change[Math.min(width, reach[0]!)]!--;
      change[Math.max(0, width - reach[0]!)]!++;
    }
    let covered = 0;
    for (let x = 0; x < width; x++) {
      covered += change[x]!;
      if (covered > 0) data[row + x] = value;
    }
    change.fill(0);
  }
  return { width, height, data };
}

/** Rows from each pixel to the nearest pixel of `value` in its column, at most `far`. Row-major. */
function columnDistances({ width, height, data }: Mask, value: 0 | 1, far: number, outside: 0 | 1): Uint16Array {
  const distances = new Uint16Array(width * height);
  const column = new Uint16Array(width).fill(outside === 1 ? 0 : far);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const distance = data[i] === value ? 0 : Math.min(far, column[x]! + 1);
      column[x] = distance;
      distances[i] = distance;
    }
  }
  column.fill(outside === 1 ? 0 : far);
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const distance = Math.min(distances[i]!, column[x]! + 1);
      column[x] = distance;
      distances[i] = distance;
    }
  }
  return distances;
}
