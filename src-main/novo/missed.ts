/**
 * @file Whole things that S shows and the search did not accept: with several targets it often finds some of them only.
 */
import type { Frame } from '../contract/geometry.ts';
import { piecesOf, pixelsOf, smallestPiece } from './pieces.ts';

/**
 * Logits of those pieces of S of which less than the part `least` is in `found`, both maskSize x maskSize and positive
 * inside; -Infinity elsewhere.
 */
export function missedPieces(s: Float32Array, found: Float32Array, frame: Frame, least: number): Float32Array {
  const missed = new Float32Array(s.length).fill(-Infinity);
  for (const piece of piecesOf((k) => s[k]! > 0, frame)) {
    if (piece.area < smallestPiece) continue;
    const pixels = pixelsOf(piece, frame);
    if (pixels.filter((k) => found[k]! > 0).length >= least * piece.area) continue;
    for (const k of pixels) missed[k] = s[k]!;
  }
  return missed;
}
