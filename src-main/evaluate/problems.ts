/** @file What went wrong while files were read: everything is counted, the first of each kind are told in words. */

export const problemKinds = [
  'ground-truth', // a part of the ground truth that cannot be read or contradicts itself
  'unreadable', // a line of results that is no result
  'failed', // a result that carries an error
  'missing', // a query without a result
  'unknown', // a result for a query that the ground truth has not
  'twice', // a second result for a query
  'mask', // a result with a mask that is damaged or of another size
  'photo', // a photo of the report that is not there
] as const;
export type ProblemKind = (typeof problemKinds)[number];

export type Problem = { readonly kind: ProblemKind; readonly message: string };

export type Problems = {
  tell(kind: ProblemKind, message: string): void;
  report(): ProblemReport;
};

/** Counts by kind, and the first messages. */
export type ProblemReport = {
  readonly total: number;
  readonly counts: Readonly<Partial<Record<ProblemKind, number>>>;
  readonly first: readonly Problem[];
};

/** @param most messages that are kept of each kind. */
export function collectProblems(most = 20): Problems {
  const counts: Partial<Record<ProblemKind, number>> = {};
  const first: Problem[] = [];
  return {
    tell(kind, message) {
      counts[kind] = (counts[kind] ?? 0) + 1;
      if (counts[kind] <= most) first.push({ kind, message });
    },
    report: () => ({
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      counts: { ...counts },
      first: [...first],
    }),
  };
}
