/**
 * @file LabelMe: one JSON file a photo, { imagePath, imageWidth, imageHeight, shapes: [{ label, points, shape_type,
 * group_id, mask }] } (wkentaro/labelme, label_file.py). Points are in the photo's continuous pixels. Shapes of one label
 * and one group_id are the parts of one instance.
 */
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { ImportProgress, ImportSink, Photo } from '../../contract/import.ts';
import { uniteRuns } from '../../mask/boolean.ts';
import { categoryNames } from '../import-categories.ts';
import { instanceDraft } from '../import-draft.ts';
import { type Entry, isEntry, pixelsOf, textOf } from '../import-fields.ts';
import { folderAndFiles, readJson } from '../import-files.ts';
import { type DecodePng, shapeRuns } from './shape.ts';

export type LabelmeOptions = {
  /** Pixels of the PNG that a shape of type "mask" carries. */
  readonly decodePng: DecodePng;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
};

/** @throws AppError bad-request where no file is LabelMe's; the system's error; the signal's reason. */
export async function importLabelme(path: string, sink: ImportSink, options: LabelmeOptions): Promise<void> {
  const { folder, files } = await folderAndFiles(path, /\.json$/i, options.signal);
  const placeOf = categoryNames(sink);
  let own = 0;
  for (const [k, file] of files.entries()) {
    options.signal?.throwIfAborted();
    const value = await readJson(join(folder, file));
    if (isEntry(value) && Array.isArray(value['shapes'])) {
      own++;
      await importFile(folder, file, value, value['shapes'] as unknown[], sink, placeOf, options.decodePng);
    } else sink.skip('unreadable', file);
    options.onProgress?.({ stage: 'read', done: k + 1, total: files.length });
  }
  if (own > 0) return;
  throw new AppError('bad-request', `${path} holds no LabelMe files.`, {
    hint: 'A LabelMe file is { "imagePath": ..., "shapes": [...] }, one beside each photo.',
  });
}

async function importFile(
  folder: string,
  file: string,
  value: Entry,
  shapes: readonly unknown[],
  sink: ImportSink,
  placeOf: (name: string) => number | null,
  decodePng: DecodePng,
): Promise<void> {
  sink.read('images');
  sink.read('instances', shapes.length);
  const at = join(folder, file);
  const named = textOf(value['imagePath']);
  // Relative to the file, with either slash; without one, the photo is called like the file.
  const name = named === null ? '' : isAbsolute(named) ? named : join(at, '..', ...named.split(/[\\/]/));
  const size = { width: pixelsOf(value['imageWidth']), height: pixelsOf(value['imageHeight']) };
  const [photo] = sink.photos([{ name, stem: at.replace(/\.json$/i, ''), ...size }]);
  if (!photo) {
    if (shapes.length > 0) sink.skip('photo-left-out', `${shapes.length} shapes of ${file}`, shapes.length);
    return;
  }
  const groups = new Map<string, Part[]>();
  for (const [k, shape] of shapes.entries()) {
    const part = await partOf(shape, `shape ${k + 1} of ${file}`, photo, sink, decodePng);
    if (!part) continue;
    const { group, label } = part;
    const key = group === null ? `${k}` : JSON.stringify([label, group]);
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  for (const parts of groups.values()) addInstance(parts, photo, sink, placeOf);
}

const isAbsolute = (name: string): boolean => /^([a-z]:)?[\\/]|^[a-z]+:\/\//i.test(name);

type Part = {
  readonly name: string;
  readonly label: string;
  readonly group: number | string | null;
  readonly runs: Uint32Array;
  readonly attributes: Record<string, boolean | string>;
};

async function partOf(
  shape: unknown,
  name: string,
  photo: Photo,
  sink: ImportSink,
  decodePng: DecodePng,
): Promise<Part | null> {
  if (!isEntry(shape)) {
    sink.skip('unreadable', name);
    return null;
  }
  const read = await shapeRuns(shape, photo, decodePng);
  if (read.runs === null) {
    sink.skip(read.reason, read.detail === '' ? name : `${name}: ${read.detail}`);
    return null;
  }
  const { label, group_id, flags, description } = shape;
  const set = isEntry(flags) ? Object.entries(flags).filter(([, value]) => value === true) : [];
  const text = textOf(description);
  return {
    name,
    label: textOf(label) ?? '',
    group: typeof group_id === 'number' || typeof group_id === 'string' ? group_id : null,
    runs: read.runs,
    attributes: Object.fromEntries([...set.map(([flag]) => [flag, true]), ...(text ? [['description', text]] : [])]),
  };
}

function addInstance(
  parts: readonly Part[],
  photo: Photo,
  sink: ImportSink,
  placeOf: (name: string) => number | null,
): void {
  const [first, ...others] = parts as [Part, ...Part[]];
  for (const { name } of others) sink.mend('joined', name);
  const attributes = Object.assign({}, ...parts.map((part) => part.attributes)) as Part['attributes'];
  const draft = instanceDraft(uniteRuns(parts.map(({ runs }) => runs)), photo, placeOf(first.label), { attributes });
  if (draft) sink.plan.instances.push(draft);
  else sink.skip('mask-empty', first.name);
}
