/**
 * @file Bilinear resampling of maps, as torch.nn.functional.interpolate(mode='bilinear', align_corners=False)
 * does it: source = (target + 0.5) * in / out - 0.5, clamped to the first and last sample.
 */

/** For every output sample up to `width` input samples and their weights; unused places weigh 0. */
export type Taps = { readonly width: number; readonly index: Int32Array; readonly weight: Float32Array };

/** Taps that take `input` samples to `output` samples. */
export function bilinearTaps(input: number, output: number): Taps {
  const index = new Int32Array(output * 2);
  const weight = new Float32Array(output * 2);
  for (let i = 0; i < output; i++) {
    const source = Math.max(0, ((i + 0.5) * input) / output - 0.5);
    const low = Math.min(input - 1, Math.floor(source));
    const high = Math.min(input - 1, low + 1);
    const part = high === low ? 0 : source - low;
    index[2 * i] = low;
    index[2 * i + 1] = high;
    weight[2 * i] = 1 - part;
    weight[2 * i + 1] = part;
  }
  return { width: 2, index, weight };
}

/** The taps of `first` followed by `second`: one pass that equals two, because interpolation is linear. */
export function composeTaps(first: Taps, second: Taps): Taps {
  const outputs = second.index.length / second.width;
  const rows: Map<number, number>[] = [];
  for (let i = 0; i < outputs; i++) {
    const row = new Map<number, number>();
    for (let a = i * second.width; a < (i + 1) * second.width; a++) {
      const middle = second.index[a]!;
      for (let b = middle * first.width; b < (middle + 1) * first.width; b++) {
        const weight = second.weight[a]! * first.weight[b]!;
        if (weight !== 0) row.set(first.index[b]!, (row.get(first.index[b]!) ?? 0) + weight);
      }
    }
    rows.push(row);
  }
  const width = Math.max(1, ...rows.map((row) => row.size));
  const index = new Int32Array(outputs * width);
  const weight = new Float32Array(outputs * width);
  rows.forEach((row, i) => {
    const fallback = row.keys().next().value ?? 0;
    let at = i * width;
    for (const [k, w] of row) {
      index[at] = k;
      weight[at++] = w;
    }
    for (; at < (i + 1) * width; at++) index[at] = fallback;
  });
  return { width, index, weight };
}

/**
 * A map of `stride` columns, row-major, to outputs(vertical) x outputs(horizontal) values, row-major. Columns
 * first on the rows that are needed, then rows.
 */
export function resample(map: ArrayLike<number>, stride: number, horizontal: Taps, vertical: Taps): Float32Array {
  const columns = horizontal.index.length / horizontal.width;
  const rows = vertical.index.length / vertical.width;
  let firstRow = Infinity;
  let lastRow = -1;
  for (let k = 0; k < vertical.index.length; k++) {
    firstRow = Math.min(firstRow, vertical.index[k]!);
    lastRow = Math.max(lastRow, vertical.index[k]!);
  }
  const wide = new Float32Array((lastRow - firstRow + 1) * columns);
  for (let y = firstRow; y <= lastRow; y++) {
    const from = y * stride;
    const to = (y - firstRow) * columns;
    for (let x = 0, tap = 0; x < columns; x++) {
      let sum = 0;
      for (let t = 0; t < horizontal.width; t++, tap++) {
        sum += horizontal.weight[tap]! * map[from + horizontal.index[tap]!]!;
      }
      wide[to + x] = sum;
    }
  }
  const out = new Float32Array(rows * columns);
  for (let y = 0, tap = 0; y < rows; y++) {
    const to = y * columns;
    for (let t = 0; t < vertical.width; t++, tap++) {
      const weight = vertical.weight[tap]!;
      if (weight === 0) continue;
      const from = (vertical.index[tap]! - firstRow) * columns;
      for (let x = 0; x < columns; x++) out[to + x]! += weight * wide[from + x]!;
    }
  }
  return out;
}

/** A rows x columns map to outRows x outColumns. */
export function bilinear(
  map: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
  [outRows, outColumns]: readonly [number, number],
): Float32Array {
  return resample(map, columns, bilinearTaps(columns, outColumns), bilinearTaps(rows, outRows));
}
