/**
 * @file A COCO file, ours or anybody's, into a plan of an import. Streams: in memory are the names of the photos and the
 * drafts, not the file. Sections may be missing, and may come in any order: where the annotations come before the
 * photos that they are drawn on, the file is read a second time for them.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { ImportProgress, ImportSink, Photo, PhotoRef } from '../../contract/import.ts';
import { type Entry, isEntry, type Key, keyOf, nameOf, pixelsOf, textOf } from '../import-fields.ts';
import { jsonChunks } from '../json-elements.ts';
import { annotationDraft } from './import-annotation.ts';
import { type Categories, categoriesOf } from './import-categories.ts';
import { queryDraft } from './import-query.ts';

export type CocoImportOptions = {
  /**
   * Ids of the file's images, as the file has them (numbers, or texts that are no numbers). Only these are imported, with
   * their annotations and queries; the others are counted as not chosen. Absent: all.
   */
  readonly only?: ReadonlySet<Key>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
};

/** What an image id leads to: a photo, or why there is none. */
type Listed = Photo | 'left-out' | 'not-chosen' | 'twice';

type State = {
  readonly sink: ImportSink;
  readonly options: CocoImportOptions;
  readonly refs: Map<Key, PhotoRef | 'twice' | 'not-chosen'>;
  photos: Map<Key, Listed> | null;
  readonly categories: Categories;
  /** Places of the drafts by the ids of their annotations; null for those that were left out. */
  readonly places: Map<Key, number | null>;
  readonly queries: unknown[];
  /** Annotations came first: they are read in a second round. */
  late: boolean;
};

/**
 * Fills the sink. @throws AppError bad-request for what is no COCO file; the system's error; the signal's reason.
 */
export async function importCoco(file: string, sink: ImportSink, options: CocoImportOptions = {}): Promise<void> {
  const state: State = {
    sink,
    options,
    refs: new Map(),
    photos: null,
    categories: categoriesOf(sink),
    places: new Map(),
    queries: [],
    late: false,
  };
  const sections = await readSections(file, state);
  if (!sections.has('images') || state.refs.size === 0) {
    throw new AppError('bad-request', `${basename(file)} is no COCO file: it lists no images.`, {
      hint: 'A COCO file is { "images": [...], "annotations": [...], "categories": [...] }.',
    });
  }
  const photos = photosOf(state);
  if (state.late) {
    const others = { lenient: true, skip: (key: string) => key !== 'annotations' };
    for await (const events of jsonChunks(file, options.signal, others)) {
      for (const event of events) {
        if (event.kind === 'element' && event.key === 'annotations') addAnnotation(state, photos, event.value);
      }
    }
  }
  for (const query of state.queries) addQuery(state, photos, query);
  state.categories.finish(sections.has('queries'));
  for (const section of ['annotations', 'categories']) {
    if (!sections.has(section)) sink.note(`The file has no "${section}".`);
  }
}

async function readSections(file: string, state: State): Promise<Set<string>> {
  const { options } = state;
  const total = await sizeOf(file);
  const sections = new Set<string>();
  const chunks = jsonChunks(file, options.signal, {
    lenient: true,
    skip: (key) => key === 'annotations' && state.refs.size === 0,
    onBytes: (done) => options.onProgress?.({ stage: 'read', done, total }),
  });
  for await (const events of chunks) {
    for (const event of events) {
      sections.add(event.key);
      if (event.kind === 'element') addElement(state, event.key, event.value);
      else if (event.kind === 'array' && event.key === 'annotations') state.late ||= state.refs.size === 0;
    }
  }
  return sections;
}

async function sizeOf(file: string): Promise<number> {
  const info = await stat(file).catch((cause: Error) => {
    throw new AppError('not-found', `${file} cannot be read: ${cause.message}`, { hint: 'Check the path.', cause });
  });
  if (info.isFile()) return info.size;
  throw new AppError('bad-request', `${file} is a folder; COCO is one file.`, {
    hint: 'Name the file, often instances_....json in a folder "annotations".',
  });
}

function addElement(state: State, section: string, value: unknown): void {
  if (section === 'annotations') addAnnotation(state, photosOf(state), value);
  else if (section === 'images') addImage(state, value);
  else if (section === 'categories') {
    state.sink.read('categories');
    state.categories.add(value);
  } else if (section === 'queries') {
    state.sink.read('queries');
    state.queries.push(value);
  }
}

function addImage({ sink, options, refs }: State, value: unknown): void {
  sink.read('images');
  const key = isEntry(value) ? keyOf(value['id']) : null;
  if (!isEntry(value) || key === null) {
    sink.skip('unreadable', nameOf('image', value));
    return;
  }
  if (options.only && !options.only.has(key)) {
    refs.set(key, 'not-chosen');
    sink.skip('not-chosen', nameOf('image', value));
    return;
  }
  const name = textOf(value['file_name']) ?? textOf(value['coco_url']) ?? '';
  const ref: PhotoRef = { name, width: pixelsOf(value['width']), height: pixelsOf(value['height']) };
  const known = refs.get(key);
  if (known === undefined) refs.set(key, ref);
  else if (typeof known === 'object' && known.name === name) sink.skip('twice', nameOf('image', value));
  else refs.set(key, 'twice');
}

/** Finds the photos of all images at once, the first time that one is wanted: they are all listed by then. */
function photosOf(state: State): Map<Key, Listed> {
  if (state.photos) {
    if (state.photos.size === state.refs.size) return state.photos;
  }
  const { refs, sink } = state;
  const listed = state.photos ?? new Map<Key, Listed>();
  const open = [...refs].filter(([key]) => !listed.has(key));
  const named = open.filter((entry): entry is [Key, PhotoRef] => typeof entry[1] === 'object');
  const found = sink.photos(named.map(([, ref]) => ref));
  for (const [k, [key]] of named.entries()) listed.set(key, found[k] ?? 'left-out');
  for (const [key, ref] of open) {
    if (typeof ref === 'object') continue;
    if (ref === 'twice') sink.skip('photo-twice', `image ${key}`);
    listed.set(key, ref);
  }
  state.photos = listed;
  return listed;
}

/** The photo of an entry; null, and told, where it has none. */
function photoOf(photos: ReadonlyMap<Key, Listed>, entry: Entry, what: string, sink: ImportSink): Photo | null {
  const key = keyOf(entry['image_id']);
  const listed = key === null ? undefined : photos.get(key);
  if (typeof listed === 'object') return listed;
  if (listed === 'not-chosen') sink.skip('not-chosen', nameOf(what, entry));
  else if (listed !== undefined) sink.skip('photo-left-out', nameOf(what, entry));
  else sink.skip('dangling', `${nameOf(what, entry)}: image ${JSON.stringify(entry['image_id'])?.slice(0, 100)}`);
  return null;
}

function addAnnotation({ sink, categories, places }: State, photos: Map<Key, Listed>, value: unknown): void {
  sink.read('instances');
  if (!isEntry(value)) {
    sink.skip('unreadable', nameOf('annotation', value));
    return;
  }
  const photo = photoOf(photos, value, 'annotation', sink);
  if (!photo) return;
  const key = keyOf(value['id']);
  const draft = annotationDraft(value, photo, categories.placeOf(value['category_id'], value), sink);
  const before = key === null ? undefined : places.get(key);
  if (draft && before !== undefined && before !== null) {
    const first = sink.plan.instances.at(before)!;
    const same = first.imageId === draft.imageId && first.rle.counts === draft.rle.counts;
    if (same && first.category === draft.category) {
      sink.skip('twice', nameOf('annotation', value));
      return;
    }
    sink.mend('id-twice', nameOf('annotation', value));
  }
  if (key !== null && (before ?? null) === null) places.set(key, draft ? sink.plan.instances.length : null);
  if (draft) sink.plan.instances.push(draft);
}

function addQuery({ sink, places }: State, photos: Map<Key, Listed>, value: unknown): void {
  if (!isEntry(value)) {
    sink.skip('unreadable', nameOf('query', value));
    return;
  }
  const photo = photoOf(photos, value, 'query', sink);
  const draft = photo && queryDraft(value, photo, (id) => places.get(id) ?? null, sink);
  if (draft) sink.plan.queries.push(draft);
}
