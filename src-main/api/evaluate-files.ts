/** @file Opening what an evaluation is given: which kind of file it is, and the ground truth or results in it. */
import { readFile, stat } from 'node:fs/promises';
import type { RequestLine } from '../contract/batch.ts';
import { AppError } from '../contract/errors.ts';
import { readImageInfo } from '../engine/image/decode.ts';
import type { GroundTruth } from '../evaluate/asked.ts';
import { askedOfQueries, askedOfRequests, parseRequest } from '../evaluate/ground-truth-coco.ts';
import { askedOfReasonSeg } from '../evaluate/ground-truth-reasonseg.ts';
import type { Problems } from '../evaluate/problems.ts';
import type { RawResult } from '../evaluate/result.ts';
import {
  answersOfFile,
  type CocoResult,
  readCocoResults,
  resultsOfAnswers,
  resultsOfDetections,
  resultsOfLines,
} from '../evaluate/results.ts';
import { readLines } from '../files/lines.ts';
import { type CocoFile, readCoco } from '../formats/coco/read.ts';
import { readReasonSeg } from '../formats/reasonseg/read.ts';
import { openProject } from '../store/project.ts';
import { answersOfProject } from './evaluate-answers.ts';
import { cocoSource } from './export-source.ts';

/** Queries with answers, or, for a COCO file without queries, its categories to be evaluated as COCO does. */
export type OpenedTruth =
  | { readonly kind: 'queries'; readonly truth: GroundTruth }
  | { readonly kind: 'coco'; readonly file: CocoFile };

/** @throws AppError not-found, bad-request. */
export async function openTruth(
  path: string,
  requests: string | undefined,
  problems: Problems,
  signal: AbortSignal,
): Promise<OpenedTruth> {
  const tell = (problem: string) => problems.tell('ground-truth', problem);
  if (await isFolder(path)) {
    const sizeOf = (file: string) => readImageInfo(file);
    return { kind: 'queries', truth: await askedOfReasonSeg(await readReasonSeg(path, tell), sizeOf, tell) };
  }
  const file = await readCoco(path, tell, signal);
  if (requests !== undefined) {
    return { kind: 'queries', truth: askedOfRequests(file, await readRequests(requests, tell), tell) };
  }
  if (file.queries === null) return { kind: 'coco', file };
  return { kind: 'queries', truth: askedOfQueries(file, tell) };
}

async function readRequests(path: string, tell: (problem: string) => void): Promise<RequestLine[]> {
  await isFolder(path);
  const requests: RequestLine[] = [];
  for await (const { text, number } of readLines(path)) {
    try {
      requests.push(parseRequest(text));
    } catch (error) {
      tell(`line ${number} of ${path} is no request: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return requests;
}

/** Whether a path is a folder. @throws AppError not-found when it is nothing. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new AppError('not-found', `There is nothing at ${path}.`);
  return found.isDirectory();
}

/** Largest file that is read as one JSON value. */
const mostBytes = 400 * 2 ** 20;

/** A list of detections in COCO's form. @throws AppError bad-request when the file is something else. */
export async function openDetections(path: string, problems: Problems): Promise<CocoResult[]> {
  const values = (await isFolder(path)) ? null : await readArray(path);
  if (values) return readCocoResults(values, problems);
  throw new AppError('bad-request', `${path} is no list of COCO detections.`, {
    hint:
      'Ground truth without queries is compared with [{ image_id, category_id, segmentation, score }, ...]. ' +
      'For JSON lines, name the requests with --requests.',
  });
}

/** The values of a file that is one JSON array; null for another file. */
async function readArray(path: string): Promise<unknown[] | null> {
  if (!/\.json$/i.test(path)) return null;
  if ((await stat(path)).size > mostBytes) {
    throw new AppError('bad-request', `${path} is larger than ${mostBytes / 2 ** 20} MiB.`, {
      hint: 'Results of any size can be given as JSON lines, one for each query.',
    });
  }
  const text = await readFile(path, 'utf8');
  if (!text.trimStart().startsWith('[')) return null;
  try {
    return JSON.parse(text) as unknown[];
  } catch (cause) {
    throw new AppError('bad-request', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Results as a stream, from JSON lines, COCO detections (.json), a COCO file with queries (.json), or a project folder.
 * @throws AppError not-found, bad-request, bad-project; while reading, what the file's reader throws.
 */
export async function* openResults(
  path: string,
  { asked }: GroundTruth,
  problems: Problems,
  signal: AbortSignal,
): AsyncGenerator<RawResult> {
  if (await isFolder(path)) {
    const project = await openProject(path, { readonly: true });
    const { source, release } = await cocoSource(project);
    try {
      yield* resultsOfAnswers(answersOfProject(source), asked);
    } finally {
      release();
      await project.close();
    }
  } else if (/\.json$/i.test(path)) {
    const values = await readArray(path);
    if (values) yield* resultsOfDetections(readCocoResults(values, problems), asked);
    else {
      const file = await readCoco(path, (problem) => problems.tell('unreadable', problem), signal);
      if (!file.queries) throw new AppError('bad-request', `${path} has no queries, so it answers none.`);
      yield* resultsOfAnswers(answersOfFile(file), asked);
    }
  } else yield* resultsOfLines(readLines(path), problems);
}
