/** @file What is compared with what, opened: a ground truth, a stream of results, and their names for people. */
import { basename } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { AnsweringModel, Evaluated } from '../contract/methods-evaluate.ts';
import type { GroundTruth } from '../evaluate/asked.ts';
import type { Problems } from '../evaluate/problems.ts';
import type { Place, RawResult } from '../evaluate/result.ts';
import { resultsOfAnswers } from '../evaluate/results.ts';
import type { CocoSource } from '../formats/coco/source.ts';
import { find } from '../store/records.ts';
import type { Db } from '../store/statements.ts';
import { answersOfProject } from './evaluate-answers.ts';
import { openResults, openTruth } from './evaluate-files.ts';
import { answersOfModel, truthOfProject } from './evaluate-project.ts';
import { fileOfHandle } from './folders.ts';
import type { FolderHandles } from './folders-handles.ts';

export type Side = {
  readonly truth: GroundTruth;
  /** As often as they are wanted; `only` those with these ids. */
  readonly results: (only?: ReadonlySet<string>) => AsyncIterable<RawResult>;
  readonly truthName: string;
  readonly resultsName: string;
  readonly notes: readonly string[];
  /** Where a query of the ground truth is in the project; null where only its result knows. */
  readonly placeOf: (id: string) => Place | null;
};

export type SideContext = {
  /** One snapshot for all that is read. */
  readonly db: Db;
  readonly source: CocoSource;
  readonly project: string;
  readonly folders: FolderHandles;
  readonly problems: Problems;
  readonly signal: AbortSignal;
  readonly onRead: (done: number) => void;
};

/** @throws AppError not-found for handles and files that are not there, bad-request for files of another kind. */
export async function openSide(evaluated: Evaluated, context: SideContext): Promise<Side> {
  if (evaluated.kind === 'truth') return projectAgainstFile(evaluated, context);
  const { db, source, project, problems, signal, onRead, folders } = context;
  const truth = await truthOfProject(db, source.fileName, { problems, signal, onProgress: onRead });
  if (truth.asked.size === 0) {
    throw new AppError('bad-request', 'This project has no accepted query that a model could be compared with.', {
      hint: 'Accept the masks of some queries first, or say of them that nothing matches.',
    });
  }
  const shared = { truthName: `Accepted queries of ${project}`, placeOf: (id: string) => placeOf(db, id) };
  if (evaluated.kind === 'model') {
    const answers = await answersOfModel(db, evaluated.model, truth, signal);
    return { ...shared, ...answers, resultsName: nameOfModel(evaluated.model) };
  }
  const file = await fileOfHandle(folders, evaluated.file);
  // Opened for every pass, as masks are not kept; what is wrong is told in the first one only.
  let told = false;
  const results: Side['results'] = (only) => {
    const stream = openResults(file, truth, told ? silent : problems, signal);
    told = true;
    return only ? picked(stream, only) : stream;
  };
  return { ...shared, truth, results, resultsName: basename(file), notes: [] };
}

/** How far the project is from a file of ground truth: its accepted queries are what is scored. */
async function projectAgainstFile(
  evaluated: Extract<Evaluated, { kind: 'truth' }>,
  { source, project, folders, problems, signal }: SideContext,
): Promise<Side> {
  const path = 'file' in evaluated ? await fileOfHandle(folders, evaluated.file) : folders.folderOf(evaluated.folder);
  const opened = await openTruth(path, undefined, problems, signal);
  if (opened.kind === 'coco') {
    throw new AppError('bad-request', `${basename(path)} has no queries, so it does not say what the answers are.`, {
      hint: 'Choose a COCO file with "queries", such as an export of a project, or a ReasonSeg folder.',
    });
  }
  const { truth } = opened;
  const results: Side['results'] = (only) => {
    const answers = resultsOfAnswers(answersOfProject(source), truth.asked);
    return only ? picked(answers, only) : ofTruth(answers, truth);
  };
  const names = { truthName: basename(path), resultsName: `Accepted queries of ${project}` };
  return { ...names, truth, results, notes: [], placeOf: () => null };
}

/** Without the queries that only the project has: it is no fault of a project to ask more. */
async function* ofTruth(results: AsyncIterable<RawResult>, { asked }: GroundTruth): AsyncGenerator<RawResult> {
  for await (const result of results) if (result.id !== null && asked.has(result.id)) yield result;
}

async function* picked(results: AsyncIterable<RawResult>, only: ReadonlySet<string>): AsyncGenerator<RawResult> {
  const left = new Set(only);
  for await (const result of results) {
    if (result.id !== null && left.delete(result.id)) yield result;
    if (left.size === 0) return;
  }
}

function placeOf(db: Db, id: string): Place | null {
  const query = find(db, 'query', Number(id));
  return query ? { imageId: query.imageId, queryId: query.id } : null;
}

/** A model as people read it. */
export const nameOfModel = ({ pack, reasoner, profile }: AnsweringModel): string =>
  `${reasoner === null ? pack : `${reasoner} with ${pack}`}${profile === null ? '' : `, ${profile}`}`;

const silent: Problems = { tell: () => undefined, report: () => ({ total: 0, counts: {}, first: [] }) };
