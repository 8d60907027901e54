/** @file `evaluate`: how good results are, with intervals, and whether they are better than others. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { GroundTruth } from '../evaluate/asked.ts';
import { cocoReport, matchCoco } from '../evaluate/coco.ts';
import { compareScores } from '../evaluate/compare.ts';
import { extremes, type HtmlParts, htmlReport } from '../evaluate/html.ts';
import { collectProblems, type Problems } from '../evaluate/problems.ts';
import { makeReport } from '../evaluate/report.ts';
import { scoreResults } from '../evaluate/run.ts';
import type { QueryScore } from '../evaluate/score.ts';
import { cocoTable, differenceTable, reportTable } from '../evaluate/table.ts';
import { writeAtomic } from '../files/atomic.ts';
import type { IouProfile } from '../metrics/giou-ciou.ts';
import { openDetections, openResults, openTruth } from './evaluate-files.ts';
import { drawAnswers, shownLines } from './evaluate-pictures.ts';
import { countOption, iouProfileOption, parse } from './options.ts';
import { tellProblems } from './tell-problems.ts';
import { progressLine, say } from './terminal.ts';

export const evaluateHelp = `evaluate --gt FILE --results FILE [options]
  --gt FILE        COCO with queries (project export, RISeg), a ReasonSeg folder, or COCO without queries: then
                   COCO detections are evaluated by category, or a batch by its --requests
  --results FILE   .jsonl of "batch", .json of COCO detections or of a COCO file with queries, or a project folder
  --requests FILE  for COCO without queries: the requests of the batch, with annotation_ids
  --metrics P      lisa (default) | seg-zero: how ignored pixels and empty answers count
  --against FILE   other results of the same queries: differences, paired
  --html FILE      a page with curves, parts, and the twenty worst and best answers as pictures
  --images DIR     where the photos of that page are (default: the folder of --gt)
  --out FILE       the whole report as JSON, every query in it
  --resamples N    resampled sets for the intervals (default 1000; 0 for none)
  --seed N         of the resampling (default 1)
Exit code 0 only when every query has a result and all of them could be read.`;

const options = {
  gt: { type: 'string' },
  results: { type: 'string' },
  requests: { type: 'string' },
  metrics: { type: 'string' },
  against: { type: 'string' },
  html: { type: 'string' },
  images: { type: 'string' },
  out: { type: 'string' },
  resamples: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function evaluateCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values } = parse({ args, options });
  if (values.help) {
    process.stdout.write(`${evaluateHelp}\n`);
    return 0;
  }
  const { gt, results, requests, against, out, html } = values;
  if (!gt || !results) {
    throw new AppError('bad-request', 'evaluate needs --gt and --results.', { hint: evaluateHelp.split('\n')[0]! });
  }
  const profile = iouProfileOption(values.metrics);
  const resamples = countOption('resamples', values.resamples, 1000);
  const seed = countOption('seed', values.seed, 1);
  const problems = collectProblems();
  const opened = await openTruth(gt, requests, problems, signal);
  if (opened.kind === 'coco') {
    if (against || html) throw new AppError('bad-request', '--against and --html are about queries: name --requests.');
    const detections = await openDetections(results, problems);
    const groups = matchCoco(opened.file, detections, problems);
    const report = cocoReport(opened.file, detections, groups, { groundTruth: gt, results, resamples, seed });
    process.stdout.write(cocoTable(report));
    if (out) await writeAtomic(out, `${JSON.stringify({ ...report, problems: problems.report() })}\n`);
    tellProblems(problems.report());
    return problems.report().total > 0 ? 1 : 0;
  }
  const { truth } = opened;
  if (truth.asked.size === 0) {
    tellProblems(problems.report());
    throw new AppError('bad-request', `${gt} asks nothing that could be evaluated.`, {
      hint: truth.leftOut.length > 0 ? `Left out: ${truth.leftOut.join(', ')}.` : 'See the messages above.',
    });
  }
  const scores = await scoreFile(results, truth, profile, problems, signal);
  const told = problems.report();
  const { leftOut } = truth;
  const report = makeReport(scores, { profile, groundTruth: gt, results, leftOut, problems: told, resamples, seed });
  process.stdout.write(reportTable(report));
  let failed = told.total;
  let comparison: HtmlParts['against'] = null;
  if (against) {
    const otherProblems = collectProblems();
    const others = await scoreFile(against, truth, profile, otherProblems, signal);
    const differences = compareScores(scores, others, { profile, resamples, seed });
    comparison = { name: against, differences };
    process.stdout.write(`\n${differenceTable(differences, against)}`);
    failed += otherProblems.report().total;
    tellProblems(otherProblems.report());
  }
  if (out) await writeAtomic(out, `${JSON.stringify({ ...report, against: comparison })}\n`);
  if (html) {
    const photos = collectProblems();
    const { worst, best } = extremes(report, shownEach);
    const again = openResults(results, truth, collectProblems(), signal);
    const folder = values.images ?? ((await stat(gt)).isDirectory() ? gt : dirname(gt));
    const pictures = await drawAnswers([...worst, ...best], truth, again, folder, photos);
    const parts = { worst: shownLines(worst, pictures), best: shownLines(best, pictures), against: comparison };
    await writeAtomic(html, htmlReport(report, parts));
    tellProblems(photos.report());
  }
  for (const text of leftOut) say(`Not evaluated: ${text}.`);
  tellProblems(told);
  return failed > 0 ? 1 : 0;
}

/** Answers of the page, of the worst and of the best. */
const shownEach = 20;

async function scoreFile(
  file: string,
  truth: GroundTruth,
  profile: IouProfile,
  problems: Problems,
  signal: AbortSignal,
): Promise<QueryScore[]> {
  const progress = progressLine();
  try {
    const onProgress = (done: number, total: number) => progress.update(`${done} of ${total} scored`);
    return await scoreResults(truth, openResults(file, truth, problems, signal), {
      profile,
      problems,
      signal,
      onProgress,
    });
  } finally {
    progress.end();
  }
}
