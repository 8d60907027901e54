/** @file Finished cells and files of results against the ground truth. */
import { AppError } from '../../contract/errors.ts';
import { hashFile } from '../../engine/packs/hash.ts';
import { median, type ScoredCell } from '../../evaluate/benchmark/rows.ts';
import { collectProblems, type ProblemReport } from '../../evaluate/problems.ts';
import type { RawResult } from '../../evaluate/result.ts';
import { scoreResults } from '../../evaluate/run.ts';
import type { IouProfile } from '../../metrics/giou-ciou.ts';
import { openResults } from '../evaluate-files.ts';
import type { Cell } from './cells.ts';
import type { DataSet } from './data.ts';

export type Scored = {
  readonly file: string;
  readonly cell: ScoredCell;
  readonly problems: ProblemReport;
  /** Of the answers that stand in the file. */
  readonly answers: number;
  readonly failed: number;
  /** How often the image encoder ran. */
  readonly encoded: number;
  /** What answers say of how their masks were made, each text once. */
  readonly notes: readonly string[];
  readonly sha256: string;
};

export async function scoreCell(cell: Cell, profile: IouProfile, signal: AbortSignal): Promise<Scored> {
  const { data, source, prompts, refinement, file } = cell;
  const { model, reasoner, segmenter } = source;
  const about = { data: data.name, model, segmenter, pack: reasoner ?? 'given', prompts, refinement };
  return scoreFile(file, data, about, profile, signal);
}

/** Results that were made elsewhere. @throws AppError bad-request when nothing in the file answers the data set. */
export async function scoreOther(
  file: string,
  data: DataSet,
  model: string,
  profile: IouProfile,
  signal: AbortSignal,
): Promise<Scored> {
  const about = { data: data.name, model, segmenter: null, pack: file, prompts: null, refinement: null };
  const scored = await scoreFile(file, data, about, profile, signal);
  if (scored.cell.scores.some(({ answered }) => answered)) return scored;
  throw new AppError('bad-request', `${file} answers no query of ${data.name}.`, {
    hint: 'Results are matched by the id of their request: were they made from these requests?',
  });
}

async function scoreFile(
  file: string,
  data: DataSet,
  about: Omit<ScoredCell, 'scores' | 'ms'>,
  profile: IouProfile,
  signal: AbortSignal,
): Promise<Scored> {
  const problems = collectProblems();
  const seen: Seen = { ms: [], encoded: 0, answers: 0, notes: new Set() };
  const results = watched(openResults(file, data.truth, problems, signal), seen);
  const scores = await scoreResults(data.truth, results, { profile, problems, signal });
  const report = problems.report();
  return {
    file,
    cell: { ...about, scores, ms: median(seen.ms) },
    problems: report,
    answers: seen.answers,
    failed: report.counts.failed ?? 0,
    encoded: seen.encoded,
    notes: [...seen.notes],
    sha256: await hashFile(file, { signal }),
  };
}

type Seen = { ms: number[]; encoded: number; answers: number; notes: Set<string> };

/** Passes results on, and keeps of each what scores do not. */
async function* watched(results: AsyncIterable<RawResult>, seen: Seen): AsyncGenerator<RawResult> {
  for await (const result of results) {
    const { timing, notes } = (result.value ?? {}) as { timing?: Partial<Record<string, number>>; notes?: unknown };
    seen.answers += 1;
    const { total_ms: total, decode_ms: decode = 0, encode_ms: encode = 0 } = timing ?? {};
    if (typeof total === 'number') seen.ms.push(total - decode - encode);
    if (encode > 0) seen.encoded += 1;
    if (Array.isArray(notes)) for (const note of notes) seen.notes.add(String(note));
    yield result;
  }
}
