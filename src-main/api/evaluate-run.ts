/**
 * @file evaluate.run: results against ground truth, through a connection of its own in one snapshot. Only numbers are kept
 * of what is scored, and others have their turn every few milliseconds.
 */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Parsed } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import type { EvaluateProgress, Evaluation } from '../contract/methods-evaluate.ts';
import { compareSteps, type Difference } from '../evaluate/compare.ts';
import { collectProblems, type Problems } from '../evaluate/problems.ts';
import { type Report, reportSteps } from '../evaluate/report.ts';
import type { RawResult } from '../evaluate/result.ts';
import { scoreResults } from '../evaluate/run.ts';
import type { QueryScore } from '../evaluate/score.ts';
import { createPauses, inTurns } from '../evaluate/steps.ts';
import { answerOfQuery } from '../store/evaluated.ts';
import { openProject } from '../store/project.ts';
import type { Db } from '../store/statements.ts';
import type { CallContext } from './dispatcher.ts';
import { differencesOf, evaluationOf, showExtremes } from './evaluate-show.ts';
import { openSide, type Side, type SideContext } from './evaluate-sides.ts';
import { cocoSource } from './export-source.ts';
import type { FolderHandles } from './folders-handles.ts';
import type { Session } from './services.ts';

export type Evaluated = { readonly evaluation: Evaluation; readonly report: Report };

type Input = Parsed<'evaluate.run'>;
type Context = CallContext<'evaluate.run'>;

/** @throws AppError as `openSide`; bad-request where nothing is left to be scored; cancelled. */
export async function evaluate(
  session: Session,
  folders: FolderHandles,
  input: Input,
  { signal, progress }: Context,
): Promise<Evaluated> {
  if (input.against && input.evaluated.kind !== 'model') {
    throw new AppError('bad-request', 'Only two models can be compared with each other.');
  }
  const project = await openProject(session.project.folder, { readonly: true });
  try {
    const { source, release } = await cocoSource(project);
    try {
      const tell = atTimes(progress);
      const name = basename(project.folder).normalize('NFC');
      const problems = collectProblems();
      const onRead = (done: number) => tell({ stage: 'read', done, total: 0 });
      const context = { db: project.db, source, project: name, folders, problems, signal, onRead };
      return await run(session.id, input, context, tell);
    } finally {
      release();
    }
  } finally {
    await project.close();
  }
}

async function run(
  session: string,
  input: Input,
  context: SideContext,
  tell: (value: EvaluateProgress) => void,
): Promise<Evaluated> {
  const { evaluated, against, metrics, resamples, seed } = input;
  const { problems, signal } = context;
  const side = await openSide(evaluated, context);
  const { scores: first, identical } = await scoreSide(side, input, problems, context, 'score', tell);
  const notes = [...side.notes];
  let scores = first;
  let other: { name: string; scores: QueryScore[] } | null = null;
  if (against) {
    const quiet = { ...context, problems: collectProblems() };
    const second = await openSide({ kind: 'model', model: against }, quiet);
    const { scores: others, identical: own } = await scoreSide(second, input, quiet.problems, quiet, 'compare', tell);
    if (own.masks > 0) {
      notes.push(`${own.masks} of ${own.of} true masks are those of ${second.resultsName}, accepted as they were.`);
    }
    const answered = new Map(others.map((score) => [score.id, score]));
    scores = first.filter(({ id }) => answered.has(id));
    other = { name: second.resultsName, scores: scores.map(({ id }) => answered.get(id)!) };
    const alone = first.length + others.length - 2 * scores.length;
    if (alone > 0)
      notes.push(`${alone.toLocaleString('en')} queries that only one of the two has answered do not count.`);
  }
  if (scores.length === 0) throw nothingToScore(input, side);
  const { leftOut } = side.truth;
  const named = { groundTruth: side.truthName, results: side.resultsName };
  const options = { profile: metrics, ...named, leftOut, problems: problems.report(), resamples, seed };
  const steps = (stage: 'intervals' | 'compare') => ({
    signal,
    onProgress: (step: { done: number; total: number }) => tell({ stage, ...step }),
  });
  const report = await inTurns(reportSteps(scores, options), steps('intervals'));
  const compared: Record<string, Difference> | null = other
    ? await inTurns(compareSteps(scores, other.scores, { profile: metrics, resamples, seed }), steps('compare'))
    : null;
  const shown = await showExtremes(report, side, signal, (done, total) => tell({ stage: 'pictures', done, total }));
  const evaluation = evaluationOf(report, {
    ...{ id: randomUUID(), session, notes, identical, shown },
    against: other && compared && { name: other.name, differences: differencesOf(compared) },
  });
  return { evaluation, report };
}

/** The scores of one side, and how many of the true masks are the model's own to the pixel. */
async function scoreSide(
  side: Side,
  { metrics, onlyAnswered, evaluated }: Input,
  problems: Problems,
  { db, signal }: SideContext,
  stage: 'score' | 'compare',
  tell: (value: EvaluateProgress) => void,
) {
  const identical = { masks: 0, of: 0 };
  const results = evaluated.kind === 'truth' ? side.results() : counted(side.results(), db, side, identical);
  const scores = await scoreResults(side.truth, inBetween(results, signal), {
    profile: metrics,
    problems: onlyAnswered ? withoutMissing(problems) : problems,
    signal,
    onProgress: (done, total) => tell({ stage, done, total }),
  });
  return { scores: onlyAnswered ? scores.filter(({ answered }) => answered) : scores, identical };
}

/** Counts true masks that a result has to the pixel: people accepted them as they were, which favours its model. */
async function* counted(
  results: AsyncIterable<RawResult>,
  db: Db,
  { truth }: Side,
  identical: { masks: number; of: number },
): AsyncGenerator<RawResult> {
  for await (const result of results) {
    if (result.id !== null && truth.asked.has(result.id)) {
      const { instances } = (result.value ?? {}) as { instances?: { segmentation?: { counts?: unknown } }[] };
      const said = new Set(Array.isArray(instances) ? instances.map((each) => each?.segmentation?.counts) : []);
      const own = answerOfQuery(db, Number(result.id));
      identical.of += own.length;
      identical.masks += own.filter(({ rle }) => said.has(rle.counts)).length;
    }
    yield result;
  }
}

async function* inBetween<T>(values: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const pause = createPauses(signal);
  for await (const value of values) {
    yield value;
    await pause();
  }
}

/** A query without an answer is no problem where only those with one are asked for. */
const withoutMissing = (problems: Problems): Problems => ({
  ...problems,
  tell: (kind, message) => (kind === 'missing' ? undefined : problems.tell(kind, message)),
});

function nothingToScore({ evaluated, against }: Input, side: Side): AppError {
  if (evaluated.kind === 'model') {
    const who = against ? 'No accepted query has an answer of both models' : 'No accepted query has an answer of it';
    return new AppError('bad-request', `${side.resultsName} cannot be evaluated. ${who}.`, {
      hint: side.notes.join(' ') || 'Ask the model, and accept what is right of its answers or mend it.',
    });
  }
  return new AppError('bad-request', `${side.resultsName} answers nothing that ${side.truthName} asks.`, {
    hint:
      evaluated.kind === 'truth'
        ? 'Queries are matched by the name of the photo and by their words.'
        : 'Results are matched by the id of the query, as "Save the queries for batch" writes it.',
  });
}

/** Ten times a second, and at the beginning of each stage. */
function atTimes(progress: (value: EvaluateProgress) => void): (value: EvaluateProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  let stage = '';
  return (value) => {
    if (value.stage === stage && performance.now() - last < 100) return;
    last = performance.now();
    stage = value.stage;
    progress(value);
  };
}
