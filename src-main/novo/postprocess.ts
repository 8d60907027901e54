/**
 * @file Low-resolution logits to the RLE of a mask of the original image, equal to Segment Anything's
 * postprocess_masks (bilinear to the model frame, crop of the padding, bilinear to the original, logit > 0). SAM 2, whose
 * frame is the whole image stretched, goes to the original in one step (sam2/utils/transforms.py).
 *
 * The steps are linear and separable, so their taps are composed first; and a blend of values of one sign has that
 * sign, so only the few output pixels whose inputs differ in sign are computed. No full-size map is ever made: a
 * mask of an 8-megapixel photo took about 4 ms where one of 640 x 480 took 1.
 */
import type { Frame } from '../contract/geometry.ts';
import type { Rle } from '../contract/mask.ts';
import { rleOf } from '../contract/rle.ts';
import { bilinearTaps, composeTaps, type Taps } from './resample.ts';

/** Taps of one axis with, for every output, the first and last input that it blends; both rise with the output. */
type Axis = Taps & {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** For input `k`: the first output whose inputs all are at `k` or after. */
  readonly firstFrom: Int32Array;
  /** For input `k`: one past the last output whose inputs all are at `k` or before. */
  readonly endUpTo: Int32Array;
};

function axisOf({ maskSize, imageSize, resize }: Frame, modelSide: number, side: number): Axis {
  const taps =
    resize === 'square'
      ? bilinearTaps(maskSize, side)
      : composeTaps(bilinearTaps(maskSize, imageSize), bilinearTaps(modelSide, side));
  const low = new Int32Array(side).fill(maskSize);
  const high = new Int32Array(side);
  for (let output = 0, t = 0; output < side; output++) {
    for (let end = t + taps.width; t < end; t++) {
      if (taps.weight[t] === 0) continue;
      low[output] = Math.min(low[output]!, taps.index[t]!);
      high[output] = Math.max(high[output]!, taps.index[t]!);
    }
  }
  const firstFrom = new Int32Array(maskSize);
  const endUpTo = new Int32Array(maskSize);
  for (let k = 0, first = 0, end = 0; k < maskSize; k++) {
    while (first < side && low[first]! < k) first++;
    while (end < side && high[end]! <= k) end++;
    firstFrom[k] = first;
    endUpTo[k] = end;
  }
  return { ...taps, low, high, firstFrom, endUpTo };
}

/** Collects the inside intervals of a mask in column-major order and gives them as alternating runs, zeros first. */
function createRunWriter() {
  let counts = new Uint32Array(1024);
  let length = 0;
  let at = 0;
  return {
    /** [from, to) is inside; intervals come in order and may touch. */
    add(from: number, to: number): void {
      if (from === at && length > 0) counts[length - 1]! += to - from;
      else {
        if (length + 3 > counts.length) {
          const larger = new Uint32Array(counts.length * 2);
          larger.set(counts);
          counts = larger;
        }
        counts[length++] = from - at;
        counts[length++] = to - from;
      }
      at = to;
    },
    finish(size: number): Uint32Array {
      if (at < size || length === 0) counts[length++] = size - at;
      return counts.slice(0, length);
    },
  };
}

type Bounds = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** The rectangle of positive logits, inclusive; null where there is none. */
function positiveBounds(logits: Float32Array, size: number): Bounds | null {
  let [left, right, top, bottom] = [size, -1, size, -1];
  for (let y = 0, k = 0; y < size; y++) {
    for (let x = 0; x < size; x++, k++) {
      if (logits[k]! > 0) {
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        bottom = y;
      }
    }
  }
  return right < 0 ? null : { left, right, top, bottom };
}

export type RleMaker = (logits: Float32Array) => Rle;
const makers = new WeakMap<Frame, RleMaker>();

/** maskSize x maskSize logits, row-major, to the RLE of width x height. Made once a frame: the taps depend on it only. */
export function rleMaker(frame: Frame): RleMaker {
  const known = makers.get(frame);
  if (known) return known;
  const { width, height, maskSize } = frame;
  const across = axisOf(frame, frame.modelWidth, width);
  const down = axisOf(frame, frame.modelHeight, height);
  const rows = down.high[height - 1]! + 1;
  const column = new Float32Array(rows);
  const maker: RleMaker = (logits) => {
    const writer = createRunWriter();
    const bounds = positiveBounds(logits, maskSize);
    if (bounds) {
      // A positive logit reaches outputs that blend it with logits at most `width` taps away.
      const first = Math.max(0, bounds.top - down.width);
      const end = Math.min(rows, bounds.bottom + 1 + down.width);
      const transposed = transpose(logits, maskSize);
      for (let x = 0; x < width; x++) {
        if (across.high[x]! < bounds.left || across.low[x]! > bounds.right) continue;
        blendColumn(transposed, maskSize, across, x, first, end, column);
        writeColumn(column, down, x * height, first, end, writer);
      }
    }
    return rleOf(writer.finish(width * height), height, width);
  };
  makers.set(frame, maker);
  return maker;
}

/** Column by column, since masks are encoded that way: reading along memory is several times faster. */
function transpose(logits: Float32Array, size: number): Float32Array {
  const out = new Float32Array(size * size);
  for (let y = 0, k = 0; y < size; y++) for (let x = 0; x < size; x++, k++) out[x * size + y] = logits[k]!;
  return out;
}

/** Rows [first, end) of the mask frame's column for output column `x`, from transposed logits. */
function blendColumn(
  logits: Float32Array,
  size: number,
  across: Axis,
  x: number,
  first: number,
  end: number,
  out: Float32Array,
): void {
  out.fill(0, first, end);
  for (let t = x * across.width; t < (x + 1) * across.width; t++) {
    const weight = across.weight[t]!;
    if (weight === 0) continue;
    const from = across.index[t]! * size;
    for (let y = first; y < end; y++) out[y]! += weight * logits[from + y]!;
  }
}

/**
 * Positive outputs of one column, whose positive inputs all lie well inside [first, end): stretches of inputs of one
 * sign are sure, outputs between them are computed.
 */
function writeColumn(
  column: Float32Array,
  down: Axis,
  offset: number,
  first: number,
  end: number,
  writer: ReturnType<typeof createRunWriter>,
): void {
  let next = down.firstFrom[first]!; // first output not yet decided
  for (let from = first; from < end; ) {
    const inside = column[from]! > 0;
    let to = from + 1;
    while (to < end && column[to]! > 0 === inside) to++;
    const sureEnd = down.endUpTo[to - 1]!;
    if (sureEnd > next) {
      if (inside) writer.add(offset + next, offset + sureEnd);
      next = sureEnd;
    }
    if (to === end) break;
    // Outputs that blend this stretch with the next ones.
    for (; next < down.firstFrom[to]!; next++) {
      let sum = 0;
      for (let t = next * down.width; t < (next + 1) * down.width; t++) {
        const weight = down.weight[t]!;
        if (weight !== 0) sum += weight * column[down.index[t]!]!;
      }
      if (sum > 0) writer.add(offset + next, offset + next + 1);
    }
    from = to;
  }
}
