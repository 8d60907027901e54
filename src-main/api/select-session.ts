/**
 * @file The file that images are chosen of, as it is held in memory for the open project: read when it is first wanted,
 * dropped with the session.
 */
import { stat } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';
import type { SelectionState } from '../contract/methods-select.ts';
import { type Choice, selectionSettingsSchema } from '../contract/selection.ts';
import type { StateOf } from '../dataset/select-filter.ts';
import type { FileId, SelectIndex } from '../dataset/select-index.ts';
import type { ChosenPhoto } from '../store/add-chosen.ts';
import type { Project } from '../store/project.ts';
import { imagePath, listRoots, rootFolder } from '../store/roots.ts';
import { currentSource, listChoices, placesOf, type SelectionSource, type StoredChoice } from '../store/selection.ts';
import { all } from '../store/statements.ts';
import { findPhotos, type ReadProgress, readIndex } from './select-read.ts';
import type { Session } from './services.ts';

export type Selection = {
  readonly source: SelectionSource;
  /** Where the file and the photos are now. */
  readonly coco: string;
  readonly folder: string;
  readonly index: SelectIndex;
  /** The photo of each image; null where there is none. */
  readonly photos: readonly (ChosenPhoto | null)[];
  /** Places by the ids of the file as texts, and of the photos by their paths. */
  readonly places: { readonly images: Places; readonly categories: Places; readonly photos: Places };
};
type Places = ReadonlyMap<string, number>;
type Options = { readonly signal?: AbortSignal | undefined; readonly onProgress?: ReadProgress | undefined };

const held = new WeakMap<Session, Selection>();

/** The selection of the open project; null where it has none. @throws AppError as `readSelection`. */
export async function selectionOf(session: Session, options: Options = {}): Promise<Selection | null> {
  const source = currentSource(session.project.db);
  if (!source) return null;
  const known = held.get(session);
  if (known?.source.id === source.id) return known;
  const selection = await readSelection(session.project, source, options);
  held.set(session, selection);
  return selection;
}

/** Reads the file anew when it is next wanted. */
export const forgetSelection = (session: Session): void => void held.delete(session);

/**
 * For `serveMedia`: the photo of `pick-SOURCE-IMAGE`, a file below the folder that a person chose. Null where the
 * selection is not that one.
 */
export function photoOfSelection(session: Session, id: string): string | null {
  const [, source, image] = /^pick-(\d{1,9})-(\d{1,9})$/.exec(id) ?? [];
  const selection = held.get(session);
  if (!selection || Number(source) !== selection.source.id) return null;
  const photo = selection.photos[Number(image)];
  return photo ? imagePath(selection.folder, photo) : null;
}

/** @throws AppError not-found, bad-request for what is no COCO file, io, the signal's reason. */
export async function readSelection(
  project: Pick<Project, 'folder'>,
  source: SelectionSource,
  options: Options,
): Promise<Selection> {
  const coco = await present(placesOf(project, source.coco), 'The annotation file');
  const folder = await present(placesOf(project, source.photos), 'The folder of photos');
  const index = await readIndex(coco, options);
  const photos = await findPhotos(index, folder, options);
  const byId = (list: readonly { id: FileId }[]) => new Map(list.map(({ id }, place) => [String(id), place]));
  const places = {
    images: byId(index.images),
    categories: byId(index.categories),
    photos: new Map(photos.flatMap((photo, place) => (photo ? [[photo.path, place] as const] : []))),
  };
  return { source, coco, folder, index, photos, places };
}

async function present(places: readonly string[], what: string): Promise<string> {
  for (const place of places) if (await stat(place).catch(() => null)) return place;
  throw new AppError('not-found', `${what} ${places.at(-1)} is not there any more.`, {
    hint: 'Put it back, connect its drive, or choose another file. What was kept and dropped is not lost.',
  });
}

export const idOf = ({ index }: Selection, image: number): string => String(index.images[image]!.id);

/** Choices of images and classes that the file has, by their places in it. */
export function choicesOf(project: Pick<Project, 'db'>, { source, places }: Selection): Choice[] {
  const { images, categories } = places;
  return listChoices(project.db, source.id).flatMap(({ image, verdict, by, category }) => {
    const place = images.get(image);
    if (place === undefined) return [];
    return [{ image: place, verdict, by, category: category === null ? null : (categories.get(category) ?? null) }];
  });
}

/** @throws AppError bad-request for a place that the file does not have. */
export function toStored({ index }: Selection, { image, verdict, by, category }: Choice): StoredChoice {
  const indexed = index.images[image];
  const kind = category === null ? null : index.categories[category];
  if (!indexed || kind === undefined) throw new AppError('bad-request', `The file has no image ${image}.`);
  return { image: String(indexed.id), verdict, by, category: kind && verdict === 'keep' ? String(kind.id) : null };
}

/** Images whose photo is an image of the project already. */
export async function imagesInProject(project: Project, { folder, places }: Selection): Promise<Map<number, number>> {
  const inProject = new Map<number, number>();
  for (const root of listRoots(project.db)) {
    if ((await rootFolder(project, root)) !== folder) continue;
    const rows = all<{ id: number; path: string }>(project.db, 'SELECT id, path FROM image WHERE root_id = ?', root.id);
    for (const { id, path } of rows) {
      const place = places.photos.get(path);
      if (place !== undefined) inProject.set(place, id);
    }
  }
  return inProject;
}

export function stateFunction(
  { photos }: Selection,
  choices: readonly Choice[],
  inProject: { has(k: number): boolean },
) {
  const verdicts = new Map(choices.map(({ image, verdict }) => [image, verdict]));
  const stateOf: StateOf = (image) => {
    if (inProject.has(image)) return 'in-project';
    if (!photos[image]) return 'absent';
    const verdict = verdicts.get(image);
    return verdict === 'keep' ? 'kept' : verdict === 'drop' ? 'dropped' : 'undecided';
  };
  return stateOf;
}

/** All that a page needs to begin with. */
export async function selectionState(session: Session, options: Options = {}): Promise<SelectionState> {
  const { project } = session;
  const selection = await selectionOf(session, options);
  if (!selection) return nothing();
  const { coco, folder, index, photos } = selection;
  const { settings, id } = currentSource(project.db)!;
  return {
    source: { id, coco, photos: folder },
    images: index.images.length,
    instances: index.instances,
    absent: photos.filter((photo) => photo === null).length,
    problems: Object.entries(index.skipped).map(([what, count]) => ({ what, count })),
    categories: index.categories.map(({ name, supercategory }) => ({ name, supercategory })),
    settings,
    choices: choicesOf(project, selection),
    inProject: [...(await imagesInProject(project, selection)).keys()].sort((a, b) => a - b),
  };
}

const nothing = (): SelectionState => ({
  source: null,
  images: 0,
  instances: 0,
  absent: 0,
  problems: [],
  categories: [],
  settings: selectionSettingsSchema.parse({}),
  choices: [],
  inProject: [],
});
