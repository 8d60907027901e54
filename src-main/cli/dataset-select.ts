/** @file `dataset select`: images of a COCO file by quotas, into a new project or only as a table. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { applySelection } from '../api/select-apply.ts';
import { readSelection, type Selection, stateFunction, toStored } from '../api/select-session.ts';
import { AppError } from '../contract/errors.ts';
import { type Choice, selectionSettingsSchema } from '../contract/selection.ts';
import { type Filled, fillSelection } from '../dataset/select-quota.ts';
import { createProject } from '../store/project.ts';
import { keepSettings, openSource, putChoices, type SelectionSource } from '../store/selection.ts';
import { type SelectOptions, selectOptions, selectSettings } from './dataset-select-options.ts';
import { parse } from './options.ts';
import { megabytes, progressLine, say } from './terminal.ts';

export const datasetSelectHelp = `dataset select --coco FILE --images DIR --out DIR   a project of images that have several instances of a class
  --per-class N        images of each class (10); --quota NAME=N for one class, repeatable
  --total N            images of all classes; without --per-class spread evenly over them
  --min-instances N    of one class on an image (2); --max-instances N
  --min-share S        smallest instance, as a share of the image (0.001); --max-share S the largest
  --max-overlap S      largest IoU of two boxes of the class; --min-overlap S
  --max-crowding N     instances that one of the class touches on average; --min-crowding N
  --max-others N       other classes on the image; --min-others N
  --class NAME         only this class, repeatable; --supercategory NAME
  --crowds             also images with a region of the class that is marked as a crowd
  --seed N             of the draw (1)
  --dry-run            the table only; --json for programs`;

export async function datasetSelect(args: string[], signal: AbortSignal): Promise<number> {
  const { values } = parse({ args, options: selectOptions });
  const { coco, images, out, json = false } = values;
  const dryRun = values['dry-run'] === true;
  if (!coco || !images || (!out && !dryRun)) {
    throw new AppError('bad-request', 'dataset select needs --coco, --images, and --out or --dry-run.', {
      hint: datasetSelectHelp,
    });
  }
  if (!dryRun && (await stat(resolve(out!, 'project.sqlite')).catch(() => null))) {
    throw new AppError('bad-request', `There is a project in ${resolve(out!)} already.`, {
      hint: 'Choose another folder, or go on choosing in that project on the screen.',
    });
  }
  const selection = await read(resolve(coco), resolve(images), signal);
  const filled = fill(selection, values);
  if (json) process.stdout.write(`${JSON.stringify(summary(selection, filled))}\n`);
  else process.stdout.write(table(selection, filled));
  if (filled.picks.length === 0) {
    throw new AppError('bad-request', 'No image fits.', { hint: 'Ask for fewer instances, or for smaller ones.' });
  }
  if (dryRun) return 0;
  return make(resolve(out!), selection, filled, values, signal);
}

async function read(coco: string, photos: string, signal: AbortSignal): Promise<Selection> {
  const progress = progressLine();
  const place = (absolute: string) => ({ relative: null, absolute });
  const settings = selectionSettingsSchema.parse({});
  const source: SelectionSource = { id: 0, coco: place(coco), photos: place(photos), settings };
  try {
    return await readSelection({ folder: photos }, source, {
      signal,
      onProgress: ({ stage, done, total }) =>
        progress.update(stage === 'file' ? `${megabytes(done)} of ${megabytes(total)} read` : `${done} photos seen`),
    });
  } finally {
    progress.end();
  }
}

function fill(selection: Selection, values: SelectOptions): Filled {
  const { index, photos } = selection;
  const absent = photos.filter((photo) => photo === null).length;
  if (absent > 0) say(`${absent} of ${photos.length} images have no photo in the folder; they are left out.`);
  for (const [what, count] of Object.entries(index.skipped)) say(`${count}: ${what}`);
  return fillSelection(index, selectSettings(index, values), [], stateFunction(selection, [], new Set()));
}

async function make(
  folder: string,
  selection: Selection,
  { picks }: Filled,
  values: SelectOptions,
  signal: AbortSignal,
): Promise<number> {
  const project = await createProject(folder, { backupEveryMs: 0 });
  const progress = progressLine();
  try {
    const source = openSource(project, selection.coco, selection.folder);
    keepSettings(project.db, source.id, selectSettings(selection.index, values));
    const choices = picks.map((pick): Choice => ({ ...pick, verdict: 'keep', by: 'fill' }));
    const stored = { choices: choices.map((choice) => toStored(selection, choice)), undecided: [] };
    putChoices(project.db, source.id, stored, 'selection.fill', {});
    const kept = picks.map(({ image }) => image).sort((a, b) => a - b);
    const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number }) =>
      progress.update(
        `${stage === 'photos' ? 'reading photos' : 'reading instances'} ${Math.floor((100 * done) / total)} %`,
      );
    const { added, instances, notes } = await applySelection(project, selection, kept, {
      actor: {},
      signal,
      onProgress,
    });
    progress.end();
    for (const note of notes) say(note);
    say(`${added} images with ${instances} instances: ${folder}`);
    return added < kept.length ? 1 : 0;
  } catch (error) {
    if (signal.aborted) say(`What was read is kept in ${folder}; its selection goes on on the screen.`);
    throw error;
  } finally {
    progress.end();
    await project.close();
  }
}

function summary({ index }: Selection, { picks, classes }: Filled) {
  const named = classes.map(({ category, ...rest }) => ({ ...index.categories[category]!, ...rest }));
  const images = picks.map(({ image, category }) => {
    const { id, fileName } = index.images[image]!;
    return { id, fileName, class: index.categories[category]!.name };
  });
  return { images, classes: named };
}

/** Classes under their supercategories, with sums. */
function table({ index }: Selection, { picks, classes }: Filled): string {
  const above = (category: number) => index.categories[category]!.supercategory;
  const groups = [...new Set(classes.map(({ category }) => above(category)))];
  const line = (name: string, fit: string, wanted: string, got: string) =>
    `${name.padEnd(28)} ${fit.padStart(7)} ${wanted.padStart(7)} ${got.padStart(7)}\n`;
  let text = line('class', 'fit', 'wanted', 'chosen');
  for (const group of groups) {
    const inside = classes.filter(({ category }) => above(category) === group);
    text += line(group || '(none)', '', '', String(inside.reduce((sum, { got }) => sum + got, 0)));
    for (const { category, supply, wanted, got } of inside) {
      text += line(
        `  ${index.categories[category]!.name}`,
        String(supply),
        wanted === null ? '' : String(wanted),
        String(got),
      );
    }
  }
  const short = classes.filter(({ wanted, got }) => wanted !== null && got < wanted).length;
  const behind = short > 0 ? `; fewer than wanted of ${short} ${short === 1 ? 'class' : 'classes'}` : '';
  return `${text}${picks.length} images${behind}\n`;
}
