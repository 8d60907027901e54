/**
 * @file What a mask that the search was shown looks like beside the map and S: numbers from which a small network tells
 * whether it is one whole thing (selector.ts). All in the mask frame, on the part that shows the image.
 */
import { type Frame, maskExtent } from '../contract/geometry.ts';
import { type Bits, bitsAbove } from './bitmask.ts';
import { measure } from './candidate.ts';
import { lookOf } from './candidate-look.ts';
import type { Answer, Found } from './search.ts';

/** Masks of fewer pixels are nothing that a map can ask for. */
const smallest = 20;

export type Candidate = {
  readonly logits: Float32Array;
  readonly bits: Bits;
  /** Pixels of the mask frame. */
  readonly area: number;
  readonly answer: Answer;
  /** In the order of `ownFeatures`. */
  readonly features: readonly number[];
};

export const ownFeatures = [
  'stability',
  'overlap with the reference',
  'precision of its coverage',
  'log of its part of the reference',
  'log of its part of the frame',
  'agreement of the tokens',
  'asked by a box',
  'map inside',
  'map in the ring',
  'lowest tenth of the map inside',
  'second S inside',
  'first S inside',
  'at the edge of the image',
  'explained alone, a cell',
  'second S in the ring',
  'outline',
  'largest piece',
] as const;

/** Every mask of every answer that is more than a crumb. `first` and `l` are those of the first pass. */
export function candidatesOf(found: Found, first: Float32Array, l: Float32Array, frame: Frame): Candidate[] {
  const map = normalised(l, frame);
  const referenceArea = Math.max(
    1,
    found.reference.reduce((sum, value) => sum + value, 0),
  );
  return found.answers.flatMap((answer) =>
    answer.masks.logits.flatMap((logits) => {
      const size = measure(logits, frame, found.reference);
      if (!size || size.area <= smallest) return [];
      const own = found.explanation.coverage(logits);
      const cells = Math.max(
        1e-6,
        own.reduce((sum, share) => sum + share, 0),
      );
      const look = lookOf(logits, map, first, found.s, frame);
      const features = [
        size.stability,
        size.overlap,
        found.explanation.precision(own),
        Math.log(size.area / referenceArea),
        Math.log(size.area / frame.maskSize ** 2),
        answer.agreement,
        answer.prompt.labels.length > 1 ? 1 : 0,
        look.inside,
        look.ring,
        look.lowest,
        look.second,
        look.first,
        look.atEdge,
        found.explanation.gain(new Float32Array(own.length), own) / cells,
        look.secondInRing,
        look.outline,
        look.largest,
      ];
      return [{ logits, bits: bitsAbove(logits, frame), area: size.area, answer, features }];
    }),
  );
}

/** L from 0 at the lower quartile of the image to 1 at the mean of its highest hundredth: whatever its gain and bias. */
function normalised(l: Float32Array, frame: Frame): Float32Array {
  const { rows, columns } = maskExtent(frame);
  const values = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    values.set(l.subarray(y * frame.maskSize, y * frame.maskSize + columns), y * columns);
  }
  values.sort();
  const low = values[Math.floor(values.length / 4)]!;
  const top = values.subarray(values.length - Math.max(1, Math.floor(values.length / 100)));
  const high = top.reduce((sum, value) => sum + value, 0) / top.length;
  return l.map((value) => Math.min(1, Math.max(0, (value - low) / Math.max(1e-6, high - low))));
}
