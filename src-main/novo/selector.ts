/**
 * @file Whether a mask is one whole thing that the map asks for, told by a small network from what the mask looks like
 * (candidate-features.ts) and what the other answers say of it (candidate-votes.ts). Its weights are made by
 * training/novo_train/selector.py from photos that may be shared; docs/method.md says which, and what it brings.
 */
import type { Frame } from '../contract/geometry.ts';
import { addTo, type Bits, common } from './bitmask.ts';
import type { Candidate } from './candidate-features.ts';
import { votesOn } from './candidate-votes.ts';

/** tanh(hidden x features + bias) x output + offset, in logits. The features' mean and spread are folded in. */
export type Selector = {
  /** A row a hidden unit, its bias last. */
  readonly hidden: readonly (readonly number[])[];
  readonly output: readonly number[];
  readonly offset: number;
};

/** The features of each candidate, own and votes. */
export function featuresOf(candidates: readonly Candidate[], frame: Frame): number[][] {
  const votes = votesOn(candidates, frame);
  return candidates.map(({ features }, k) => [...features, ...votes[k]!]);
}

/** 0 to 1. */
export function judge({ hidden, output, offset }: Selector, features: readonly number[]): number {
  const sum = hidden.reduce((total, row, unit) => {
    const reached = features.reduce((inner, value, k) => inner + row[k]! * value, row[features.length]!);
    return total + Math.tanh(reached) * output[unit]!;
  }, offset);
  return 1 / (1 + Math.exp(-sum));
}

/** Best first; those that are mostly covered by better ones (`maxInside` of their area) are left out. */
export function choose(
  candidates: readonly Candidate[],
  scores: readonly number[],
  { minScore, maxInside }: { readonly minScore: number; readonly maxInside: number },
): { readonly candidate: Candidate; readonly score: number }[] {
  const order = [...candidates.keys()].filter((k) => scores[k]! >= minScore).sort((a, b) => scores[b]! - scores[a]!);
  const chosen: { candidate: Candidate; score: number }[] = [];
  let taken: Bits | null = null;
  for (const k of order) {
    const candidate = candidates[k]!;
    if (taken && common(candidate.bits, taken) > maxInside * candidate.area) continue;
    taken ??= new Uint32Array(candidate.bits.length);
    addTo(taken, candidate.bits);
    chosen.push({ candidate, score: scores[k]! });
  }
  return chosen;
}
