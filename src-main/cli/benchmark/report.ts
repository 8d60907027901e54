/** @file The end of a benchmark: every cell is scored, the tables are made and written. */
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Resampling } from '../../evaluate/benchmark/figures.ts';
import { benchmarkReport, reportMarkdown, reportText } from '../../evaluate/benchmark/report.ts';
import { rowsOf } from '../../evaluate/benchmark/rows.ts';
import { writeAtomic } from '../../files/atomic.ts';
import { tellProblems } from '../tell-problems.ts';
import { progressLine, say } from '../terminal.ts';
import { type Cell, readRecord } from './cells.ts';
import type { DataSet } from './data.ts';
import { type Environment, environmentLines } from './environment.ts';
import { type Scored, scoreCell, scoreOther } from './score.ts';
import type { Named } from './sources.ts';

export type Finished = {
  readonly out: string;
  readonly sets: readonly DataSet[];
  readonly cells: readonly Cell[];
  /** Results that were made elsewhere, for the only data set. */
  readonly others: readonly Named[];
  readonly resampling: Resampling;
  readonly signal: AbortSignal;
};

/** Writes report.json and report.md, and the tables to stdout. @returns how many problems there were. */
export async function finishBenchmark({ out, sets, cells, others, resampling, signal }: Finished): Promise<number> {
  const scored = await scoreAll(cells, others, sets, resampling, signal);
  const progress = progressLine();
  const rows = await rowsOf(
    scored.map(({ cell }) => cell),
    resampling,
    async (done, total) => {
      progress.update(`intervals of row ${done + 1} of ${total}`);
      await setImmediate(); // so that Ctrl+C is heard
      signal.throwIfAborted();
    },
  );
  progress.end();
  const environments = await environmentsOf(cells);
  const sources = cells.map(({ source }) => source);
  const packs = sources.flatMap(({ reasoner, segmenter, hashes }) => [
    ...(reasoner === null ? [] : [[reasoner, hashes.reasoner!] as const]),
    [segmenter, hashes.segmenter] as const,
  ]);
  const report = benchmarkReport(rows, {
    created: new Date().toISOString(),
    ...resampling,
    data: sets.map(({ name, path, truth, photos, hashes }) => {
      return { name, path, queries: truth.asked.size, photos, leftOut: truth.leftOut, sha256: hashes };
    }),
    packs: Object.fromEntries(packs),
    cells: scored.map(({ file, sha256, answers, failed, encoded }) => {
      return { file: relative(out, file), sha256, answers, failed, encoded };
    }),
    environments,
    notes: [...new Set([...smallSets(sets), ...scored.flatMap(({ notes }) => notes)])],
  });
  const encoded = scored.reduce((sum, each) => sum + each.encoded, 0);
  const photos = sets.reduce((sum, each) => sum + each.photos, 0);
  const about = [...environmentLines(environments), `The image encoder ran ${encoded} times for ${photos} photos.`];
  await writeAtomic(join(out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeAtomic(join(out, 'report.md'), reportMarkdown(report, about));
  process.stdout.write(reportText(report, about));
  for (const { name, truth } of sets) for (const text of truth.leftOut) say(`Not evaluated, ${name}: ${text}.`);
  say(`Written: ${join(out, 'report.md')}, report.json, and the results of ${cells.length} cells.`);
  return scored.reduce((sum, { problems }) => sum + problems.total, 0);
}

/** Below it, percentile intervals are narrower than they should be. */
const fewPhotos = 30;

const smallSets = (sets: readonly DataSet[]): string[] =>
  sets
    .filter(({ photos }) => photos < fewPhotos)
    .map(({ name, photos }) => `${name} has ${photos} photos: too few for intervals that can be trusted.`);

async function scoreAll(
  cells: readonly Cell[],
  others: readonly Named[],
  [only]: readonly DataSet[],
  { profile }: Resampling,
  signal: AbortSignal,
): Promise<Scored[]> {
  const plans = [
    ...cells.map((cell) => () => scoreCell(cell, profile, signal)),
    ...others.flatMap(({ name, items }) => items.map((file) => () => scoreOther(file, only!, name, profile, signal))),
  ];
  const progress = progressLine();
  const scored: Scored[] = [];
  try {
    for (const [k, score] of plans.entries()) {
      progress.update(`${k} of ${plans.length} files of results scored`);
      const found = await score();
      if (found.problems.total > 0) {
        progress.end();
        say(`${found.file}:`);
        tellProblems(found.problems);
      }
      scored.push(found);
    }
    return scored;
  } finally {
    progress.end();
  }
}

/** Where cells were run, each place once. */
async function environmentsOf(cells: readonly Cell[]): Promise<Environment[]> {
  const records = await Promise.all(cells.map(readRecord));
  const all = records.flatMap((record) => record?.environments ?? []);
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
