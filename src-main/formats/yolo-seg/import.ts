/**
 * @file YOLO segmentation labels (Ultralytics): one NAME.txt a photo, a line an instance, `class x1 y1 x2 y2 ...` as
 * shares of the photo's width and height, with a confidence at the end where a model wrote it. Names of classes are in
 * data.yaml or classes.txt. Lines of four numbers are boxes.
 */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { ImportProgress, ImportSink, Photo } from '../../contract/import.ts';
import { rasteriseCocoRuns } from '../../mask/rasterise-coco.ts';
import { categoryNames } from '../import-categories.ts';
import { instanceDraft } from '../import-draft.ts';
import { filesBelow, folderAndFiles, readText } from '../import-files.ts';
import { namesOfList, namesOfYaml } from './names.ts';

type Options = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
};

/** Text files of such folders that are no labels. */
const others = /^(classes|obj|names|readme|notes|train|val|valid|test|trainval|requirements|license)[^/]*\.txt$/i;
const isLabelFile = (path: string) => /\.txt$/i.test(path) && !others.test(basename(path));
const isLine = /^\d+(\s+\S+){4,}$/;

/** @param path the folder, its data.yaml, or one file of labels. @throws AppError bad-request; the signal's reason. */
export async function importYoloSeg(path: string, sink: ImportSink, options: Options = {}): Promise<void> {
  const isYaml = /\.ya?ml$/i.test(path);
  const { folder, files } = await folderAndFiles(isYaml ? dirname(path) : path, /\.txt$/i, options.signal);
  const labels = files.filter(isLabelFile);
  const names = await namesOf(isYaml ? path : null, folder, options.signal);
  const placeOfName = categoryNames(sink);
  for (const name of names.values()) placeOfName(name);
  const unnamed = new Set<number>();
  const placeOf = (index: number) => {
    const name = names.get(index);
    if (name === undefined && !unnamed.has(index)) sink.mend('name-unknown', `class ${index}`);
    unnamed.add(index);
    return placeOfName(name ?? `class ${index}`);
  };
  const read: { file: string; lines: string[] }[] = [];
  for (const [k, file] of labels.entries()) {
    options.signal?.throwIfAborted();
    const text = await readText(join(folder, file));
    const lines = (text ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    if (text === null || (lines.length > 0 && !lines.some((line) => isLine.test(line)))) sink.skip('unreadable', file);
    else read.push({ file, lines });
    options.onProgress?.({ stage: 'read', done: k + 1, total: labels.length });
  }
  if (read.length === 0) {
    throw new AppError('bad-request', `${path} holds no YOLO labels.`, {
      hint: 'A label file is NAME.txt beside or in place of NAME.jpg, with lines of "class x1 y1 x2 y2 ...".',
    });
  }
  const photos = sink.photos(
    read.map(({ file }) => ({ name: '', stem: stemOf(folder, file), width: null, height: null })),
  );
  for (const [k, { file, lines }] of read.entries()) {
    sink.read('images');
    sink.read('instances', lines.length);
    const photo = photos[k];
    if (!photo) {
      if (lines.length > 0) sink.skip('photo-left-out', `${lines.length} lines of ${file}`, lines.length);
      continue;
    }
    for (const [n, line] of lines.entries()) importLine(line, `line ${n + 1} of ${file}`, photo, sink, placeOf);
  }
}

/** Labels lie in `labels` where the photos lie in `images`, else beside them. */
function stemOf(folder: string, file: string): string {
  const parts = join(folder, file)
    .replace(/\.txt$/i, '')
    .split(/[\\/]/);
  const at = parts.lastIndexOf('labels', -2);
  return (at < 0 ? parts : parts.with(at, 'images')).join('/');
}

function importLine(
  line: string,
  name: string,
  photo: Photo,
  sink: ImportSink,
  placeOf: (index: number) => number | null,
): void {
  const [index = Number.NaN, ...given] = line.split(/\s+/).map(Number);
  if (!Number.isSafeInteger(index) || index < 0 || !given.every(Number.isFinite)) {
    sink.skip('unreadable', name);
    return;
  }
  const score = given.length % 2 === 1 ? given.at(-1)! : null;
  const shares = score === null ? given : given.slice(0, -1);
  if (shares.length === 4) sink.skip('only-box', name);
  else if (shares.length < 6) sink.skip('no-mask', name);
  else if (shares.some((share) => share < -1 || share > 2)) {
    sink.skip('mask-damaged', `${name}: its coordinates are no shares of the photo`);
  } else {
    const { width, height } = photo;
    const runs = rasteriseCocoRuns([shares.map((share, k) => share * (k % 2 === 0 ? width : height))], width, height);
    const draft = instanceDraft(runs, photo, placeOf(index), { score });
    if (draft) sink.plan.instances.push(draft);
    else sink.skip('mask-empty', name);
  }
}

/** By their numbers: from the file that was named, or from the one that such folders have, also one folder up. */
async function namesOf(yaml: string | null, folder: string, signal?: AbortSignal): Promise<Map<number, string>> {
  if (yaml) return namesOfYaml((await readText(yaml)) ?? '');
  const up = dirname(folder);
  const inside = (await filesBelow(folder, /^(.*\.ya?ml|classes\.txt|obj\.names)$/i, signal)).slice(0, 100);
  const beside = (await readdir(up).catch(() => [])).filter((name) => /^(data(set)?\.ya?ml|classes\.txt)$/i.test(name));
  for (const file of [...inside.map((name) => join(folder, name)), ...beside.map((name) => join(up, name))]) {
    const text = (await readText(file).catch(() => null)) ?? '';
    const names = /\.ya?ml$/i.test(file) ? namesOfYaml(text) : namesOfList(text);
    if (names.size > 0) return names;
  }
  return new Map();
}
