/** @file `benchmark`: prompts x refinement x models on data sets, as the paper's Tables 2, 3 and 4. */
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { type App, compose } from '../compose.ts';
import { AppError } from '../contract/errors.ts';
import { unwrap } from '../contract/result.ts';
import { collectProblems } from '../evaluate/problems.ts';
import { type Cell, cellState, cellsOf, recordCell, removeCell, safeName } from './benchmark/cells.ts';
import { type DataSet, openData } from './benchmark/data.ts';
import { codeHash, environmentOf } from './benchmark/environment.ts';
import { lockFolder } from './benchmark/lock.ts';
import { benchmarkHelp, benchmarkOptions, type Options } from './benchmark/options.ts';
import { finishBenchmark } from './benchmark/report.ts';
import { runCells } from './benchmark/run.ts';
import { sourcesOf } from './benchmark/sources.ts';
import { tellProblems } from './tell-problems.ts';
import { progressLine, say } from './terminal.ts';

export async function benchmarkCommand(args: string[], signal: AbortSignal): Promise<number> {
  const told = benchmarkOptions(args);
  if (!told) {
    process.stdout.write(`${benchmarkHelp}\n`);
    return 0;
  }
  const release = await takeFolder(told.out);
  const app = compose({ ...told.engine, log: say });
  const sets: DataSet[] = [];
  try {
    const problems = collectProblems();
    for (const text of told.data) sets.push(await openData(text, told.files, problems, signal));
    tellProblems(problems.report());
    checkSets(sets);
    const cells = await plan(sets, told, app);
    const missing = await missingCells(cells, told);
    if (missing.length > 0) await runMissing(missing, app, told.engine.threads, signal);
    const { out, others, resampling } = told;
    const found = await finishBenchmark({ out, sets, cells, others, resampling, signal });
    return found + problems.report().total > 0 ? 1 : 0;
  } finally {
    await app.close();
    for (const { requests } of sets) await requests.close();
    await release();
  }
}

async function plan(sets: readonly DataSet[], { out, asked, prompts, refinements, engine }: Options, app: App) {
  const code = await codeHash();
  const cells: Cell[] = [];
  for (const data of sets) {
    for (const source of await sourcesOf(data, asked, app)) {
      cells.push(...cellsOf(out, data, source, { prompts, refinements, provider: engine.provider, code }));
    }
  }
  return cells;
}

function checkSets(sets: readonly DataSet[]): void {
  for (const [k, { name }] of sets.entries()) {
    const same = sets.slice(0, k).find((other) => safeName(other.name) === safeName(name));
    if (!same) continue;
    throw new AppError('bad-request', `Two data sets are called "${name}".`, {
      hint: 'Give them names: val=DIR test=DIR.',
    });
  }
}

/** Makes the folder of a benchmark, or takes one up again, for this process alone. */
async function takeFolder(out: string): Promise<() => Promise<void>> {
  const entries = await readdir(out).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new AppError('bad-request', `${out} cannot be used as --out: ${error.message}`);
  });
  if (entries.length > 0 && !entries.includes('cells') && !entries.includes('running.json')) {
    throw new AppError('bad-request', `${out} holds other things than a benchmark.`, {
      hint: 'Choose a new folder as --out.',
    });
  }
  await mkdir(out, { recursive: true });
  return lockFolder(out);
}

/** Cells that have no results yet, or not all of them. @throws AppError conflict where results are of other inputs. */
async function missingCells(cells: readonly Cell[], { out, rerun }: Options): Promise<Cell[]> {
  const states = await Promise.all(cells.map(cellState));
  const count = (state: string) => states.filter((each) => each.state === state).length;
  const changed = [...new Set(states.flatMap((each) => (each.state === 'changed' ? each.changed : [])))];
  if (changed.length > 0 && !rerun) {
    const first = cells[states.findIndex(({ state }) => state === 'changed')]!;
    throw new AppError(
      'conflict',
      `${count('changed')} of ${cells.length} cells in ${out} were made with something else than now: ${changed.join(', ')}.`,
      {
        hint: `--rerun makes them again and drops their results (${relative(out, first.file)} and so on); another --out keeps them.`,
      },
    );
  }
  for (const [k, cell] of cells.entries()) if (states[k]!.state === 'changed') await removeCell(cell);
  if (count('done') + count('begun') + count('changed') > 0) {
    const parts = [`${count('done')} of ${cells.length} cells are done`];
    if (count('begun') > 0) parts.push(`${count('begun')} go on where they were interrupted`);
    if (count('changed') > 0) parts.push(`${count('changed')} are run again (changed: ${changed.join(', ')})`);
    say(`${parts.join(', ')}.`);
  }
  return cells.filter((_, k) => states[k]!.state !== 'done');
}

async function runMissing(
  cells: readonly Cell[],
  app: App,
  threads: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const providers: Record<string, string> = {};
  for (const pack of new Set(cells.map(({ source }) => source.segmenter))) {
    const { provider } = unwrap(await app.dispatch('engine.load', { pack }, { signal }));
    providers[pack] = provider.used;
  }
  const environment = await environmentOf(providers, threads);
  for (const cell of cells) {
    await mkdir(dirname(cell.file), { recursive: true });
    await recordCell(cell, environment);
  }
  await runCells({ cells, app, signal, progress: progressLine() });
}
