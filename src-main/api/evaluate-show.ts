/** @file A finished evaluation as a page shows it: figures, parts, and the worst and best answers with their masks. */
import type { Rle } from '../contract/mask.ts';
import type { Evaluation, ShownAnswer } from '../contract/methods-evaluate.ts';
import { rleOf } from '../contract/rle.ts';
import type { Difference } from '../evaluate/compare.ts';
import { extremes } from '../evaluate/html.ts';
import type { QueryLine, Report } from '../evaluate/report.ts';
import { readResult } from '../evaluate/result.ts';
import { answerMask } from '../evaluate/score.ts';
import { type Region, runsOfRegion } from '../metrics/region.ts';
import type { Side } from './evaluate-sides.ts';

/** Answers of the worst and of the best; rows of a part. */
export const shownEach = 20;
const mostRows = 50;

export type ShownExtremes = { readonly worst: ShownAnswer[]; readonly best: ShownAnswer[] };

/** The results are read a second time, because masks are not kept while they are scored. */
export async function showExtremes(
  report: Report,
  side: Side,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<ShownExtremes> {
  const { worst, best } = extremes(report, shownEach);
  const lines = new Map([...worst, ...best].map((line) => [line.id, line]));
  const shown = new Map<string, ShownAnswer>();
  for await (const { id, value, place } of side.results(new Set(lines.keys()))) {
    signal.throwIfAborted();
    const asked = side.truth.asked.get(id ?? '');
    const prediction = asked && readResult(value, asked, () => undefined);
    if (!asked || !prediction || id === null) continue;
    const { target, ignore } = asked.answer();
    const { text, image, noTarget, semantic, refined } = lines.get(id)!;
    const { imageId = null, queryId = null } = place ?? side.placeOf(id) ?? {};
    const masks = { said: rle(answerMask(prediction, asked)), wanted: rle(target), ignored: ignore && rle(ignore) };
    shown.set(id, { imageId, queryId, text, image, noTarget, semantic, refined, ...masks });
    onProgress(shown.size, lines.size);
  }
  const those = (of: readonly QueryLine[]) => of.flatMap(({ id }) => shown.get(id) ?? []);
  return { worst: those(worst), best: those(best) };
}

const rle = (region: Region): Rle => rleOf(runsOfRegion(region), region.height, region.width);

type More = Pick<Evaluation, 'id' | 'session' | 'identical' | 'against'> & {
  readonly notes: readonly string[];
  readonly shown: ShownExtremes;
};

export function evaluationOf(report: Report, { notes, shown, ...more }: More): Evaluation {
  const { groundTruth: truth, results, profile: metrics, problems, figures, perQuery } = report;
  const { queries, images, answered, noTarget, resamples, decoderCalls, leftOut } = report;
  return {
    ...more,
    ...shown,
    ...{ truth, results, metrics, queries, images, answered, noTarget, resamples, decoderCalls },
    notes: [...notes, ...leftOut.map((text) => `Not evaluated: ${text}.`)],
    problems: { total: problems.total, counts: { ...problems.counts }, first: [...problems.first] },
    figures: Object.fromEntries(
      Object.entries(figures).map(([name, { value, interval }]) => [
        name,
        { value, interval: interval && [...interval] },
      ]),
    ),
    histogram: { semantic: tenths(perQuery, 'semantic'), refined: tenths(perQuery, 'refined') },
    parts: Object.entries(report.parts).map(([name, values]) => {
      const rows = Object.entries(values).map(([value, part]) => ({
        value,
        queries: part.queries,
        figures: part.figures,
      }));
      return { name, rows: rows.slice(0, mostRows), more: Math.max(0, rows.length - mostRows) };
    }),
  };
}

/** How many queries have an IoU in each tenth of 0 to 1; null where there is no such mask. */
function tenths(lines: readonly QueryLine[], mask: 'semantic' | 'refined'): number[] | null {
  const values = lines.flatMap((line) => line[mask] ?? []);
  if (values.length === 0) return null;
  const counts = new Array<number>(10).fill(0);
  for (const value of values) counts[Math.max(0, Math.min(9, Math.floor(10 * value)))]! += 1;
  return counts;
}

export const differencesOf = (differences: Readonly<Record<string, Difference>>) =>
  Object.entries(differences).map(([figure, { interval, ...values }]) => ({
    figure,
    ...values,
    interval: interval && ([...interval] as [number, number]),
  }));
