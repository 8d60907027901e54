/** @file `batch REQUESTS.jsonl`: many queries, one line in, one line out, in memory that does not grow. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { compose } from '../compose.ts';
import { idOf, parseRequestLine, type RequestLine, type ResultLine } from '../contract/batch.ts';
import { AppError, toErrorBody } from '../contract/errors.ts';
import { answerRequest } from './answer.ts';
import { readLines } from './lines.ts';
import { engineOptions, methodInput, methodOptions, parse } from './options.ts';
import { openResults } from './results-file.ts';
import { clock, progressLine, say } from './terminal.ts';

export const batchHelp = `batch REQUESTS.jsonl --root DIR --out RESULTS.jsonl [options]
  --root DIR       folder that the image paths of the requests start from (default: that of REQUESTS.jsonl)
  --out FILE       one result line a request, in the same order; appears when the run is through
  --resume         go on after an interrupted run (its results so far lie in FILE.part)
  --pack, --reasoner, --profile, --prompts, --no-refine, --provider, --threads as for "segment"
Exit code 0 only when every line succeeded.`;

const options = {
  ...methodOptions,
  root: { type: 'string' },
  out: { type: 'string' },
  resume: { type: 'boolean' },
} as const;

export async function batchCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(`${batchHelp}\n`);
    return 0;
  }
  const [requests, ...extra] = positionals;
  if (!requests || extra.length > 0 || !values.out) {
    throw new AppError('bad-request', 'batch needs one file of requests and --out.', {
      hint: batchHelp.split('\n')[0]!,
    });
  }
  if (resolve(requests) === resolve(values.out)) {
    throw new AppError('bad-request', `--out would take the place of the requests, ${requests}.`);
  }
  const size = await sizeOf(requests);
  const root = resolve(values.root ?? resolve(requests, '..'));
  const method = methodInput(values);
  const engine = engineOptions(values);
  const results = await openResults(values.out, values.resume === true);
  const app = compose({ ...engine, log: say });
  const progress = progressLine();
  const started = performance.now();
  let done = 0;
  let failed = results.failed;
  let firstBytes = 0;

  async function answer(text: string, number: number): Promise<ResultLine> {
    let line: RequestLine;
    try {
      line = parseRequestLine(text);
    } catch (error) {
      const body = toErrorBody(error);
      return { id: idOf(text), error: { ...body, message: `Line ${number}: ${body.message}` } };
    }
    return answerRequest(app, line, resolve(root, line.image), method, signal);
  }

  try {
    for await (const { text, number, bytes } of readLines(requests)) {
      if (results.skip > done) {
        done += 1;
        firstBytes = bytes;
        if (done === results.skip && idOf(text) !== results.lastId) throw otherRequests(requests, values.out);
        continue;
      }
      const result = await answer(text, number);
      if (signal.aborted) throw new AppError('cancelled', 'The run was interrupted.');
      if ('error' in result) {
        failed += 1;
        progress.end();
        say(`${result.id ?? '(no id)'}: ${result.error.message}${result.error.hint ? ` ${result.error.hint}` : ''}`);
      }
      await results.write(result);
      done += 1;
      const elapsed = (performance.now() - started) / 1000;
      const left = (elapsed * (size - bytes)) / Math.max(1, bytes - firstBytes);
      const rate = (done - results.skip) / elapsed;
      progress.update(
        `${done} done, ${failed} failed, ${Math.floor((100 * bytes) / size)} %, ${rate.toFixed(2)} a second, ${clock(left)} left`,
      );
    }
    if (done < results.skip) throw otherRequests(requests, values.out);
    await results.finish();
    progress.end();
    say(`${done} requests, ${failed} failed, in ${clock((performance.now() - started) / 1000)}: ${values.out}`);
    return failed > 0 ? 1 : 0;
  } catch (error) {
    progress.end();
    const kept = await results.abandon();
    if (kept > 0) say(`${kept} results are kept in ${values.out}.part: add --resume to go on from there.`);
    throw error;
  } finally {
    await app.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return found.size;
  throw new AppError('not-found', `There is no file of requests ${file}.`);
}

function otherRequests(requests: string, out: string): AppError {
  return new AppError('bad-request', `${out}.part holds results of other requests than those in ${requests}.`, {
    hint: 'Resume with the file of requests that the run was started with, or remove the .part file to start anew.',
  });
}
