/** @file A score from 0 to 1 as a bar with its number. */
import { score } from '../parts/format.ts';

export function ScoreBar({ value }: { readonly value: number | null }) {
  return (
    <span className="score" title={value === null ? 'Made by hand: no score' : `Score ${value.toFixed(3)}`}>
      <span className="score-track" aria-hidden="true">
        <span className="score-fill" style={{ width: `${100 * Math.min(1, Math.max(0, value ?? 0))}%` }} />
      </span>
      <span className="number">{score(value)}</span>
    </span>
  );
}
