/**
 * @file YOLO segmentation as Ultralytics trains on it: images/SPLIT/NAME.jpg, labels/SPLIT/NAME.txt with a line
 * "class x1 y1 x2 y2 ..." for each instance, and data.yaml. All instances of the project are in it, whoever asks for them.
 */
import { extname } from 'node:path';
import { runsBox } from '../../contract/rle.ts';
import type { CocoCategory, Selected } from '../coco/selection.ts';
import { type ExportContext, eachAnswered, type ImageAnswers } from '../export/context.ts';
import type { FolderWriter } from '../export/folder-writer.ts';
import { loseOfInstance } from '../export/losses.ts';
import { copyPhoto, photoOf } from '../export/photos.ts';
import { yoloNames } from './file-names.ts';
import { toYoloPolygon } from './polygon.ts';
import { byCoco, byUltralytics, iouOfRuns, parseYoloLine } from './read-label.ts';

export async function writeYolo(context: ExportContext, out: FolderWriter): Promise<void> {
  const { counts, losses } = context;
  const nameOf = yoloNames();
  const splits = new Set<string>();
  const filled = { worst: 1, sum: 0 };
  let withoutCategory = false;
  for await (const answered of eachAnswered(context, 'write')) {
    const { image, instances, answers, empty, split } = answered;
    withoutCategory ||= instances.some(({ instance }) => instance.categoryId === null);
    const lines = instances.map((selected) => writeLine(context, selected, answered, filled));
    const name = nameOf(answered);
    await out.put(`labels/${name}.txt`, lines.map((line) => `${line}\n`).join(''));
    const photo = photoOf(context, image);
    if (photo !== null) await copyPhoto(context, out, `images/${name}${extname(photo).toLowerCase()}`, photo);
    if (empty.instances > 0) losses.add('no-pixel', empty.instances);
    if (answers.length > 0) losses.add('texts', answers.length);
    loseTwins(context, answered);
    splits.add(split);
    counts.images++;
    counts.annotations += instances.length;
  }
  const used = yoloCategories(context, withoutCategory);
  counts.categories = used.length;
  await out.put('data.yaml', dataYaml(used, splits));
  if (counts.annotations === 0) return;
  const [worst, mean] = [filled.worst, filled.sum / counts.annotations].map((value) => value.toFixed(3));
  const text = `Ultralytics also fills the far sides of a polygon: at the size of the photo its masks have IoU ${mean} on average, ${worst} at worst.`;
  losses.say('filled', counts.annotations, text);
}

/** Those of the project, and the default one where an instance has none. Their place in this list is their number. */
export function yoloCategories({ categories }: ExportContext, withoutCategory: boolean): readonly CocoCategory[] {
  const { list, fallback } = categories;
  return withoutCategory && !list.includes(fallback) ? [...list, fallback] : list;
}

function writeLine(
  { categories, losses, fidelity }: ExportContext,
  { instance, runs }: Selected,
  { image: { width, height } }: ImageAnswers,
  filled: { worst: number; sum: number },
): string {
  const { shares, parts, holes } = toYoloPolygon(runs, width, height);
  const line = `${categories.numberOf(instance) - 1} ${shares.join(' ')}`;
  if (parts > 1) losses.add('joined');
  if (holes > 0) losses.add('opened');
  loseOfInstance(losses, instance, true);
  const read = parseYoloLine(line, width, height)!;
  fidelity.add(iouOfRuns(byCoco(read, width, height), runs));
  const iou = iouOfRuns(byUltralytics(read, width, height), runs);
  filled.worst = Math.min(filled.worst, iou);
  filled.sum += iou;
  return line;
}

/** Ultralytics drops a line whose class and box another line of the photo has. */
function loseTwins({ losses }: ExportContext, { image, instances }: ImageAnswers): void {
  const boxes = instances.map(({ instance, runs }) => `${instance.categoryId} ${runsBox(runs, image.height)}`);
  const twins = boxes.length - new Set(boxes).size;
  if (twins > 0) losses.add('twins', twins);
}

/** Ultralytics wants both a train and a val; where the export has no such split, the other one stands for it. */
function dataYaml(categories: readonly CocoCategory[], splits: ReadonlySet<string>): string {
  const [any = 'train'] = splits;
  const wanted = [...new Set(['train', 'val', ...splits])];
  const paths = wanted.map((split) => `${split}: images/${splits.has(split) ? split : any}\n`);
  // A JSON string is one of YAML as well.
  const names = categories.map(({ name }, k) => `  ${k}: ${JSON.stringify(name)}\n`);
  return `${paths.join('')}names:\n${names.join('')}`;
}
