/** @file What was wrong with files of results and ground truth, in words on stderr. */
import type { ProblemReport } from '../evaluate/problems.ts';
import { say } from './terminal.ts';

const kinds: Readonly<Record<string, string>> = {
  'ground-truth': 'in the ground truth',
  unreadable: 'results that cannot be read',
  failed: 'results that carry an error',
  missing: 'queries without a result (scored 0)',
  unknown: 'results for other queries',
  twice: 'second results for a query',
  mask: 'damaged masks',
  photo: 'photos that are not shown',
};

/** Every kind with its count, and the first few in words. */
export function tellProblems({ counts, first }: ProblemReport): void {
  for (const [kind, count] of Object.entries(counts)) {
    say(`${count} ${kinds[kind]}:`);
    const few = first.filter((problem) => problem.kind === kind).slice(0, 5);
    for (const { message } of few) say(`  ${message}`);
    if (count > few.length) say(`  and ${count - few.length} more`);
  }
}
