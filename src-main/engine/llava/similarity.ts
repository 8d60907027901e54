/** @file Paper, Eq. 1: how alike the hidden state of <SEG> and that of each image token are. */
import type { LlavaSpec } from '../../contract/pack.ts';
import type { Activation } from '../../contract/segmentation.ts';

/**
 * `seg` is [stateSize], `cells` [rows x columns, stateSize]. The cosine with a vector of zeros is 0. READ leaves the
 * norms out (`dot`).
 */
export function similarityMap(
  seg: Float32Array,
  cells: Float32Array,
  { similarity, grid: [rows, columns] }: Pick<LlavaSpec, 'similarity' | 'grid'>,
): Activation {
  const d = seg.length;
  const norm = Math.sqrt(seg.reduce((sum, value) => sum + value * value, 0));
  const values = Array.from({ length: rows * columns }, (_, cell) => {
    let dot = 0;
    let squares = 0;
    for (let k = 0; k < d; k++) {
      const value = cells[cell * d + k]!;
      dot += seg[k]! * value;
      squares += value * value;
    }
    if (similarity === 'dot') return dot;
    const norms = norm * Math.sqrt(squares);
    return norms > 0 ? dot / norms : 0;
  });
  return { grid: [rows, columns], values };
}
