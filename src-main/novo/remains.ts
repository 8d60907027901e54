/**
 * @file What S is sure of though no instance has it: ears, sleeves, handles. A piece that clearly belongs to one
 * instance becomes part of it; the others stay semantic only.
 */
import type { Frame } from '../contract/geometry.ts';
import { piecesOf, pixelsOf } from './pieces.ts';
import type { RefinedInstance } from './refined.ts';

/** A piece touches an instance that is at most this many pixels of the mask frame away. */
const reach = 2;
/** It belongs to the instance that it touches with more than this many times the pixels of any other. */
const clearly = 3;
/** A piece of more than this part of the instance is a thing of its own. */
const largestPart = 0.5;

/**
 * The instances, those that gained a piece with the piece's logits in it. `sure` is maskSize x maskSize, positive where
 * S is sure; a piece is a connected part of it outside all instances.
 */
export function withRemains(
  instances: readonly RefinedInstance[],
  sure: Float32Array,
  frame: Frame,
): readonly RefinedInstance[] {
  const free = (k: number) => sure[k]! > 0 && instances.every(({ logits }) => logits[k]! <= 0);
  const areas = instances.map(({ logits }) => logits.reduce((sum, logit) => sum + (logit > 0 ? 1 : 0), 0));
  const grown: Float32Array[] = instances.map(({ logits }) => logits);
  for (const piece of piecesOf(free, frame)) {
    const pixels = pixelsOf(piece, frame);
    const contacts = instances.map(({ logits }) => pixels.filter((k) => isNear(logits, k, frame)).length);
    const owner = contacts.indexOf(Math.max(...contacts));
    const second = Math.max(0, ...contacts.filter((_, k) => k !== owner));
    if (!(contacts[owner]! > clearly * second) || piece.area >= largestPart * areas[owner]!) continue;
    if (grown[owner] === instances[owner]!.logits) grown[owner] = instances[owner]!.logits.slice();
    for (const k of pixels) grown[owner]![k] = sure[k]!;
  }
  return instances.map((instance, k) => ({ ...instance, logits: grown[k]! }));
}

function isNear(logits: Float32Array, at: number, { maskSize }: Frame): boolean {
  const [x, y] = [at % maskSize, Math.floor(at / maskSize)];
  for (let v = Math.max(0, y - reach); v <= Math.min(maskSize - 1, y + reach); v++) {
    for (let u = Math.max(0, x - reach); u <= Math.min(maskSize - 1, x + reach); u++) {
      if (logits[v * maskSize + u]! > 0) return true;
    }
  }
  return false;
}
