/**
 * @file Another project into a plan: what another annotator has done with copies of the same photos. Photos are the same
 * when their content is, wherever they lie there. What models proposed and nobody decided stays where it is.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import type { ImportProgress, ImportSink, Photo, PhotoRef, ProjectPhoto } from '../contract/import.ts';
import type { Query } from '../contract/records.ts';
import { listCategories } from './categories.ts';
import { projectPhotos } from './import-photos.ts';
import { instancesOf, linksOf } from './instances.ts';
import { openProject, type Project } from './project.ts';
import { pending, runsOfQuery } from './proposals.ts';
import { queriesOf } from './queries.ts';
import { reviewsOf } from './review-outcome.ts';

export type ProjectImportOptions = {
  /** The project that is imported into. */
  readonly project: Pick<Project, 'folder'>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
};

/** Photos between two turns for other work. */
const together = 50;

/**
 * @param path the project's folder, or its project.sqlite. @throws AppError bad-request for the project itself; what
 * opening the other one throws; the signal's reason.
 */
export async function importProject(path: string, sink: ImportSink, options: ProjectImportOptions): Promise<void> {
  const folder = basename(path) === 'project.sqlite' ? dirname(path) : path;
  const real = (path: string) => realpath(path).catch(() => path);
  if ((await real(folder)) === (await real(options.project.folder))) {
    throw new AppError('bad-request', 'A project cannot be imported into itself.', {
      hint: "Choose the other annotator's project.",
    });
  }
  const other = await openProject(folder, { readonly: true });
  try {
    await readProject(other, sink, options);
  } finally {
    await other.close();
  }
}

async function readProject(other: Project, sink: ImportSink, options: ProjectImportOptions): Promise<void> {
  const { db } = other;
  db.exec('BEGIN'); // one state of it, whoever works on it meanwhile
  const places = new Map<number, number>();
  for (const { id, name, supercategory } of listCategories(db)) {
    sink.read('categories');
    places.set(id, sink.plan.categories.push({ name, supercategory, order: places.size }) - 1);
  }
  const theirs = await projectPhotos(other);
  const photos = sink.photos(theirs.map(refOf));
  for (const [k, their] of theirs.entries()) {
    options.signal?.throwIfAborted();
    readPhoto(other, their, photos[k]!, places, sink);
    if (k % together === 0) await turn();
    options.onProgress?.({ stage: 'read', done: k + 1, total: theirs.length });
  }
}

const refOf = ({ whole, width, height, hash }: ProjectPhoto): PhotoRef => ({ name: whole, width, height, hash });

function readPhoto(
  { db }: Project,
  their: ProjectPhoto,
  photo: Photo | null,
  categories: ReadonlyMap<number, number>,
  sink: ImportSink,
): void {
  const instances = instancesOf(db, their.id);
  const queries = queriesOf(db, their.id);
  sink.read('images');
  sink.read('instances', instances.length);
  sink.read('queries', queries.length);
  if (!photo) {
    const lost = instances.length + queries.length;
    if (lost > 0)
      sink.skip('photo-left-out', `${instances.length} instances and ${queries.length} queries of ${their.path}`, lost);
    return;
  }
  const places = new Map<number, number>();
  for (const { id, imageId: _, categoryId, ...rest } of instances) {
    const category = categoryId === null ? null : (categories.get(categoryId) ?? null);
    places.set(id, sink.plan.instances.push({ ...rest, imageId: photo.id, category }) - 1);
  }
  for (const query of queries) {
    const waiting = pending(db, query.id).length;
    if (waiting > 0) sink.skip('waiting', `${waiting} for "${query.text}" of ${their.path}`, waiting);
    const { id, version: _, ...rest } = query;
    const links = linksOf(db, id).flatMap(({ instanceId, rank }) => {
      const instance = places.get(instanceId);
      return instance === undefined ? [] : [{ instance, rank }];
    });
    const run = runsOfQuery(db, id).at(-1);
    const model = run && links.length > 0 ? { pack: run.pack, reasoner: run.reasoner } : null;
    const reviews = reviewsOf(db, id).map(({ id: _, queryId: __, ...review }) => review);
    sink.plan.queries.push({ ...rest, imageId: photo.id, status: statusOf(query), links, model, reviews });
  }
}

/** Proposals do not come along, so nothing waits here. */
const statusOf = ({ status }: Query): Query['status'] => (status === 'proposed' ? 'draft' : status);
