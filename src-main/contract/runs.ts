/**
 * @file Pixels <-> column-major runs, in one sweep over row-major memory. A column's runs change where a row
 * differs from the row above, and most rows differ in few places: so rows are compared four pixels at a time, and
 * rows are made by copying the row above. Walking down the columns instead costs a cache miss a pixel.
 */
import type { Mask } from './mask.ts';

/**
 * Column-major runs of a mask, canonical: only the first, a run of zeros, may be 0. `data` must hold 0 and 1 only.
 */
export function maskToRuns({ width, height, data }: Mask): Uint32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const blocks = width - (width % 4);
  // Pixels that differ from the one above (or, in the top row, from the end of the column before), row after row.
  let columns = new Uint32Array(4 * (width + height) + 1024);
  const rowEnds = new Uint32Array(height);
  const offsets = new Uint32Array(width + 1); // first the number of changes in column x - 1, then where they start
  let length = 0;
  const bottom = (height - 1) * width;
  for (let x = 0; x < width; x++) {
    if (data[x] === (x === 0 ? 0 : data[bottom + x - 1])) continue;
    columns[length++] = x;
    offsets[x + 1]!++;
  }
  rowEnds[0] = length;
  for (let y = 1; y < height; y++) {
    if (length + width > columns.length) {
      const larger = new Uint32Array(2 * columns.length + width);
      larger.set(columns);
      columns = larger;
    }
    const row = y * width;
    const above = row - width;
    for (let x = 0; x < blocks; x += 4) {
      const change = view.getInt32(row + x, true) ^ view.getInt32(above + x, true);
      if (change === 0) continue;
      // Written always, kept when the pixel changed: a noisy mask would make a branch here guess wrong half the time.
      const c0 = change & 1;
      const c1 = (change >> 8) & 1;
      const c2 = (change >> 16) & 1;
      const c3 = (change >> 24) & 1;
      columns[length] = x;
      length += c0;
      columns[length] = x + 1;
      length += c1;
      columns[length] = x + 2;
      length += c2;
      columns[length] = x + 3;
      length += c3;
      offsets[x + 1]! += c0;
      offsets[x + 2]! += c1;
      offsets[x + 3]! += c2;
      offsets[x + 4]! += c3;
    }
    for (let x = blocks; x < width; x++) {
      if (data[row + x] === data[above + x]) continue;
      columns[length++] = x;
      offsets[x + 1]!++;
    }
    rowEnds[y] = length;
  }
  return bucketed(columns, rowEnds, offsets, height, width);
}

/** Changes listed by row, sorted into column-major order and turned into run lengths. */
function bucketed(
  columns: Uint32Array,
  rowEnds: Uint32Array,
  offsets: Uint32Array,
  height: number,
  width: number,
): Uint32Array {
  const length = rowEnds[height - 1]!;
  const runs = new Uint32Array(length + 1);
  for (let x = 1; x <= width; x++) offsets[x]! += offsets[x - 1]!;
  for (let y = 0, k = 0; y < height; y++) {
    for (const end = rowEnds[y]!; k < end; k++) {
      const x = columns[k]!;
      runs[offsets[x]!++] = x * height + y;
    }
  }
  runs[length] = width * height;
  for (let i = 0, before = 0; i <= length; i++) {
    const at = runs[i]!;
    runs[i] = at - before;
    before = at;
  }
  return runs;
}

/** Row-major pixels of column-major runs, which must add up to height * width. */
export function runsToMask(runs: Uint32Array, height: number, width: number): Mask {
  const data = new Uint8Array(width * height);
  const { columns, rowStarts } = changesByRow(runs, height, width, data);
  let inside = 0;
  for (let x = 0; x < width; x++) inside += data[x]!;
  for (let y = 1; y < height; y++) {
    const row = y * width;
    if (inside > 0) data.copyWithin(row, row - width, row); // an empty row is left as it was allocated
    for (let k = rowStarts[y]!, end = rowStarts[y + 1]!; k < end; k++) {
      const at = row + columns[k]!;
      const value = data[at]! ^ 1;
      data[at] = value;
      inside += value + value - 1;
    }
  }
  return { width, height, data };
}

/** Columns where a row differs from the row above, sorted by row; the top row itself is written to `top`. */
function changesByRow(runs: Uint32Array, height: number, width: number, top: Uint8Array) {
  const rowStarts = new Uint32Array(height + 2); // counts at y + 2, so that filling leaves starts at y
  for (let i = 0, y = 0, last = runs.length - 1; i < last; i++) {
    y += runs[i]!;
    if (y >= height) y %= height;
    rowStarts[y + 2]!++;
  }
  rowStarts[2] = 0;
  for (let y = 3; y < height + 2; y++) rowStarts[y]! += rowStarts[y - 1]!;
  const columns = new Uint32Array(rowStarts[height + 1]!);
  let x = 0;
  let y = 0;
  let value = 0;
  for (let i = 0, last = runs.length - 1; i < last; i++) {
    y += runs[i]!;
    while (y >= height) {
      y -= height;
      if (++x < width) top[x] = value;
    }
    value ^= 1;
    if (y > 0) columns[rowStarts[y + 1]!++] = x;
    else if (x < width) top[x] = value;
  }
  while (++x < width) top[x] = value;
  return { columns, rowStarts };
}
