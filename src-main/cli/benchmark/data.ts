/** @file A data set of the benchmark: its requests, its true answers, its photos, and the hashes of all three. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { hashFile } from '../../engine/packs/hash.ts';
import type { GroundTruth } from '../../evaluate/asked.ts';
import type { Problems } from '../../evaluate/problems.ts';
import { openTruth } from '../evaluate-files.ts';
import { indexRequests, type Requests, requestsOfFile, requestsOfQueries, sha256 } from './requests.ts';

export type DataSet = {
  /** As the tables name it. */
  readonly name: string;
  /** What was given: a folder, or a file of requests or queries. */
  readonly path: string;
  /** File or folder of the true answers. */
  readonly truthPath: string;
  /** Folder that the image paths of the requests start from. */
  readonly root: string;
  /** Of the requests only, in the order of the file. */
  readonly truth: GroundTruth;
  readonly requests: Requests;
  readonly photos: number;
  /** SHA-256 in hexadecimal. Of photos, and of a folder: that of the list "hash  name" of its files. */
  readonly hashes: { readonly requests: string; readonly truth: string; readonly photos: string };
};

export type DataOptions = {
  /** In place of instances.json beside the requests. */
  readonly gt?: string | undefined;
  readonly root?: string | undefined;
  /** First requests that are taken; Infinity for all. */
  readonly limit: number;
};

/**
 * @param text `PATH` or `NAME=PATH`: a folder with instances.json and requests.jsonl, a file of requests (.jsonl), a COCO
 * file with queries (.json), or a folder of ReasonSeg samples.
 * @throws AppError not-found, bad-request.
 */
export async function openData(
  text: string,
  options: DataOptions,
  problems: Problems,
  signal: AbortSignal,
): Promise<DataSet> {
  const [, given, path = text] = /^([^=/\\]+)=(.+)$/s.exec(text) ?? [];
  const files = await findFiles(path, options.gt);
  const entries = files.requests === null ? null : await indexRequests(files.requests, options.limit);
  if (entries?.length === 0) throw new AppError('bad-request', `${files.requests} holds no request.`);
  const ids = entries?.map(({ id }) => id) ?? null;
  const truth = await truthOf(files.truth, files.requests, ids, options.limit, problems, signal);
  const root = resolve(options.root ?? files.root);
  const requests = entries
    ? await requestsOfFile(files.requests!, entries, truth.asked)
    : requestsOfQueries(truth.asked.values());
  try {
    if (requests.list.length === 0) {
      const why = truth.leftOut.length > 0 ? `Left out: ${truth.leftOut.join(', ')}.` : 'See the messages above.';
      throw new AppError('bad-request', `${path} asks nothing whose true answer is known.`, { hint: why });
    }
    const images = [...new Set(requests.list.map(({ image }) => image))];
    const hashes = {
      requests: requests.sha256,
      truth: await hashOf(files.truth, signal),
      photos: await hashPhotos(root, images, signal),
    };
    const name = given ?? basename(resolve(path)).replace(/\.jsonl?$/i, '');
    return { name, path, truthPath: files.truth, root, truth, requests, photos: images.length, hashes };
  } catch (error) {
    await requests.close();
    throw error;
  }
}

type Files = { readonly requests: string | null; readonly truth: string; readonly root: string };

async function findFiles(path: string, gt: string | undefined): Promise<Files> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new AppError('not-found', `There is nothing at ${path}.`);
  const folder = found.isDirectory() ? path : dirname(path);
  const beside = gt ?? join(folder, 'instances.json');
  if (!found.isDirectory()) {
    if (!/\.json$/i.test(path)) return { requests: path, truth: await needed(beside), root: folder };
    return { requests: null, truth: path, root: folder };
  }
  const requests = join(folder, 'requests.jsonl');
  if (await isThere(requests)) return { requests, truth: await needed(beside), root: folder };
  return { requests: null, truth: (await isThere(beside)) ? beside : folder, root: folder };
}

const isThere = (path: string) => stat(path).then(Boolean, () => false);

async function needed(truth: string): Promise<string> {
  if (await isThere(truth)) return truth;
  throw new AppError('not-found', `There is no ground truth ${truth}.`, { hint: 'Say where it is with --gt.' });
}

/** The true answers of what is asked: by the file's own queries where it knows all ids, else by the requests' annotations. */
async function truthOf(
  path: string,
  requests: string | null,
  ids: readonly string[] | null,
  limit: number,
  problems: Problems,
  signal: AbortSignal,
): Promise<GroundTruth> {
  let opened = await openTruth(path, undefined, problems, signal);
  const knows =
    opened.kind === 'queries' &&
    (ids === null || ids.some((id) => opened.kind === 'queries' && opened.truth.asked.has(id)));
  if (!knows && requests !== null) opened = await openTruth(path, requests, problems, signal);
  if (opened.kind === 'coco') {
    throw new AppError('bad-request', `${path} has no queries, and there are no requests for it.`, {
      hint: 'Give a file of requests whose lines name annotation_ids, or a COCO file with queries.',
    });
  }
  const { asked, leftOut } = opened.truth;
  const wanted = ids ?? [...asked.keys()].slice(0, limit);
  const kept = wanted.flatMap((id) => {
    const query = asked.get(id);
    return query ? [[id, query] as const] : [];
  });
  const lost = wanted.length - kept.length;
  const others = asked.size - kept.length;
  const told = [
    ...(lost > 0 ? [`${lost} requests without a true answer`] : []),
    ...(others > 0 ? [`${others} queries that are not asked`] : []),
  ];
  return { asked: new Map(kept), leftOut: [...leftOut, ...told] };
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  if (!(await stat(path)).isDirectory()) return hashFile(path, { signal });
  const names = (await readdir(path)).filter((name) => /\.json$/i.test(name)).sort();
  return hashList(path, names, signal);
}

async function hashList(folder: string, names: readonly string[], signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  for (const name of names) lines.push(`${await hashFile(resolve(folder, name), { signal })}  ${name}\n`);
  return sha256(lines.join(''));
}

/** @throws AppError not-found for photos that are not there. */
async function hashPhotos(root: string, images: readonly string[], signal: AbortSignal): Promise<string> {
  const missing: string[] = [];
  for (const image of images) if (!(await isThere(resolve(root, image)))) missing.push(image);
  if (missing.length > 0) {
    const more = missing.length > 1 ? `, and ${missing.length - 1} more` : '';
    throw new AppError('not-found', `There is no photo ${resolve(root, missing[0]!)}${more}.`, {
      hint: 'Say with --root which folder the image paths start from.',
    });
  }
  return hashList(root, images, signal);
}
