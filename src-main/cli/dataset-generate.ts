/** @file `dataset generate`: a model writes queries for the images of a project, or a list of queries is read in. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadCaptions } from '../api/generate-captions.ts';
import { importList, readList } from '../api/generate-import.ts';
import type { Job } from '../api/generate-job.ts';
import { keepUnflagged } from '../api/generate-keep.ts';
import { estimate, planRequests } from '../api/generate-plan.ts';
import { endpointNamed, planJob, runJob } from '../api/generate-run.ts';
import { generationState } from '../api/generate-state.ts';
import { templatesNamed } from '../api/generate-templates.ts';
import { AppError } from '../contract/errors.ts';
import type { Estimate, Generation, GenerationSettings } from '../contract/generate.ts';
import { dataFolder } from '../engine/packs/folders.ts';
import { listGenerations, retryFailed, setGeneration } from '../store/generation-jobs.ts';
import { fileKeeper } from '../store/keeper.ts';
import { openProject, type Project } from '../store/project.ts';
import { getSetting } from '../store/settings.ts';
import {
  type GenerateValues,
  generateOptions,
  numberOption,
  priceOptions,
  settingsOf,
} from './dataset-generate-options.ts';
import { parse } from './options.ts';
import { clock, progressLine, say } from './terminal.ts';

export const datasetGenerateHelp = `dataset generate PROJECT --endpoint ID   a model writes queries; people keep or drop them on the page
  --templates NAMES    attribute, spatial, context; with -short for phrases; free; or the project's own, with commas
  --per-image N        candidates that each question asks for (3)
  --images W           unasked: those that these templates were not asked for (default) | open: without a query | all
  --classes W          main: the class with the most objects on the image (default) | each
  --min-instances N    of the class that is asked about (1)
  --captions FILE      COCO captions, kept in the project; --queries FILE reads queries, a line each: IMAGE<tab>QUERY
  --price-in P --price-out P   for a million tokens;  --max-cost M pauses before it costs more
  --parallel N (2)  --temperature T (0.8)  --seed N (1)  --max-side PIXELS (768)
  --dry-run            what it would ask and cost    --json   the result as JSON
  --resume             goes on with the job that was not finished; --retry-failed with what has failed as well
  --fresh              gives that job up and starts a new one
  --keep               candidates without any flag become draft queries at once`;

export async function datasetGenerate(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse({ args, options: generateOptions, allowPositionals: true });
  if (positionals.length !== 1) {
    throw new AppError('bad-request', positionals.length === 0 ? 'Which project?' : 'One project at a time.', {
      hint: datasetGenerateHelp,
    });
  }
  const project = await openProject(resolve(positionals[0]!), { backupEveryMs: 0, log: say });
  try {
    return await generate(project, values, signal);
  } finally {
    await project.close();
  }
}

async function generate(project: Project, values: GenerateValues, signal: AbortSignal): Promise<number> {
  const { db } = project;
  const keeper = fileKeeper(dataFolder(process.env));
  const actor = { who: getSetting(keeper, 'reviewer') };
  let ok = true;
  if (typeof values.captions === 'string') {
    const { images, captions, unknown } = await loadCaptions(db, resolve(values.captions), actor, signal);
    say(`${captions} captions of ${images} images; ${unknown} images of the file are not in the project`);
  }
  if (typeof values.queries === 'string')
    ok = await readQueries(project, resolve(values.queries), actor, values.json === true);
  const onlyFiles = values.captions !== undefined || values.queries !== undefined;
  if (onlyFiles && values.endpoint === undefined && !values.resume) return ok ? 0 : 1;

  const unfinished = listGenerations(db).find(({ state }) => state === 'running' || state === 'paused');
  if (values.resume) return runToEnd(project, resumed(project, unfinished, values), values, signal);
  if (typeof values.endpoint !== 'string') {
    throw new AppError('bad-request', 'Which model writes? --endpoint ID; "models list" shows them.', {
      hint: datasetGenerateHelp,
    });
  }
  const spec = await endpointNamed(values.endpoint, process.env);
  const settings = settingsOf(values, values.endpoint, getSetting(keeper, 'prices')[spec.model] ?? null);
  if (values['dry-run']) {
    const plan = planRequests(db, settings, templatesNamed(db, settings.templates));
    tellEstimate(estimate(db, plan, settings, { spec, model: spec.model }), values.json === true);
    return 0;
  }
  if (unfinished && values.fresh) setGeneration(db, unfinished.id, { state: 'cancelled' });
  else if (unfinished) throw notFinished(db, unfinished.id);
  return runToEnd(project, planJob(project, settings, spec, actor), values, signal);
}

function notFinished(db: Project['db'], id: number): AppError {
  const { waiting } = generationState(db, id, null);
  return new AppError('conflict', `Generation ${id} was not finished: ${waiting} questions wait.`, {
    hint: 'Add --resume to go on with it, or --fresh to give it up.',
  });
}

/** The job to go on with, with the limits that were given now. */
function resumed(
  { db }: Project,
  job: { id: number; settings: GenerationSettings } | undefined,
  values: GenerateValues,
): number {
  const again = values['retry-failed'] === true;
  const latest = job ?? (again ? listGenerations(db).find(({ state }) => state === 'done') : undefined);
  if (!latest) {
    throw new AppError('bad-request', 'There is no job to go on with.', { hint: 'Start one: leave --resume out.' });
  }
  const maxCost = numberOption(values, 'max-cost') ?? latest.settings.maxCost;
  const prices = priceOptions(values) ?? latest.settings.prices;
  const parallel = numberOption(values, 'parallel') ?? latest.settings.parallel;
  if (again) retryFailed(db, latest.id);
  setGeneration(db, latest.id, { state: 'paused', settings: { ...latest.settings, maxCost, prices, parallel } });
  return latest.id;
}

/** Asks until there is nothing left to ask. Ctrl+C waits for what is under way: it is paid for. */
async function runToEnd(project: Project, id: number, values: GenerateValues, signal: AbortSignal): Promise<number> {
  const { db } = project;
  const { settings } = generationState(db, id, null);
  const spec = await endpointNamed(settings.endpoint, process.env);
  const progress = progressLine();
  const stop = new AbortController();
  let next = 0;
  const onStep = () => {
    // Counting a long job takes a while: not after every answer.
    const started = performance.now();
    if (started < next) return;
    progress.update(progressText(generationState(db, id, 'running')));
    next = performance.now() + Math.max(200, 20 * (performance.now() - started));
  };
  const { parallel } = settings;
  const job: Job = runJob({ project, spec, key: undefined, parallel, signal: stop.signal, onStep }, id);
  const interrupt = () => {
    progress.end();
    say('Answers that are under way are waited for; once more ends it at once.');
    job.pause('It was interrupted.');
  };
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    await job.done;
  } finally {
    signal.removeEventListener('abort', interrupt);
    progress.end();
  }
  const end = generationState(db, id, null);
  const kept = values.keep ? keepUnflagged(db, id, { who: end.who }) : 0;
  tellEnd(end, kept, values.json === true);
  return end.state === 'done' && end.failed === 0 ? 0 : 1;
}

const money = (cost: number | null) => (cost === null ? '' : `, cost ${cost.toFixed(4)}`);

function progressText({
  answered,
  failed,
  waiting,
  candidates,
  inputTokens,
  outputTokens,
  cost,
  secondsLeft,
}: Generation): string {
  const left = secondsLeft === null ? '' : `, ${clock(secondsLeft)} left`;
  const tokens = `${inputTokens + outputTokens} tokens`;
  return `${answered} answered, ${failed} failed, ${waiting} wait, ${candidates} candidates, ${tokens}${money(cost)}${left}`;
}

function tellEnd(end: Generation, kept: number, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ ...end, kept })}\n`);
  for (const { reason, count } of end.failures) say(`${count} failed: ${reason}`);
  say(`${progressText({ ...end, secondsLeft: null })}${kept > 0 ? `, ${kept} kept as draft queries` : ''}`);
  if (end.state !== 'paused') return;
  if (end.reason) say(end.reason);
  say('Add --resume to go on.');
}

function tellEstimate(plan: Estimate, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(plan)}\n`);
  const { images, requests, inputTokens, outputTokens, cost, seconds, basis, leftOut } = plan;
  const time = seconds === null ? 'time is known after the first answers' : `about ${clock(seconds)}`;
  const how = basis === 'measured' ? 'as earlier answers of this model' : 'worked out from the prompts';
  say(
    `${requests} questions on ${images} images, ${inputTokens} + ${outputTokens} tokens (${how})${money(cost)}, ${time}`,
  );
  for (const each of leftOut) say(`${each.images} images left out: ${each.reason}`);
}

/** @returns whether every line was taken. */
async function readQueries({ db }: Project, file: string, actor: { who: string }, json: boolean): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new AppError('not-found', `${file} cannot be read: ${cause.message}`, { cause });
  });
  const { queries, report } = readList(db, { text, form: null, reasoningType: null });
  importList(db, queries, actor, () => undefined);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  for (const { reason, count, examples } of report.skipped) {
    say(`${count} left out: ${reason}`);
    for (const example of examples.slice(0, 3)) say(`  ${example}`);
  }
  say(`${report.read} lines, ${report.added} queries added as drafts`);
  return report.skipped.length === 0;
}
