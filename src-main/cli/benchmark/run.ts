/**
 * @file Runs the cells of a benchmark that are not there yet. A few photos at a time go through all models before the next ones:
 * the engine remembers their embeddings, so that the image encoder runs once a photo however many cells there are, and
 * each language model stays with one photo for all its cells.
 */
import { resolve } from 'node:path';
import type { App } from '../../compose.ts';
import type { RequestLine, ResultLine } from '../../contract/batch.ts';
import { AppError } from '../../contract/errors.ts';
import { answerRequest } from '../answer.ts';
import { openResults, type ResultsFile } from '../results-file.ts';
import { clock, type ProgressLine, say } from '../terminal.ts';
import { type Cell, partPath, type Source } from './cells.ts';
import type { DataSet } from './data.ts';

/** Photos that go through all models together: their embeddings, and what language models keep of them, fit in memory. */
const photosAtOnce = 8;

export type Running = {
  readonly cells: readonly Cell[];
  readonly app: App;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
};

/**
 * Runs cells to their ends; those that were begun go on. @returns how many answers failed.
 * @throws AppError cancelled when interrupted: what is done is kept.
 */
export async function runCells({ cells, app, signal, progress }: Running): Promise<number> {
  const total = cells.reduce((sum, { data }) => sum + data.requests.list.length, 0);
  let done = 0;
  let failed = 0;
  let earlier = 0;
  const started = performance.now();
  for (const [data, own] of Map.groupBy(cells, (cell) => cell.data)) {
    const open = await openCells(own);
    try {
      const skipped = open.reduce((sum, { results }) => sum + results.skip, 0);
      done += skipped;
      earlier += skipped;
      for (const { k, cell, line, results } of inTurn(data, open)) {
        const result = await answer(app, cell, await line(), signal);
        if (signal.aborted) throw new AppError('cancelled', 'The benchmark was interrupted.');
        if ('error' in result) {
          failed += 1;
          progress.end();
          say(
            `${data.name}, ${data.requests.list[k]!.id}: ${result.error.message}${result.error.hint ? ` ${result.error.hint}` : ''}`,
          );
        }
        await results.write(result);
        done += 1;
        const elapsed = (performance.now() - started) / 1000;
        const left = (elapsed * (total - done)) / (done - earlier);
        const { model, reasoner } = cell.source;
        const who = reasoner === null || reasoner === model ? model : `${model} (${reasoner})`;
        progress.update(`${done} of ${total} answers, ${failed} failed, ${clock(left)} left; ${data.name}, ${who}`);
      }
      for (const { results } of open) await results.finish();
    } catch (error) {
      for (const { results } of open) await results.abandon().catch(() => 0);
      progress.end();
      say(`${done} of ${total} answers are kept: the same command goes on from there.`);
      throw error;
    }
  }
  progress.end();
  return failed;
}

type OpenCell = { readonly cell: Cell; readonly results: ResultsFile };

async function openCells(cells: readonly Cell[]): Promise<OpenCell[]> {
  const open: OpenCell[] = [];
  try {
    for (const cell of cells) {
      const results = await openResults(cell.file, true);
      open.push({ cell, results });
      const { list } = cell.data.requests;
      if (results.skip > list.length || (results.skip > 0 && String(results.lastId) !== list[results.skip - 1]!.id)) {
        throw new AppError('conflict', `${partPath(cell)} is not what the benchmark left there.`, {
          hint: 'Remove the file, or add --rerun.',
        });
      }
    }
    return open;
  } catch (error) {
    for (const { results } of open) await results.abandon();
    throw error;
  }
}

/** Every answer that is missing, in the order in which it costs least. */
function* inTurn(data: DataSet, open: readonly OpenCell[]) {
  const { list } = data.requests;
  const sources = Map.groupBy(open, ({ cell }) => cell.source);
  for (const [from, to] of portions(list.map(({ image }) => image))) {
    for (const [source, own] of sources) {
      for (let k = from; k < to; k++) {
        let line: Promise<RequestLine> | null = null;
        for (const { cell, results } of own) {
          if (k < results.skip) continue;
          line ??= data.requests.read(k).then((read) => evidenceFor(read, source));
          const read = line;
          yield { k, cell, results, line: () => read };
        }
      }
    }
  }
}

/** Ranges of requests, [from, to), of a few photos each. */
export function portions(images: readonly string[], most = photosAtOnce): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  let from = 0;
  let photos = 0;
  for (let k = 0; k < images.length; k++) {
    if (k > 0 && images[k] === images[k - 1]) continue;
    if (photos === most) {
      ranges.push([from, k]);
      [from, photos] = [k, 0];
    }
    photos += 1;
  }
  if (images.length > 0) ranges.push([from, images.length]);
  return ranges;
}

/** A language model gets the words alone. */
function evidenceFor(line: RequestLine, { reasoner }: Source): RequestLine {
  if (reasoner === null) return line;
  const { activation: _, grid: __, maskPrompt: ___, points: ____, boxes: _____, ...words } = line;
  return words;
}

function answer(
  app: App,
  { data, source, prompts, refinement }: Cell,
  line: RequestLine,
  signal: AbortSignal,
): Promise<ResultLine> {
  const method = {
    pack: source.segmenter,
    ...(source.reasoner === null ? {} : { reasoner: source.reasoner }),
    ...(prompts === null ? {} : { prompts }),
    ...(refinement === null || refinement === 'off' ? {} : { profile: refinement }),
    refine: refinement !== 'off',
  };
  return answerRequest(app, line, resolve(data.root, line.image), method, signal);
}
