/**
 * @file How far two people agree: Cohen's kappa (J. Cohen, "A coefficient of agreement for nominal scales", Educational and
 * Psychological Measurement 20, 1960). Pure.
 */
import type { Review } from '../contract/review.ts';

/** The answers of two people to one yes-no question. */
export type Pair = readonly [boolean, boolean];

export type Agreement = {
  readonly pairs: number;
  /** Part of the pairs that agree, 0 to 1; null without pairs. */
  readonly observed: number | null;
  /** Part that would agree by chance, were the answers given blindly and as often as they were. */
  readonly expected: number | null;
  /** (observed - expected) / (1 - expected): 1 is full agreement, 0 what chance gives. Null where chance alone gives full
   * agreement, as when both said yes to everything: nothing can be said then. */
  readonly kappa: number | null;
};

export function agreementOf(pairs: readonly Pair[]): Agreement {
  const n = pairs.length;
  if (n === 0) return { pairs: 0, observed: null, expected: null, kappa: null };
  const part = (isSo: (pair: Pair) => boolean) => pairs.filter(isSo).length / n;
  const observed = part(([a, b]) => a === b);
  const [yesA, yesB] = [part(([a]) => a), part(([, b]) => b)];
  const expected = yesA * yesB + (1 - yesA) * (1 - yesB);
  return { pairs: n, observed, expected, kappa: expected === 1 ? null : (observed - expected) / (1 - expected) };
}

/** Two people who have judged the same queries, the first by name first. */
export type PairOfPeople = {
  readonly people: readonly [string, string];
  readonly clear: readonly Pair[];
  readonly correct: readonly Pair[];
};

/**
 * Answers of every two people to the same text of the same query. A question that one of them left open gives no pair.
 * @param reviews independent ones: those that decide a disagreement were made in sight of the others.
 */
export function pairsOfPeople(reviews: readonly Review[]): PairOfPeople[] {
  const judged = Map.groupBy(reviews, ({ queryId, text }) => `${queryId} ${text}`);
  const found = new Map<string, { people: [string, string]; clear: Pair[]; correct: Pair[] }>();
  for (const group of judged.values()) {
    const sorted = group.toSorted((a, b) => (a.who < b.who ? -1 : 1));
    for (const [at, a] of sorted.entries()) {
      for (const b of sorted.slice(at + 1)) {
        if (a.who === b.who) continue;
        const key = JSON.stringify([a.who, b.who]);
        const entry = found.get(key) ?? { people: [a.who, b.who], clear: [], correct: [] };
        found.set(key, entry);
        if (a.clear !== null && b.clear !== null) entry.clear.push([a.clear, b.clear]);
        if (a.correct !== null && b.correct !== null) entry.correct.push([a.correct, b.correct]);
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.people.join('\n') < b.people.join('\n') ? -1 : 1));
}
